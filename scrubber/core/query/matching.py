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


class Finder:
    """Finds a phrase in folded texts.

    Its first word is looked for as it stands, which is many times as quick as a pattern, and what
    is around and behind it compared only there.
    """

    def __init__(self, phrase: Phrase) -> None:
        between = r"[\W_]+".join(re.escape(word) for word in phrase.words)
        end = "" if phrase.is_open else r"(?![^\W_])"
        self._first = phrase.words[0]
        self._pattern = re.compile(rf"(?<![^\W_]){between}{end}")

    def spans(self, folded: str) -> Iterator[Span]:
        """Where it stands, in order and apart from each other."""
        at = folded.find(self._first)
        while at >= 0:
            found = self._pattern.match(folded, at)
            if found is not None:
                yield found.span()
            at = folded.find(self._first, found.end() if found else at + 1)

    def first(self, folded: str) -> Span | None:
        """Where it stands first; None where it does not."""
        return next(self.spans(folded), None)


class Matcher:
    """Compares texts with the phrases of one query."""

    def __init__(self, query: Query) -> None:
        self._wanted = [Finder(phrase) for phrase in query.wanted]
        self._unwanted = [Finder(phrase) for phrase in query.unwanted]

    def fits(self, text: str) -> bool:
        """Whether a text holds all that is wanted and nothing that is not."""
        folded = fold(text)
        return all(one.first(folded) for one in self._wanted) and not any(
            one.first(folded) for one in self._unwanted
        )

    def first(self, text: str) -> Span | None:
        """Where the first of the wanted phrases stands; None where there is none."""
        if text.isascii():
            return self._first(text.lower())
        for start in range(0, len(text), _PIECE - _OVERLAP):
            folded, places = fold_with_places(text[start : start + _PIECE])
            if found := self._first(folded):
                return places[found[0]] + start, places[found[1] - 1] + 1 + start
        return None

    def marks(self, text: str) -> tuple[Span, ...]:
        """All places of wanted phrases in a short text, in order and apart from each other."""
        if text.isascii():
            return joined(self._spans(text.lower()))
        folded, places = fold_with_places(text)
        return joined((places[start], places[stop - 1] + 1) for start, stop in self._spans(folded))

    def _first(self, folded: str) -> Span | None:
        return min(filter(None, (one.first(folded) for one in self._wanted)), default=None)

    def _spans(self, folded: str) -> Iterator[Span]:
        for finder in self._wanted:
            yield from finder.spans(folded)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and of each of its characters the place in the text it comes from."""
    pieces, places = [], list[int]()
    for run in _RUN.finditer(text):
        piece, start = fold(run[0]), run.start()
        pieces.append(piece)
        places += [start] * len(piece) if run[1] else range(start, run.end())
    return "".join(pieces), places


_RUN = re.compile(r"[\x00-\x7f]+|([^\x00-\x7f])")
"""Characters that keep their length when they are folded, or one that may not."""


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
