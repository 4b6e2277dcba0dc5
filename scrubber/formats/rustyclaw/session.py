"""RustyClaw's session as JSON: one, a list of them, or one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats.amounts import ms_of
from scrubber.formats.conversations import ConversationFormat, Piece, fields_piece
from scrubber.formats.documents import DocumentReader
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.rustyclaw.shapes import STATUSES, message_pieces

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader

_TOLD = frozenset({"messages"})


class SessionDialect:
    """Session objects."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """A session has a key, an agent, and the time when it was made."""
        return (
            isinstance(value, dict)
            and str(value.get("key")).startswith("agent:")
            and "agentId" in value
            and "createdMs" in value
        )

    def is_message(self, value: JSON) -> bool:
        """Messages never stand alone."""
        return False

    def pieces(self, value: JSON) -> list[Piece]:
        """What is told of the session, its messages, and how it ended."""
        found, said = fields_piece(value, _TOLD), value.get("messages")
        for number, message in enumerate(said if isinstance(said, list) else []):
            found += message_pieces(message, number)
        status = value.get("status")
        if status in STATUSES[1:]:
            marks = Mark.ERROR if status in STATUSES[2:4] else Mark.NONE
            content, shown = Content((Text(str(status)),)), Visibility.UI_ONLY
            ts = _moment(value, "finishedMs")
            found.append(Piece(Kind.SESSION_END, Role.NONE, content, shown, marks, ts=ts))
        return found


def _moment(value: dict[str, Any], key: str) -> int | None:
    given = value.get(key)
    return ms_of(given / 1000) if isinstance(given, (int, float)) else None


class SessionReader(DocumentReader):
    """Reads sessions; their ids are their keys."""

    def learn(self, info: SessionInfo, value: dict[str, Any]) -> None:
        """Its key, its label, its times, and whose sub-agent it is."""
        info.native_id = str(value["key"])
        info.title = text_or_none(value.get("label")) or ""
        for key in ("createdMs", "finishedMs"):
            info.saw(_moment(value, key))
        if parent := text_or_none(value.get("parentKey")):
            info.parent_native_id, info.agent = parent, info.native_id
            info.relation = "subagent"


class RustyClaw(ConversationFormat):
    """The format of such files; RustyClaw itself only sends them about, and keeps none."""

    name = "rustyclaw"
    title = "RustyClaw session"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a session's key."""
        return 96 if any(map(self.dialect.is_conversation, sample(head))) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for sessions."""
        return SessionReader(self.dialect, path)


FORMAT = RustyClaw(SessionDialect())
