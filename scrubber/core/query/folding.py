"""Texts as they are compared: without case and accents, as words.

The index, the search without an index, and the marking of matches all use this, and so agree. A
word is a run of letters and digits. Chinese and Japanese have no spaces: each of their characters
is a word.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
"""A word of a folded text. SQLite's tokenizer ``ascii`` finds the same: it takes every character
that is no ASCII for a letter, and folding leaves only those that are."""

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
        return _known(text).decode()
    if len(text.encode(errors="replace")) - len(text) > len(text) // _SPARSE:
        return _fold(text).decode()
    return text.encode("ascii", _OTHERS).lower().decode()


def _fold_others(error: UnicodeError) -> tuple[bytes, int]:
    """For the encoder, which asks what to do about each run of what is no ASCII, and finds them
    ten times as quickly as a pattern. None of what a run becomes joins with ASCII around it."""
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    return (_known(run) if len(run) <= _SHORT else _fold(run)), error.end


def _fold(run: str) -> bytes:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", run.casefold()))
    plain = _NO_WORD.sub(" ", unicodedata.normalize("NFC", plain))
    return _UNSPACED.sub(lambda cjk: f" {'  '.join(cjk[0])} ", plain).encode()


_SPARSE, _SHORT = 8, 12
_known = lru_cache(4096)(_fold)
_OTHERS = "scrubber.fold"
codecs.register_error(_OTHERS, _fold_others)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(WORD.findall(fold(text)))
