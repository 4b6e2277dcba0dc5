"""How the arguments of a call say what it does to files: the rules of which tables are made.

A rule gives the changes of one call; arguments that do not fit it give none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from scrubber.core.files.changes import FileChange, Hunk, Verb
from scrubber.core.files.patches import BEGIN, diff_hunks, patch_changes, search_hunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rule: TypeAlias = Callable[[dict[str, Any]], Iterator[FileChange]]


def writes(path: str, content: str, verb: Verb = Verb.WRITE) -> Rule:
    """The whole content is given."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        if name := text_of(told, path):
            yield FileChange(name, verb, content=text_of(told, content))

    return rule


def replaces(path: str, old: str, new: str, everywhere: str = "") -> Rule:
    """One stretch of text takes the place of another."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        hunk = _hunk(told, old, new, everywhere)
        if name := text_of(told, path):
            yield FileChange(name, Verb.EDIT, (hunk,) if hunk else ())

    return rule


def replaces_several(path: str, edits: str, old: str, new: str, everywhere: str = "") -> Rule:
    """A list of such replacements in one file."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        found = (_hunk(one, old, new, everywhere) for one in _list(told, edits))
        if name := text_of(told, path):
            yield FileChange(name, Verb.EDIT, tuple(hunk for hunk in found if hunk))

    return rule


def either(*rules: Rule) -> Rule:
    """The first rule that tells what was changed; else the first that names a file."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        found = [list(one(told)) for one in rules]
        whole = (changes for changes in found if any(one.is_recorded for one in changes))
        yield from next(whole, next(filter(None, found), []))

    return rule


def each(items: str, rule: Rule) -> Rule:
    """A rule for each of a list of arguments."""

    def several(told: dict[str, Any]) -> Iterator[FileChange]:
        for one in _list(told, items):
            yield from rule(one)

    return several


def patches(*keys: str) -> Rule:
    """A patch of the ``*** Begin Patch`` kind stands in one of these arguments, or in a command."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        for key in keys:
            value = told.get(key)
            words = value if isinstance(value, list) else [value]
            for word in words:
                if isinstance(word, str) and BEGIN in word:
                    yield from patch_changes(word)

    return rule


def searches(path: str, diff: str) -> Rule:
    """SEARCH/REPLACE blocks, or else a unified diff."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        words = text_of(told, diff) or ""
        if name := text_of(told, path):
            yield FileChange(name, Verb.EDIT, search_hunks(words) or diff_hunks(words))

    return rule


def inserts(path: str, text: str) -> Rule:
    """Text is added at some line; what stands around it is not told."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        words = text_of(told, text)
        if name := text_of(told, path):
            yield FileChange(name, Verb.EDIT, (Hunk("", words),) if words else ())

    return rule


def touches(*paths: str, verb: Verb = Verb.EDIT) -> Rule:
    """A file is named, and no more is told."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        if name := next(filter(None, (text_of(told, path) for path in paths)), ""):
            yield FileChange(name, verb)

    return rule


def by_command(key: str, rules: dict[str, Rule]) -> Rule:
    """One tool of several commands."""

    def rule(told: dict[str, Any]) -> Iterator[FileChange]:
        chosen = rules.get(str(told.get(key)))
        if chosen is not None:
            yield from chosen(told)

    return rule


def text_of(told: dict[str, Any], key: str) -> str | None:
    """An argument that is a text; None if it is none."""
    value = told.get(key)
    return value if isinstance(value, str) else None


def _list(told: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = told.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _hunk(told: dict[str, Any], old: str, new: str, everywhere: str) -> Hunk | None:
    before, after = text_of(told, old), text_of(told, new)
    if before is None and after is None:
        return None
    return Hunk(before or "", after or "", told.get(everywhere) is True)
