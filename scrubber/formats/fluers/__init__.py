"""fluers: the session files of its file adapter, ``<uuid>.json``.

Read from top to bottom: ``shapes`` (envelope and messages), this file (reading), ``writer``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content
from scrubber.core.events import Kind, Role
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.base import FoundPlace
from scrubber.formats.conversations import ConversationFormat, Piece, fields_piece
from scrubber.formats.documents import DocumentReader
from scrubber.formats.fluers.shapes import SCHEMA_VERSION, message_pieces
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader

_KNOWN = frozenset({"messages", "system_message"})
_TELLING = ("max_turns", "system_message", "metadata")


class FluersDialect:
    """Envelopes."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """An envelope has its version, its list of messages, and another field of its own."""
        return (
            isinstance(value, dict)
            and type(value.get("schema_version")) is int
            and isinstance(value.get("messages"), list)
            and any(key in value for key in _TELLING)
        )

    def is_message(self, value: JSON) -> bool:
        """Messages never stand alone."""
        return False

    def pieces(self, value: JSON) -> list[Piece]:
        """The envelope's own fields, then its messages."""
        found = fields_piece(value, _KNOWN)
        if system := value.get("system_message"):
            content = Content(blocks_of(system))
            found.append(Piece(Kind.MESSAGE, Role.SYSTEM, content, source=system))
        said = enumerate(value["messages"])
        return found + [piece for number, one in said for piece in message_pieces(one, number)]


class FluersReader(DocumentReader):
    """Reads one session; its id is the name of its file."""

    def learn(self, info: SessionInfo, value: dict[str, Any]) -> None:
        """The model; a warning if the version is another."""
        info.native_id, info.model = self.path.stem, text_or_none(value.get("model"))
        if value.get("schema_version") != SCHEMA_VERSION:
            version = value.get("schema_version")
            reason = f"schema version {version}, where {SCHEMA_VERSION} is expected"
            self.warnings.append((1, f"{reason}: fluers itself refuses it; read all the same"))


class Fluers(ConversationFormat):
    """The format of such files."""

    name = "fluers"
    title = "fluers"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at an envelope; at the beginning of one, if its list was cut off."""
        return 97 if any(map(self.dialect.is_conversation, sample(head))) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return FluersReader(self.dialect, path)

    def places(self) -> Sequence[FoundPlace]:
        """``~/.fluers/sessions``."""
        return [FoundPlace(Path.home() / ".fluers" / "sessions", "*.json")]


FORMAT = Fluers(FluersDialect())
