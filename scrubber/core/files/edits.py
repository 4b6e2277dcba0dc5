"""The edits of a session: each change that a call made, at its place on the timeline.

``edits_of_file`` and ``next_edit`` are what a step "next edit of the same file" needs; the window's
FILES page and its actions both use them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.files.changes import FileChange, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A change of a file by one tool call."""

    path: str
    """Made absolute by the session's folder, where that is recorded."""
    change: FileChange
    index: int
    """Of the call's event."""
    tool: str
    answered: int | None
    """Index of the call's result; None: it has none in front of the cut."""
    is_failed: bool
    """Whether the result says that it did not work: the file is as it was."""
    before: str | None = None
    """What the file held before, whole, where the source records it."""

    @property
    def target(self) -> str:
        """The file that it is from now on."""
        return self.path if self.change.target is None else self.change.target


def edits_up_to(edits: Sequence[FileEdit], index: int) -> list[FileEdit]:
    """The edits whose call is among the first ``index`` events."""
    return list(edits[: bisect_left(edits, index, key=lambda edit: edit.index)])


def by_file(edits: Iterable[FileEdit]) -> dict[str, list[FileEdit]]:
    """The edits of each file in order, under its last name; the file touched last comes last."""
    files: dict[str, list[FileEdit]] = {}
    for edit in edits:
        told = files.pop(edit.path, [])
        told.append(edit)
        name = edit.path if edit.is_failed else edit.target
        files[name] = [*files.pop(name, []), *told] if name != edit.path else told
    return files


def edits_of_file(edits: Iterable[FileEdit], path: str) -> list[int]:
    """Indices of the calls that change a file, in order; under any name that it has had."""
    for name, found in by_file(edits).items():
        if name == path or any(edit.path == path for edit in found):
            return [edit.index for edit in found]
    return []


def next_edit(edits: Sequence[FileEdit], index: int, step: int) -> int | None:
    """Where the playhead goes for the next (``step`` 1) or previous (-1) edit of the same file.

    ``index`` is the playhead's cut. "The same file" is that of the edit in front of it, or of the
    last one before that; where there is none yet, any file's. The result is a cut too, right behind
    the edit's call; None: there is no further edit.
    """
    at = bisect_left(edits, index, key=lambda edit: edit.index)
    places = edits_of_file(edits, edits[at - 1].path) if at else [edit.index for edit in edits]
    cuts = sorted({place + 1 for place in places})
    if step > 0:
        found = bisect_right(cuts, index)
        return cuts[found] if found < len(cuts) else None
    found = bisect_left(cuts, index)
    return cuts[found - 1] if found else None


def is_deleted(edits: Sequence[FileEdit]) -> bool:
    """Whether a file is gone by its last edit that worked."""
    done = [edit for edit in edits if not edit.is_failed]
    return bool(done) and done[-1].change.verb is Verb.DELETE
