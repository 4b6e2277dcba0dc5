"""Patches that are written as text in a call: ``*** Begin Patch``, SEARCH/REPLACE, unified diffs.

The first is what Codex's ``apply_patch`` takes (and those of Copilot, Droid and OpenCode); the
second what Cline and Roo Code give to ``replace_in_file`` and ``apply_diff``. Each hunk becomes the
text that it looks for and the text that takes its place, so that no line numbers are needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.files.changes import FileChange, Hunk, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BEGIN = "*** Begin Patch"
_VERBS = {"Add": Verb.CREATE, "Update": Verb.EDIT, "Delete": Verb.DELETE}
_FILE = re.compile(r"\*\*\* (Add|Update|Delete) File: (.+)")
_MOVE = "*** Move to: "
_END = "*** End"


def patch_changes(text: str) -> Iterator[FileChange]:
    """The changes of a patch of the ``*** Begin Patch`` kind; nothing where it is none."""
    body = text[text.find(BEGIN) :] if BEGIN in text else ""
    path, verb, lines = "", Verb.EDIT, list[str]()
    for line in body.splitlines():
        found = _FILE.match(line)
        if found is None and not line.startswith(_END):
            lines.append(line)
            continue
        if path:
            yield _file(path, verb, lines)
        lines = []
        if found is None:
            return
        path, verb = found[2].strip(), _VERBS[found[1]]
    if path:
        yield _file(path, verb, lines)


def _file(path: str, verb: Verb, lines: list[str]) -> FileChange:
    if verb is Verb.CREATE:
        added = [line[1:] for line in lines if line.startswith("+")]
        return FileChange(path, verb, content="".join(f"{line}\n" for line in added))
    if verb is Verb.DELETE:
        return FileChange(path, verb)
    moved = (line.removeprefix(_MOVE).strip() for line in lines if line.startswith(_MOVE))
    target = next(moved, None)
    told = [line for line in lines if not line.startswith("*** ")]
    return FileChange(path, Verb.MOVE if target else verb, tuple(line_hunks(told)), target=target)


def line_hunks(lines: Iterable[str]) -> Iterator[Hunk]:
    """The hunks of lines that begin with ``+``, ``-`` or a space; ``@@`` begins another."""
    old: list[str] = []
    new: list[str] = []
    for line in lines:
        if line.startswith("@@"):
            yield from _hunk(old, new)
            old, new = [], []
        elif not line.startswith("\\"):
            sign, words = line[:1], line[1:]
            if sign not in "+- " or not sign:
                sign, words = " ", line  # models leave the space of a context line out
            if sign != "+":
                old.append(words)
            if sign != "-":
                new.append(words)
    yield from _hunk(old, new)


def _hunk(old: list[str], new: list[str]) -> Iterator[Hunk]:
    if old != new:
        yield Hunk("\n".join(old), "\n".join(new))


_SEARCH = re.compile(
    r"^(?:<{5,}|-{5,}) SEARCH>?[^\n]*\n(.*?)^={5,}\n(.*?)^(?:>{5,}|\+{5,}) REPLACE",
    re.MULTILINE | re.DOTALL,
)
_WHERE = re.compile(r"\A(?::start_line:[^\n]*\n|:end_line:[^\n]*\n)*(?:-{5,}\n)?")
"""What Roo Code writes in front of the text to look for."""


def search_hunks(text: str) -> tuple[Hunk, ...]:
    """The hunks of SEARCH/REPLACE blocks."""
    return tuple(
        Hunk(_WHERE.sub("", found[1]).removesuffix("\n"), found[2].removesuffix("\n"))
        for found in _SEARCH.finditer(text)
    )


def diff_hunks(text: str) -> tuple[Hunk, ...]:
    """The hunks of a unified diff of one file."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("@@")), len(lines))
    return tuple(line_hunks(lines[start:]))
