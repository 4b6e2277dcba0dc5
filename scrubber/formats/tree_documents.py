"""What readers of files that are one object with long lists in it share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Mark
from scrubber.formats.base import Reading
from scrubber.formats.conversations import ABOUT_RECORD
from scrubber.formats.json_tree import Part, TreeReader
from scrubber.formats.pieces import damaged_draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.session import SessionInfo
    from scrubber.formats.json_tree import TreePath


class TreeDocumentReader(ABC):
    """Reads such a file part by part; each format derives the events of a part."""

    def __init__(self) -> None:
        self._parts = TreeReader(self.opens, self.accepts)
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """The rest of a file that was cut off."""
        return self._parts.pending

    @abstractmethod
    def opens(self, path: TreePath) -> bool:
        """Whether the list or object at a path is taken apart."""

    @abstractmethod
    def accepts(self, value: JSON) -> bool:
        """Whether a value behind damage is one of the file's own elements."""

    @abstractmethod
    def derive(self, part: Part) -> list[Draft]:
        """The events of a part that has a value."""

    @abstractmethod
    def other(self, part: Part, draft: Draft) -> Draft:
        """Put the event of a part that could not be read where it belongs."""

    def finish(self) -> None:  # noqa: B027  # most formats have nothing to do there
        """Complete the infos once all parts were seen."""

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in file order."""
        for part in self._parts.parts(stream):
            yield Reading(part.raw, self._drafts(part))
        if self.pending:
            self.warnings.append((-1, "the file ends within a record; what is there of it is kept"))
        self.finish()

    def _drafts(self, part: Part) -> list[Draft]:
        if part.problem is not None:
            self.warnings.append((part.number, part.problem))
            return [self.unknown(part, Mark.DAMAGED)]
        return self.derive(part) if part.value is not None else []

    def unknown(self, part: Part, marks: Mark = Mark.NONE) -> Draft:
        """The event of a part that is damaged, or of an unknown shape."""
        draft = damaged_draft(part.raw.strip(b", \t\r\n"))
        draft.marks, draft.part = marks, ABOUT_RECORD
        return self.other(part, draft)
