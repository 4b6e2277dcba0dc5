"""One conversation of a file while its events are derived: its title, its calls without an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Draft, Mark, mark_of, one_line
from scrubber.core.kinds import ASSISTANT, MESSAGE, TOOL_CALL, TOOL_RESULT, USER
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.core.session import SessionInfo
    from scrubber.formats.conversations import Piece

_TITLE_LENGTH = 90
_IMAGE = int(Mark.IMAGE)


class ConversationLog:
    """Makes events of the pieces of one conversation."""

    def __init__(self, key: str, info: SessionInfo, suffix: str = "", title: str = "") -> None:
        """``title`` is that of a conversation which this one branches off; else a message's."""
        self._key = key
        self._info = info
        self._suffix = f" · {suffix}" if suffix else ""
        self.title = title
        """What it is called, without the suffix."""
        self._has_title = bool(title)
        if title:
            info.title = title + self._suffix
        self._record = 0
        self._calls = 0
        self._open: list[str] = []
        self._is_answered = False

    def next_record(self, number: int | None = None) -> None:
        """Tell of another record, so that the parts of its messages are no other's.

        ``number`` tells records apart that are in several logs, of which one goes on from another.
        """
        self._record = self._record + 1 if number is None else number

    def enter(self, part: int, piece: Piece) -> Draft:
        """The event of a piece, the record's part with this number."""
        text, size = _preview(piece)
        self._info.saw(piece.ts)
        if piece.kind is MESSAGE and text and not self._has_title:
            self._has_title = piece.role is USER
            if self._has_title or not self._info.title:
                self.title = one_line(text, _TITLE_LENGTH)
                self._info.title = self.title + self._suffix
        is_part = piece.role is ASSISTANT and piece.message >= 0
        return Draft(
            piece.kind,
            text,
            piece.role,
            piece.visibility,
            ts=piece.ts,
            usage=piece.usage,
            marks=mark_of(int(piece.marks) | _IMAGE) if piece.content.images else piece.marks,
            name=piece.name,
            call_id=self._call_id(piece),
            group_id=f"{self._record or ''}m{piece.message}" if is_part else None,
            size=size,
            log=self._key,
            part=part,
        )

    def _call_id(self, piece: Piece) -> str | None:
        """The call's id; where the dialect has none, results answer calls in their order.

        Calls that the model has gone on from are answered no more: some dialects give one result
        for several of them.
        """
        if self._is_answered and piece.role is ASSISTANT:
            self._open.clear()
            self._is_answered = False
        if piece.kind is TOOL_CALL:
            self._calls += 1
            name = piece.call_id or f"call-{self._calls}"
            self._open.append(name)
            return name
        if piece.kind is TOOL_RESULT:
            answered = piece.call_id or next(iter(self._open), None)
            if answered in self._open:
                self._open.remove(answered)
            self._is_answered = True
            return answered
        return piece.call_id


def _preview(piece: Piece) -> tuple[str, int]:
    """The text of an event for lists, and the size of its content."""
    content = piece.content
    text = content.text
    if piece.kind is TOOL_CALL:
        size = len(orjson.dumps(content.arguments, option=orjson.OPT_NON_STR_KEYS))
        return one_line(telling_argument(content.arguments)), size
    if text:
        return one_line(text), len(text)
    if content.images:
        return "[image]", 0
    if piece.name == "tools" and isinstance(piece.source, list):
        names = ", ".join(filter(None, map(_tool_name, piece.source)))
        return one_line(f"{len(piece.source)} tools: {names}"), len(orjson.dumps(piece.source))
    data = orjson.dumps([getattr(block, "value", None) for block in content.blocks])
    return one_line(data[1:-1].decode()) if content.blocks else "", len(data) - 2


def _tool_name(tool: JSON) -> str:
    inner = tool.get("function", tool) if isinstance(tool, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else ""
