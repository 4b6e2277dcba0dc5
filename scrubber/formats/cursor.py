"""Cursor: the transcripts of its agent, as it writes them for hooks and for other agents.

A line is ``{"role", "message": {"content": [blocks]}}``; the blocks are those of Anthropic's API,
but calls have no ids, and as a rule no results. There are no times.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Draft, Kind, Mark, Role, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.anthropic import message_pieces
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import Object, ObjectLinesReader, piece_content
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece, draft_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE_LENGTH = 90
_QUERY = re.compile(r"</?user_query>")
_BLOCKS = {"tool_call": "tool_use", "tool-call": "tool_use", "tool-result": "tool_result"}
"""Other names for the same blocks."""


def pieces_of(record: Object) -> list[Piece]:
    """The pieces of a line, at least one; what nobody knows gives an unknown piece."""
    message, role = record.get("message"), record.get("role")
    if isinstance(message, dict) and isinstance(role, str) and "content" in message:
        said = {"role": role, "content": _blocks(message["content"])}
        found = [
            Piece(p.kind, p.role, p.visibility, p.content, p.marks, p.name, p.call_id)
            for p in message_pieces(said)
        ]
        if found:
            return found
    kind = str(record.get("type"))
    if kind == "turn_ended":
        failed = record.get("status") not in ("success", None)
        told = Content((Text(str(record.get("status") or kind)),), detail=record)
        marks = Mark.ERROR if failed else Mark.NONE
        return [Piece(Kind.TURN_END, Role.NONE, HIDDEN, told, marks)]
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Text(kind),), detail=record))]


def _blocks(content: JSON) -> JSON:
    if not isinstance(content, list):
        return content
    return [
        block | {"type": _BLOCKS.get(str(block.get("type")), block.get("type"))}
        if isinstance(block, dict)
        else block
        for block in content
    ]


class CursorReader(ObjectLinesReader):
    """Reads one transcript, or that of a sub-agent."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._calls = 0
        self._messages = 0
        self._open: list[str] = []
        self._has_title = False
        info = self.infos[""] = SessionInfo(native_id=path.stem)
        if path.parent.name == "subagents":
            info.relation, info.agent = "subagent", path.stem
            info.parent_native_id = path.parent.parent.name

    def tell(self, record: Object) -> list[Draft]:
        """The events of a line."""
        self._messages += 1
        drafts = []
        for part, piece in enumerate(pieces_of(record)):
            draft = draft_of(part, piece, piece.block, f"m{self._messages}")
            draft.call_id = self._call_id(draft)
            self._entitle(draft)
            drafts.append(draft)
        return drafts

    def _call_id(self, draft: Draft) -> str | None:
        """A call's number; results answer calls in their order, whatever they are named."""
        if draft.kind is Kind.TOOL_CALL:
            self._calls += 1
            name = draft.call_id or f"call-{self._calls}"
            self._open.append(name)
            return name
        if draft.kind is not Kind.TOOL_RESULT:
            return draft.call_id
        if draft.call_id in self._open:
            self._open.remove(draft.call_id)
            return draft.call_id
        return self._open.pop(0) if self._open else draft.call_id

    def _entitle(self, draft: Draft) -> None:
        is_prompt = draft.kind is Kind.MESSAGE and draft.role is Role.USER
        if is_prompt and not self._has_title:
            text = _QUERY.sub("", draft.text).strip()
            self.infos[""].title, self._has_title = one_line(text, _TITLE_LENGTH), bool(text)


class Cursor:
    """The format of the transcripts of Cursor's agent."""

    name = "cursor"
    title = "Cursor"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at lines of a role and a message, and nothing that other agents put around them."""
        return max(map(_likeness, first_values(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a transcript."""
        return CursorReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a line; a damaged line's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """``~/.cursor/projects/*/agent-transcripts``."""
        return [FoundPlace(Path.home() / ".cursor" / "projects", "*/agent-transcripts/**/*.jsonl")]


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict) or not isinstance(value.get("message"), dict):
        return 0
    is_bare = "type" not in value and "uuid" not in value and "id" not in value
    has_content = isinstance(value["message"].get("content"), list)
    return 80 if is_bare and has_content and value.get("role") in ("user", "assistant") else 0


FORMAT = Cursor()
