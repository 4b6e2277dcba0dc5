"""A record of OpenCode, a message with its parts as a rule: one piece for each event it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.formats.opencode.parts import (
    error_text,
    number,
    part_pieces,
    piece_content,
    state_of,
    usage_of,
)
from scrubber.formats.pieces import SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Record = dict[str, Any]

ABOUT_RECORD, ABOUT_REVERT = -1, -2
"""Part numbers of events that are about a record, not in it."""


class Told(NamedTuple):
    """An event of a message."""

    piece: Piece
    content: Content
    ts: int | None = None
    step: int = 0
    """Which call of a model it belongs to: older messages hold several."""
    usage: Usage | None = None


def is_message(record: JSON) -> bool:
    """Whether a value is a message with its parts."""
    if not isinstance(record, dict) or not isinstance(record.get("parts"), list):
        return False
    return isinstance(record.get("info"), dict) and "role" in record["info"]


def told_of(record: Record) -> list[Told]:
    """The events of a message in order."""
    return list(_told(record["info"], record["parts"]))


def _told(info: Record, parts: list[JSON]) -> Iterator[Told]:
    role = Role.ASSISTANT if info.get("role") == "assistant" else Role.USER
    created, step, has_bill = moment(info.get("time"), "created"), 0, False
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else None
        step += kind == "step-start"
        usage = usage_of(part) if kind == "step-finish" else None
        has_bill = has_bill or usage is not None
        for piece in part_pieces(part, role):
            ts = _time_of(part, piece.kind) or created
            yield Told(piece, piece_content(piece), ts, step, usage)
    if info.get("error"):
        ended = moment(info.get("time"), "completed") or created
        piece = Piece(Kind.ERROR, Role.NONE, SHOWN, info["error"], Mark.ERROR)
        text = error_text(info["error"])
        yield Told(piece, Content((Text(text),), detail=info["error"]), ended, step)
    if role is Role.ASSISTANT and not has_bill and (usage := usage_of(info)) is not None:
        piece = Piece(Kind.USAGE, Role.NONE, SHOWN, info)
        yield Told(piece, Content((), detail=info.get("tokens")), created, step, usage)


def _time_of(part: JSON, kind: Kind) -> int | None:
    if not isinstance(part, dict):
        return None
    time = state_of(part).get("time") or part.get("time")
    return moment(time, "end" if kind is Kind.TOOL_RESULT else "start")


def moment(time: JSON, key: str) -> int | None:
    """Milliseconds since 1970, if that is what stands there."""
    value = number(time.get(key)) if isinstance(time, dict) else None
    return int(value) if value else None
