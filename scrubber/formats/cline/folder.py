"""The files of a task as one stream of records, in the order in which things happened.

``api_conversation_history.json`` is what the model was sent and said; ``ui_messages.json`` what the
window showed. A record is ``{"cline": "task" | "api" | "ui", …}``, one JSON object a line. What the
window showed stands behind the API message that it names (``conversationHistoryIndex``), or that is
older than it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.json_stream import ValueReader
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.content import JSON

API = "api_conversation_history.json"
UI = "ui_messages.json"
FACTS = {"history": "history_item.json", "metadata": "task_metadata.json"}
BESIDE = (UI, *FACTS.values())

Record = dict[str, Any]


def records(path: Path, problems: list[str]) -> Iterator[bytes]:
    """The records of the task whose API messages are at ``path``, one a line."""
    facts = {key: _load(path.with_name(name), problems) for key, name in FACTS.items()}
    yield _line({"cline": "task", "id": path.parent.name, **facts})
    for record in _merged(_items(path, "api", problems), _shown(path.with_name(UI), problems)):
        yield _line(record)


def _line(record: Record) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS) + b"\n"


def _load(path: Path, problems: list[str]) -> JSON:
    """The value of a small file, None if it is not there or cannot be read."""
    try:
        return loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, orjson.JSONDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return None


def _shown(path: Path, problems: list[str]) -> Iterator[Record]:
    if path.is_file():
        yield from _items(path, "ui", problems)


def _items(path: Path, kind: str, problems: list[str]) -> Iterator[Record]:
    """The elements of a list in a file; of what is damaged, its text."""
    with path.open("rb") as stream:
        reader = ValueReader(in_array=True, accepts=lambda value: isinstance(value, dict))
        number = 0
        for line in reader.read(stream):
            if line.problem is not None:
                problems.append(f"{path.name}, line {line.number}: {line.problem}")
                yield {"cline": kind, "damaged": line.raw.decode(errors="replace")}
            elif line.value is not None:
                yield {"cline": kind, "index": number, "message": line.value}
                number += 1
        if reader.pending.strip():
            problems.append(f"{path.name} ends within an element")
            yield {"cline": kind, "damaged": reader.pending.decode(errors="replace")}


def _merged(said: Iterator[Record], shown: Iterator[Record]) -> Iterator[Record]:
    """Both lists in one order; API messages get the time at which the window told of them."""
    waiting = next(said, None)
    for item in shown:
        told = _message(item)
        while waiting is not None and _is_before(waiting, told):
            yield _timed(waiting, told.get("ts"))
            waiting = next(said, None)
        yield item
    while waiting is not None:
        yield waiting
        waiting = next(said, None)


def _message(record: Record) -> Record:
    message = record.get("message")
    return message if isinstance(message, dict) else {}


def _is_before(said: Record, told: Record) -> bool:
    """Whether an API message was there when the window told of something."""
    index, ts = told.get("conversationHistoryIndex"), _message(said).get("ts")
    if isinstance(index, int):
        return int(said.get("index", 0)) <= index
    return isinstance(ts, int) and isinstance(told.get("ts"), int) and ts <= told["ts"]


def _timed(said: Record, ts: JSON) -> Record:
    return said | {"ts": ts} if isinstance(ts, int) and "ts" not in _message(said) else said
