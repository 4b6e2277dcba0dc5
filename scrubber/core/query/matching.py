"""Whether a text holds the phrases of a query, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.query.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.query.query import Phrase, Query

_PIECE, _OVERLAP = 4_000, 400
"""Characters of a text that is no ASCII that are compared at a time, for marking."""

Span = tuple[int, int]
"""First character, and the one behind the last."""


def pattern_of(phrase: Phrase) -> re.Pattern[str]:
    """What finds a phrase in a folded text."""
    between = r"[\W_]+".join(re.escape(word) for word in phrase.words)
    return re.compile(rf"(?<![^\W_]){between}" + ("" if phrase.is_open else r"(?![^\W_])"))


class Matcher:
    """Compares texts with the phrases of one query."""

    def __init__(self, query: Query) -> None:
        self._wanted = [pattern_of(phrase) for phrase in query.wanted]
        self._unwanted = [pattern_of(phrase) for phrase in query.unwanted]

    def fits(self, text: str) -> bool:
        """Whether a text holds all that is wanted and nothing that is not."""
        folded = fold(text)
        return all(one.search(folded) for one in self._wanted) and not any(
            one.search(folded) for one in self._unwanted
        )

    def first(self, text: str) -> Span | None:
        """Where the first of the wanted phrases stands; None where there is none."""
        if text.isascii():
            return min(self._spans(text.lower()), default=None)
        for start in range(0, len(text), _PIECE - _OVERLAP):
            found = self.marks(text[start : start + _PIECE])
            if found:
                return found[0][0] + start, found[0][1] + start
        return None

    def marks(self, text: str) -> tuple[Span, ...]:
        """All places of wanted phrases in a short text, in order and apart from each other."""
        if text.isascii():
            return joined(self._spans(text.lower()))
        folded, places = fold_with_places(text)
        return joined((places[start], places[stop - 1] + 1) for start, stop in self._spans(folded))

    def _spans(self, folded: str) -> Iterator[Span]:
        for pattern in self._wanted:
            for found in pattern.finditer(folded):
                yield found.span()


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and of each of its characters the place in the text it comes from."""
    pieces, places = [], list[int]()
    for place, character in enumerate(text):
        piece = fold(character)
        pieces.append(piece)
        places += [place] * len(piece)
    return "".join(pieces), places


def joined(spans: Iterator[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap as one."""
    result: list[Span] = []
    for start, stop in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of a text around a match; ``marks`` are the characters that match."""

    text: str
    marks: tuple[Span, ...] = ()


def snippet(text: str, matcher: Matcher, length: int = 160) -> Snippet:
    """The text around its first match, on one line; its beginning where nothing matches."""
    first = matcher.first(text)
    start = max(first[0] - length // 5, 0) if first else 0
    if start:  # not in the middle of a word, if there is a gap near
        gap = text.find(" ", start, first[0] if first else start)
        start = gap + 1 if gap >= 0 else start
    cut = " ".join(text[start : start + length * 2].split())
    is_cut = len(cut) > length or len(text) > start + length * 2
    line = ("…" if start else "") + cut[:length] + ("…" if is_cut else "")
    return Snippet(line, matcher.marks(line))
