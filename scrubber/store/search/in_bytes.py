r"""Whether the bytes of records hold folded words, in a fraction of what folding them costs.

A word of ASCII stands there as it is but for its case, as a rule. What may stand for a letter of
it otherwise is rare: one with an accent, an accent by itself, a ligature, an escape of JSON. Only
around such places the bytes are decoded, spelled out and folded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.query.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BACKSLASHES = 8
_ESCAPED = re.compile(rf"\\{{1,{_BACKSLASHES}}}u([0-9a-fA-F]{{4}})")
"""With two backslashes where the JSON is itself a string of JSON, as the arguments of calls are,
with four within that, and so on."""

# All characters that are no ASCII, but of which folding leaves ASCII, or nothing: U+00C0…U+0233,
# U+0300…U+036F, U+1E00…U+1EFF, U+212A, U+212B, U+FB00…U+FB06. Escapes: of these, and of ASCII.
_MARK = 0xC3
_FIRST = {*range(0xC3, 0xC9), 0xCC, 0xCD, 0xE1}
_MARKING = bytes(_MARK if n in _FIRST else n for n in range(256)).lower()
"""To lower case, and one mark for the first byte of most: to look for a byte costs nothing."""
_PATTERNS = (
    (b"\xc3", re.compile(rb"\xc3")),
    (b"\x84", re.compile(rb"\xe2\x84[\xaa\xab]")),
    (b"\xef", re.compile(rb"\xef\xac[\x80-\x86]")),
    (b"\\", re.compile(rb"\\u(?:003\d|00[4-7c-f]|0[12]|03[0-6]|1e|212|fb0)")),
)
"""A byte without which nothing is there: to look for one costs a sixth; and what is looked for."""
_LONGEST = len(r"\u0000")


def holds_all(data: bytes, words: Sequence[str]) -> bool:
    """Whether some JSON in UTF-8 holds all of some folded words, also within longer ones."""
    low = data.translate(_MARKING)
    missing = [word for word in words if word.encode() not in (low if word.isascii() else data)]
    if not missing:
        return True
    if not all(word.isascii() for word in missing):
        return _all_in(missing, _folded(data))
    places = _hiding_places(low)
    return all(_is_hidden(word, data, places) for word in missing)


def _all_in(words: Sequence[str], folded: str) -> bool:
    return all(word in folded for word in words)


def _hiding_places(low: bytes) -> list[int]:
    """Where something begins that may stand for a letter."""
    patterns = [pattern for byte, pattern in _PATTERNS if byte in low]
    return sorted(found.start() for pattern in patterns for found in pattern.finditer(low))


def _is_hidden(word: str, data: bytes, places: list[int]) -> bool:
    return any(word in _folded(piece) for piece in _pieces(data, places, len(word)))


def _pieces(data: bytes, places: list[int], width: int) -> Iterator[bytes]:
    """What is around some places, as far as a word can go on with plain letters; neighbours are
    one piece."""
    start = stop = 0
    for place in places:
        if (begin := place - _BACKSLASHES - width) > stop:
            yield data[start:stop]
            start = begin
        stop = place + _LONGEST + width
    yield data[max(start, 0) : stop]


def _folded(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return fold(text)
