"""Says what the Agents SDK itself gives a model: the items of one session a line, as JSON.

Runs in .venv/readers: told.py FILE SESSION FILE SESSION…
"""

import asyncio
import json
import sys

from agents import SQLiteSession  # type: ignore[import-not-found]  # only in .venv/readers

for path, session in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    print(json.dumps(asyncio.run(SQLiteSession(session, path).get_items())))
