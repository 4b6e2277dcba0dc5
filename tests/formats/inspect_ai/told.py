"""Says what Inspect itself reads in logs: a JSON object a sample. Runs in .venv/readers."""

import json
import sys

from inspect_ai.log import (  # type: ignore[import-not-found]  # only in .venv/readers
    read_eval_log,
)

for path in sys.argv[1:]:
    for sample in read_eval_log(path, resolve_attachments=True).samples or ():
        said = [(message.role, message.text) for message in sample.messages]
        print(json.dumps({"path": path, "id": sample.id, "epoch": sample.epoch, "messages": said}))
