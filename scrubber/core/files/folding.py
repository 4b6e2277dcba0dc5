"""The changes of one file folded into one: what it was, and what the edits have made of it.

Where a source records what a file held, the edits are carried out on that. Where it does not, each
edit tells at least the stretch that it replaced; a later edit within such a stretch is carried out
on it, so that what was changed to and fro shows only as what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import unified_diff
from typing import TYPE_CHECKING

from scrubber.core.files.changes import Verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.files.changes import Hunk
    from scrubber.core.files.edits import FileEdit

MOST_DIFFED = 400_000
"""Characters of a stretch up to which its lines are compared."""


@dataclass(slots=True)
class Stretch:
    """A part of the file, or all of it, before and after the edits."""

    before: str
    after: str
    index: int
    """Of the first edit that touches it."""
    is_whole: bool = False


@dataclass(slots=True)
class Folded:
    """What the edits of one file come to."""

    stretches: list[Stretch] = field(default_factory=list)
    untold: int = 0
    """Edits that do not tell what they changed."""
    is_former_known: bool = True
    """False: the file was written anew, and what it held before is not recorded."""

    @property
    def is_exact(self) -> bool:
        """Whether this is all that changed between the file as it was and as it is."""
        whole = all(stretch.is_whole for stretch in self.stretches)
        return whole and self.is_former_known and not self.untold

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff without its header, a stretch after the other."""
        for stretch in self.stretches:
            yield from _diff(stretch)


def fold(edits: Sequence[FileEdit]) -> Folded:
    """Fold the edits of one file that worked, in order."""
    folded = Folded()
    for edit in edits:
        if not edit.is_failed:
            _apply(folded, edit)
    folded.stretches = [one for one in folded.stretches if one.before != one.after]
    return folded


def _apply(folded: Folded, edit: FileEdit) -> None:
    change = edit.change
    whole = _whole(folded)
    if whole is None and edit.before is not None:
        whole = _learn(folded, edit.before, edit.index)
    if change.content is not None:
        _write(folded, whole, change.content, edit)
    elif change.verb is Verb.DELETE:
        _write(folded, whole, "", edit)
    elif not change.hunks and change.target is None:
        folded.untold += 1
    for hunk in change.hunks:
        _replace(folded, whole, hunk, edit.index)


def _whole(folded: Folded) -> Stretch | None:
    return next((one for one in folded.stretches if one.is_whole), None)


def _learn(folded: Folded, now: str, index: int) -> Stretch:
    """The file as a later edit found it: take back what the stretches before have changed."""
    before = now
    for stretch in reversed(folded.stretches):
        if stretch.after and stretch.after in before:
            before = before.replace(stretch.after, stretch.before, 1)
    first = folded.stretches[0].index if folded.stretches else index
    folded.stretches = [Stretch(before, now, first, is_whole=True)]
    return folded.stretches[0]


def _write(folded: Folded, whole: Stretch | None, content: str, edit: FileEdit) -> None:
    if whole is not None:
        whole.after = content
        return
    if edit.change.verb is not Verb.CREATE:
        folded.is_former_known = False
    first = folded.stretches[0].index if folded.stretches else edit.index
    folded.stretches = [Stretch("", content, first, is_whole=True)]


def _replace(folded: Folded, whole: Stretch | None, hunk: Hunk, index: int) -> None:
    """Carry a hunk out where its text is known, or else take note of it as a new stretch."""
    if whole is not None and not hunk.old:
        whole.after = hunk.new if not whole.after else _added(whole.after, hunk.new)
        return
    for stretch in reversed(folded.stretches):
        if hunk.old and hunk.old in stretch.after:
            often = -1 if hunk.everywhere else 1
            stretch.after = stretch.after.replace(hunk.old, hunk.new, often)
            return
    folded.stretches.append(Stretch(hunk.old, hunk.new, index))


def _added(text: str, more: str) -> str:
    return f"{text}{'' if text.endswith(chr(10)) else chr(10)}{more}"


def _diff(stretch: Stretch) -> Iterator[str]:
    if len(stretch.before) + len(stretch.after) > MOST_DIFFED:
        yield "@@ too long to be compared line by line @@"
        return
    before, after = stretch.before.splitlines(), stretch.after.splitlines()
    lines = unified_diff(before, after, lineterm="", n=3)
    for number, line in enumerate(lines):
        if number > 1:  # behind the two lines that name the files
            yield line if stretch.is_whole or not line.startswith("@@") else "@@"
