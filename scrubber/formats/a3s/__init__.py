"""a3s-code: the session files of its file store, ``<id>.json``.

Read from top to bottom: ``shapes`` (the object and its messages), ``dialect`` (the object to
events), this file (reading), ``writer``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.a3s.dialect import A3sDialect
from scrubber.formats.amounts import ms_of
from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.documents import DocumentReader, part_of
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader


class A3sReader(DocumentReader):
    """Reads one session; its id stands in it."""

    def learn(self, info: SessionInfo, value: dict[str, Any]) -> None:
        """Its name, folder, model, times; a session with a parent is a sub-agent."""
        config = part_of(value, "config")
        info.native_id = text_or_none(value.get("id")) or self.path.stem
        info.title = text_or_none(config.get("name")) or ""
        info.cwd = text_or_none(config.get("workspace"))
        info.model = text_or_none(part_of(value, "llm_config").get("model"))
        for key in ("created_at", "updated_at"):
            info.saw(ms_of(value.get(key)))
        if parent := text_or_none(config.get("parent_id")):
            info.parent_native_id, info.agent = parent, info.native_id
            info.relation = "subagent"


class A3s(ConversationFormat):
    """The format of such files. Where they are, each program decides itself."""

    name = "a3s"
    title = "a3s-code"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the object of a session; also if its messages were cut off."""
        return 97 if any(map(self.dialect.is_conversation, sample(head))) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for a session file."""
        return A3sReader(self.dialect, path)


FORMAT = A3s(A3sDialect())
