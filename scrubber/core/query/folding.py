"""Texts as they are compared: without case and accents, as words.

The index, the search without an index, and the marking of matches all use this, and so agree. A
word is a run of letters and digits. Chinese and Japanese have no spaces: each of their characters
is a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
"""A word of a folded text. SQLite's tokenizer ``ascii`` finds the same: it takes every character
that is no ASCII for a letter, and folding leaves only those that are."""

_OTHER = re.compile(r"([^\x00-\x7f]+)")
_SPARSE, _SHORT = 5, 4
"""Characters a piece from which on only the runs of what is no ASCII are folded as such; and how
long one is that is likely to come again."""
_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[^\w\x00-\x7f]")
_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def fold(text: str) -> str:
    """The text as it is compared. Plain ASCII keeps its length."""
    if text.isascii():
        return text.lower()
    if len(text) <= _SHORT:
        return _folded(text)
    parts = _OTHER.split(text)
    if len(parts) * _SPARSE > len(text):
        return _fold(text)
    parts[::2] = map(str.lower, parts[::2])  # none of the rest becomes what joins with them
    parts[1::2] = [_folded(run) if len(run) <= _SHORT else _fold(run) for run in parts[1::2]]
    return "".join(parts)


def _fold(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    plain = _NO_WORD.sub(" ", unicodedata.normalize("NFC", plain))
    return _UNSPACED.sub(lambda run: f" {'  '.join(run[0])} ", plain)


_folded = lru_cache(4096)(_fold)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(WORD.findall(fold(text)))
