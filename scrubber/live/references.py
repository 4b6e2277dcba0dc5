"""Values that name a secret instead of holding it: ``${NAME}``, ``${NAME:-default}``.

The same as in ``.mcp.json``; ``${env:NAME}``, as editors write it, is understood too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scrubber.core.errors import BadArgumentError, ScrubberError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Lookup: TypeAlias = "Callable[[str], str | None]"
"""Gives the value of a name; None if it has none."""

_REFERENCE = re.compile(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class MissingValueError(ScrubberError):
    """A reference leads nowhere; the message names it, as does ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not set")
        self.name = name


def expand(text: str, lookup: Lookup) -> str:
    """The text with each reference replaced by its value; a MissingValueError if one has none."""

    def value(found: re.Match[str]) -> str:
        known = lookup(found[1])
        if known is None and found[2] is None:
            raise MissingValueError(found[1])
        return known if known is not None else found[2]

    return _REFERENCE.sub(value, text)


def expand_all(values: Mapping[str, str], lookup: Lookup) -> dict[str, str]:
    """The same for the values of a mapping."""
    return {key: expand(value, lookup) for key, value in values.items()}


def check_name(name: str) -> None:
    """A BadArgumentError if no reference can have this name."""
    if ":" in name or not _REFERENCE.fullmatch(f"${{{name}}}"):
        raise BadArgumentError(f"{name!r} is no name: use letters, digits and _, as GITHUB_TOKEN")


def references(texts: Iterable[str]) -> list[str]:
    """The names that texts refer to, each once, in their order."""
    return list(dict.fromkeys(found[1] for text in texts for found in _REFERENCE.finditer(text)))
