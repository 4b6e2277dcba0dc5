"""JSON as agents write it, read into values that can be written again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_DEEPEST = 200
"""Brackets within brackets; orjson reads 1,024 of them, but writes no more than 254."""

_ESCAPE = re.compile(
    rb"\\(?:u[dD](?:[89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]|([89a-fA-F]))[0-9a-fA-F]{2}|.)",
    re.DOTALL,
)
"""An escape in a string; the group matches in half of a pair of surrogates."""


def loads(data: bytes) -> JSON:
    r"""The value of a JSON text; an orjson.JSONDecodeError says why it has none.

    Half a pair of surrogates (``\ud83d``) becomes U+FFFD: JavaScript writes it where a text was
    cut within an emoji. What is nested too deeply to be written again counts as no JSON.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        whole = _ESCAPE.sub(_mended, data) if b"\\ud" in data or b"\\uD" in data else data
        if whole == data:
            raise
        value = orjson.loads(whole)
    if len(data) > 2 * _DEEPEST and _is_deep(value, _DEEPEST):
        raise orjson.JSONDecodeError(f"nested deeper than {_DEEPEST} levels", "", 0)
    return value


def _mended(escape: re.Match[bytes]) -> bytes:
    return escape[0] if escape[1] is None else b"\\ufffd"


def _is_deep(value: JSON, levels: int) -> bool:
    """Whether there are more than so many values within each other.

    To walk through the few values of a record takes less time than to look at all its characters.
    """
    if type(value) not in _HOLDERS:
        return False
    if levels == 0:
        return True
    for inner in value.values() if type(value) is dict else value:
        if type(inner) in _HOLDERS and _is_deep(inner, levels - 1):
            return True
    return False


_HOLDERS = frozenset({dict, list})
