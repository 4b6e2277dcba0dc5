"""Two texts against each other: which words are only on one side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.compare.matching import subsequence

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 60_000
"""Of each text that are compared; what comes behind is taken for one word."""
_MOST_WORDS = 4_000
"""Of a stretch of lines that is compared word by word."""
_KINSHIP = 0.3
"""The part of their words that two stretches share at least, or else they are simply different."""

_LEAD = 40
"""Characters in front of the first change in a snippet, for its surroundings to be seen."""

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Span(NamedTuple):
    """A piece of a text, and whether the other text lacks it."""

    text: str
    changed: bool


class Marked(NamedTuple):
    """Both texts in pieces; joined, the pieces are the text."""

    one: list[Span]
    other: list[Span]


def marked(one: str, other: str) -> Marked:
    """Compare line by line, and lines that were replaced word by word."""
    if one == other:
        return Marked([Span(one, False)] if one else [], [Span(other, False)] if other else [])
    mine, theirs = _lines(one), _lines(other)
    left, right = _Spans(), _Spans()
    a = b = 0
    for a_next, b_next in [*_pairs(mine, theirs), (len(mine), len(theirs))]:
        _mark_words("".join(mine[a:a_next]), "".join(theirs[b:b_next]), left, right)
        if a_next < len(mine):
            left.add(mine[a_next], False)
            right.add(theirs[b_next], False)
        a, b = a_next + 1, b_next + 1
    return Marked(left.spans, right.spans)


def _lines(text: str) -> list[str]:
    lines = text[:MOST_CHARACTERS].splitlines(keepends=True)
    rest = text[MOST_CHARACTERS:]
    return [*lines, rest] if rest else lines


def _pairs(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common subsequence; what is alike at the ends is no work for it."""
    start, most = 0, min(len(mine), len(theirs))
    while start < most and mine[start] == theirs[start]:
        start += 1
    end = 0
    while end < most - start and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    a_stop, b_stop = len(mine) - end, len(theirs) - end
    middle = subsequence(
        [hash(line) for line in mine[start:a_stop]], [hash(line) for line in theirs[start:b_stop]]
    )
    return [
        *((n, n) for n in range(start)),
        *((a + start, b + start) for a, b in middle),
        *zip(range(a_stop, len(mine)), range(b_stop, len(theirs)), strict=True),
    ]


class _Spans:
    """Pieces, joined where neighbours are of one sort."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def add(self, text: str, changed: bool) -> None:
        if not text:
            return
        if self.spans and self.spans[-1].changed == changed:
            text = self.spans.pop().text + text
        self.spans.append(Span(text, changed))


def _mark_words(one: str, other: str, left: _Spans, right: _Spans) -> None:
    mine, theirs = _WORD.findall(one), _WORD.findall(other)
    pairs: list[tuple[int, int]] = []
    if 0 < len(mine) <= _MOST_WORDS and 0 < len(theirs) <= _MOST_WORDS:
        pairs = _pairs(mine, theirs)
    if not pairs or not _are_kin(mine, theirs, pairs):
        left.add(one, True)
        right.add(other, True)
        return
    pairs = _without_bridges(mine, theirs, pairs)
    for words, kept, spans in (
        (mine, {a for a, _ in pairs}, left),
        (theirs, {b for _, b in pairs}, right),
    ):
        for at, word in enumerate(words):
            spans.add(word, at not in kept)


def _are_kin(mine: Sequence[str], theirs: Sequence[str], pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether what two stretches share is more than some words that all texts have."""
    shared = sum(not mine[a].isspace() for a, _ in pairs)
    words = max(sum(not word.isspace() for word in side) for side in (mine, theirs))
    return shared >= _KINSHIP * words


def _without_bridges(
    mine: Sequence[str], theirs: Sequence[str], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The pairs but for blanks that stand, on either side, between two changed words."""
    ours, others = {a for a, _ in pairs}, {b for _, b in pairs}
    return [
        (a, b) for a, b in pairs if not (_is_bridge(mine, a, ours) or _is_bridge(theirs, b, others))
    ]


def _is_bridge(words: Sequence[str], at: int, kept: set[int]) -> bool:
    return words[at].isspace() and 0 < at < len(words) - 1 and not {at - 1, at + 1} & kept


def counterpart(texts: Sequence[str | None], at: int) -> str | None:
    """What one of several texts is compared with: the first that is another; None: all agree."""
    return next((text for text in texts if text is not None and text != texts[at]), None)


def snippet(spans: Sequence[Span], length: int) -> list[Span]:
    """The stretch around the first change, on so many characters at most, ``…`` where it is cut."""
    first = _first_change(spans)
    before = "".join(span.text for span in spans[:first])
    if first == len(spans):
        return [Span(_cut(before, length), False)] if before else []
    lead = before if len(before) <= _LEAD else "…" + before[-_LEAD:]
    found, room = [Span(lead, False)] if lead else [], length - len(lead)
    for span in spans[first:]:
        if room <= 0:
            break
        text = _cut(span.text, room)
        found.append(Span(text, span.changed))
        room -= len(text)
    return found


def _first_change(spans: Sequence[Span]) -> int:
    """Where something is changed that can be seen, else where only blanks are."""
    changed = [n for n, span in enumerate(spans) if span.changed]
    seen = (n for n in changed if not spans[n].text.isspace())
    return next(seen, changed[0] if changed else len(spans))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(length - 1, 0)] + "…"
