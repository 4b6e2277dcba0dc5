"""What a line of a thread's log tells, and what the thread's metadata do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.core.survey import KEEP
from scrubber.formats.amounts import ms_of
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.openai_messages import call_piece, text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]

META = "meta"
"""The kind of the line that stands for the metadata beside the log."""

_ROLES = {"User": Role.USER, "Assistant": Role.ASSISTANT, "System": Role.SYSTEM, "Tool": Role.TOOL}
_ENDINGS = {"Completed": Mark.NONE, "Failed": Mark.ERROR, "Cancelled": Mark.NONE}


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a line, at least one."""
    kind = record.get("kind")
    if kind == "message" and (role := _ROLES.get(str(record.get("role")))) is not None:
        return list(_message(record, role))
    if kind == "turn_started":
        return [Piece(Kind.TURN_START, Role.NONE, HIDDEN, Content((Text("turn"),)))]
    if kind == "turn_ended":
        failed = record.get("ok") is False
        content = Content((Text("failed" if failed else "ok"),), detail=record)
        marks = Mark.ERROR if failed else Mark.NONE
        return [Piece(Kind.TURN_END, Role.NONE, SHOWN if failed else HIDDEN, content, marks)]
    if kind == META:
        return list(_metadata(record.get(META)))
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(record),)))]


def _message(record: Record, role: Role) -> Iterator[Piece]:
    detail = {key: record[key] for key in ("id", "media") if record.get(key)} or None
    said = Content(blocks_of(record.get("content")), detail=detail)
    if role is Role.TOOL:
        call = text_or_none(record.get("tool_call_id"))
        yield Piece(Kind.TOOL_RESULT, role, SEEN, said, call_id=call)
        return
    if role is not Role.ASSISTANT:
        yield Piece(Kind.MESSAGE, role, SEEN, said)
        return
    thought = text_or_none(record.get("reasoning"))
    if thought:
        yield Piece(Kind.REASONING, role, SEEN, Content((Text(thought),)))
    given = record.get("tool_calls")
    calls = given if isinstance(given, list) else []
    if said.blocks or not (calls or thought):
        yield Piece(Kind.MESSAGE, role, SEEN, said)
    for call in calls:
        told = call_piece(call)
        yield Piece(Kind.TOOL_CALL, role, SEEN, told.content, name=told.name, call_id=told.call_id)


def _metadata(meta: JSON) -> Iterator[Piece]:
    """The thread as it stands: a summary that was made of its beginning, its result, its end."""
    if not isinstance(meta, dict):
        yield Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(meta),)))
        return
    if summary := text_or_none(meta.get("compact_summary")):
        told = Content((Text(f"covers {meta.get('compacted_up_to')} messages"),))
        yield Piece(Kind.COMPACTION, Role.NONE, SHOWN, told, name=KEEP)
        yield Piece(Kind.COMPACTION, Role.SYSTEM, SEEN, Content((Text(summary),)))
    label = text_or_none(meta.get("label")) or "thread"
    yield Piece(Kind.STATE, Role.NONE, HIDDEN, Content((Text(label),), detail=meta))
    name, given = _status(meta.get("status"))
    if name in _ENDINGS:
        told_end = next((v for v in given.values() if isinstance(v, str)), meta.get("result"))
        text = f"{name}: {told_end}" if told_end else name
        yield Piece(Kind.SESSION_END, Role.NONE, SHOWN, Content((Text(text),)), _ENDINGS[name])


def _status(value: JSON) -> tuple[str, Record]:
    """A status as serde writes it: its name, or its name with what it holds."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, held),) = value.items()
        return str(name), held if isinstance(held, dict) else {}
    return str(value), {}


def time_of(value: JSON) -> int | None:
    """Milliseconds of a system time of Rust."""
    if not isinstance(value, dict):
        return None
    seconds, nanos = value.get("secs_since_epoch"), value.get("nanos_since_epoch")
    if type(seconds) is not int:
        return None
    return ms_of(seconds + (nanos / 1e9 if type(nanos) is int and 0 <= nanos < 10**9 else 0))
