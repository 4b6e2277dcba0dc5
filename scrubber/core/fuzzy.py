"""Fuzzy matching: how well a few typed letters fit a text, and which of its letters they are.

Every word of the query has to be found, its letters in order but not side by side. Letters that
begin a word of the text, and letters that follow each other, count most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LETTER = 16.0
_WORD_START = 10.0
_FOLLOWS = 12.0
_FIRST = 6.0
_GAP = 1.0
_LONGEST_GAP = 9.0
_REACH = 3
"""Letters that may lie between two of a query, unless the second one begins a word: letters
strewn over a text are what nobody meant."""

_LONGEST = 200
"""Characters of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a query fits (more is better), and the positions of its letters in the text."""

    score: float
    positions: tuple[int, ...]


_NOTHING = Match(0.0, ())


def match(query: str, text: str) -> Match | None:
    """The best way to find the query in the text, in any case; None if it is not there."""
    letters = [letter.lower() for letter in text[:_LONGEST]]
    starts = _word_starts(text[:_LONGEST])
    score, positions = 0.0, set[int]()
    for word in query.lower().split():
        found = _match_word(word, letters, starts)
        if found is None:
            return None
        score += found.score
        positions.update(found.positions)
    if not positions:
        return _NOTHING
    return Match(score - len(letters) * 0.02, tuple(sorted(positions)))


def rank(query: str, texts: Iterable[str]) -> list[tuple[int, Match]]:
    """The texts that fit, as (position, match): the best first, equals in their order."""
    found = [
        (at, fits) for at, text in enumerate(texts) if (fits := match(query, text)) is not None
    ]
    return sorted(found, key=lambda pair: -pair[1].score)


def _word_starts(text: str) -> list[bool]:
    before = " " + text
    return [
        letter.isalnum() and (not last.isalnum() or (letter.isupper() and last.islower()))
        for last, letter in zip(before, text, strict=False)
    ]


def _match_word(word: str, letters: list[str], starts: list[bool]) -> Match | None:
    """Best alignment of one word; for each letter of it, the best score of ending at each place."""
    scores: list[float | None] = []
    trails: list[list[int]] = []
    for number, letter in enumerate(word):
        row: list[float | None] = [None] * len(letters)
        trail = [-1] * len(letters)
        for at, candidate in enumerate(letters):
            if candidate != letter:
                continue
            reached = _FIRST * (at == 0) if number == 0 else None
            if number:
                trail[at], reached = _best_before(scores, at, starts[at])
            if reached is not None:
                row[at] = reached + _LETTER + _WORD_START * starts[at]
        scores, trails = row, [*trails, trail]
    ends = [(value, -at) for at, value in enumerate(scores) if value is not None]
    if not ends:
        return None
    score, end = max(ends)
    return Match(score, _walk_back(trails, -end))


def _best_before(scores: list[float | None], at: int, starts: bool) -> tuple[int, float | None]:
    """Where the letter before best stands, and the score so far."""
    best, place = None, -1
    for before in range(0 if starts else max(at - 1 - _REACH, 0), at):
        value = scores[before]
        if value is None:
            continue
        gap = at - before - 1
        value += _FOLLOWS if gap == 0 else -min(gap * _GAP, _LONGEST_GAP)
        if best is None or value >= best:
            best, place = value, before
    return place, best


def _walk_back(trails: list[list[int]], at: int) -> tuple[int, ...]:
    positions = []
    for trail in reversed(trails):
        positions.append(at)
        at = trail[at]
    return tuple(reversed(positions))
