"""Files that are one JSON object: some facts, and a list of messages in their midst.

The session files of fluers, a3s-code, RustyClaw and harn are such; ``document_writing`` has what
their writers share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind
from scrubber.formats.conversation_reader import ConversationReader

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.formats.conversations import Dialect, Piece

Object = dict[str, Any]


class DocumentReader(ConversationReader):
    """Reads such a file; what the object says of its session is for each format to ``learn``."""

    def __init__(self, dialect: Dialect, path: Path) -> None:
        super().__init__(dialect)
        self.path = path

    def _info(self, key: str, value: JSON) -> SessionInfo:
        is_new = key not in self.infos
        info = super()._info(key, None)
        if is_new and isinstance(value, dict):
            self.learn(info, value)
            if key and info.native_id in {i.native_id for k, i in self.infos.items() if k != key}:
                info.native_id = None  # several in one file, which go by the file's name
        return info

    def _title(self, key: str) -> str:
        """The name that the object gives the session; empty: what is said first tells it."""
        return self.infos[key].title

    def _conversation(self, pieces: list[Piece], value: JSON) -> list[Draft]:
        """A summary stands for what is gone from the file, not for what is in front of it."""
        drafts = super()._conversation(pieces, value)
        for place, draft in enumerate(drafts):
            if draft.kind is Kind.COMPACTION:
                draft.ref = place
        return drafts

    def learn(self, info: SessionInfo, value: Object) -> None:
        """Take what an object says of its session."""
        raise NotImplementedError


def part_of(value: Object, key: str) -> Object:
    """The object that stands in another under a key; an empty one if none does."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}
