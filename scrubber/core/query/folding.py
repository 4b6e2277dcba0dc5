"""Texts as they are compared: without case and accents, as words.

The index, the search without an index, and the marking of matches all use this, and so agree. A
word is a run of letters and digits. Chinese and Japanese have no spaces: each of their characters
is a word.
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
"""A word of a folded text. SQLite's tokenizer ``ascii`` finds the same: it takes every character
that is no ASCII for a letter, and folding leaves only those that are."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[^\w\x00-\x7f]")
_UNSPACED = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """The text as it is compared. Plain ASCII keeps its length."""
    if text.isascii():
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    plain = _NO_WORD.sub(" ", unicodedata.normalize("NFC", plain))
    return _UNSPACED.sub(r" \g<0> ", plain)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(WORD.findall(fold(text)))
