"""Values that name a secret instead of holding it: ``${NAME}``, ``${NAME:-default}``.

The same as in ``.mcp.json``; ``${env:NAME}``, as editors write it, is understood too.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, TypeAlias

from scrubber.core.errors import ScrubberError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Lookup: TypeAlias = "Callable[[str], str | None]"
"""Gives the value of a name; None if it has none."""

_REFERENCE = re.compile(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class MissingValueError(ScrubberError):
    """A reference leads nowhere; the message names it, never a value."""


def expand(text: str, lookup: Lookup = os.environ.get) -> str:
    """The text with each reference replaced by its value; a MissingValueError if one has none."""

    def value(found: re.Match[str]) -> str:
        known = lookup(found[1])
        if known is None and found[2] is None:
            raise MissingValueError(f"{found[1]} is not set")
        return known if known is not None else found[2]

    return _REFERENCE.sub(value, text)


def expand_all(values: Mapping[str, str], lookup: Lookup = os.environ.get) -> dict[str, str]:
    """The same for the values of a mapping."""
    return {key: expand(value, lookup) for key, value in values.items()}


def references(texts: Iterable[str]) -> list[str]:
    """The names that texts refer to, each once, in their order."""
    return list(dict.fromkeys(found[1] for text in texts for found in _REFERENCE.finditer(text)))
