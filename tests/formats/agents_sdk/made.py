"""Makes a database with branches as the Agents SDK itself does: made.py FILE, in .venv/readers.

Says what the SDK reads of each branch: ``[branch, its items]`` a line, as JSON.
"""

import asyncio
import json
import sys

from agents.extensions.memory import (  # type: ignore[import-not-found]  # only in .venv/readers
    AdvancedSQLiteSession,
)


def turn(number: int, word: str) -> list[dict[str, object]]:
    call = f"call_{word}_{number}"
    return [
        {"role": "user", "content": f"{word} {number}?"},
        {"type": "function_call", "call_id": call, "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": call, "output": f"{word} found"},
        {"role": "assistant", "content": f"{word} {number}."},
    ]


async def main() -> None:
    session = AdvancedSQLiteSession(session_id="tree", db_path=sys.argv[1], create_tables=True)
    for number in (1, 2, 3):
        await session.add_items(turn(number, "bean"))
    await session.create_branch_from_turn(2, "hoe")
    await session.add_items(turn(2, "hoe"))
    await session.create_branch_from_turn(2, "shed")
    await session.add_items(turn(2, "shed"))
    await session.switch_to_branch("main")
    await session.add_items(turn(4, "bean"))
    for branch in await session.list_branches():
        name = branch["branch_id"]
        print(json.dumps([name, await session.get_items(branch_id=name)]))


asyncio.run(main())
