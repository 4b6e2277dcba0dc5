"""The files that a session has touched, by the calls of its tools."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scrubber.api.kept import Kept
from scrubber.core.files.changes import shown
from scrubber.core.files.edits import by_file, is_deleted, next_edit
from scrubber.core.files.folding import fold
from scrubber.transfer.file_edits import EditFinder
from scrubber.transfer.kept import KeptWalk

if TYPE_CHECKING:
    from scrubber.core.files.edits import FileEdit
    from scrubber.core.files.folding import Folded
    from scrubber.core.session import Session

_REMEMBERED = 1_000
"""Files whose diffs are kept."""


@dataclass(frozen=True, slots=True)
class TouchedFile:
    """A file, and what became of it."""

    path: str
    """Absolute where the session's folder is recorded."""
    name: str
    """Relative to that folder where it lies in it."""
    edits: tuple[FileEdit, ...]
    folded: Folded
    """All of its edits as one change."""
    is_deleted: bool
    diff: tuple[str, ...]
    """Its lines, without a header."""

    @property
    def added(self) -> int:
        """Lines that were added."""
        return sum(line.startswith("+") for line in self.diff)

    @property
    def removed(self) -> int:
        """Lines that were taken away."""
        return sum(line.startswith("-") for line in self.diff)


class Files(Kept):
    """What tools did to files: only what calls tell, nothing is looked up on this machine."""

    def file_edits(self, session: str, at: int | None = None) -> list[FileEdit]:
        """The edits in front of an index (None: the end) in order."""
        found, transcript = self._look(session, at)
        slices = self.store.slices(found.id)
        index = transcript.index
        return self._edits.look(transcript, slices, lambda finder: list(finder.up_to(index)))

    def files(self, session: str, at: int | None = None) -> list[TouchedFile]:
        """The files touched in front of an index, the one touched last first."""
        found = self.store.session(session)
        files = by_file(self.file_edits(found.id, at))
        return [self._touched(found, path, files[path]) for path in reversed(files)]

    def _touched(self, session: Session, path: str, edits: list[FileEdit]) -> TouchedFile:
        """One file; nothing is compared again that was compared at the last look."""
        told = tuple((edit.index, edit.answered) for edit in edits)
        key = session.id, path, told
        touched = self._files.get(key)
        if touched is None:
            folded, name = fold(edits), shown(path, session.cwd)
            gone, diff = is_deleted(edits), tuple(folded.diff())
            touched = TouchedFile(path, name, tuple(edits), folded, gone, diff)
            self._files[key] = touched
            while len(self._files) > _REMEMBERED:
                self._files.pop(next(iter(self._files)), None)
        return touched

    def next_file_edit(self, session: str, at: int, step: int) -> int | None:
        """The index behind the next (1) or previous (-1) edit of the file that was touched last;
        see ``scrubber.core.files.edits.next_edit``."""
        return next_edit(self.file_edits(session), at, step)

    @cached_property
    def _files(self) -> dict[tuple[str, str, tuple[tuple[int, int | None], ...]], TouchedFile]:
        return {}

    @cached_property
    def _edits(self) -> KeptWalk[EditFinder]:
        return KeptWalk(EditFinder)
