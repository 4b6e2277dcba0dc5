"""A query as a value: words that an event must hold, and conditions on what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scrubber.core.errors import BadArgumentError
from scrubber.core.track import Lane


class Field(StrEnum):
    """What a condition is about, as it is written in front of the colon."""

    KIND = "kind"
    ROLE = "role"
    LANE = "lane"
    TOOL = "tool"
    MODEL = "model"
    SESSION = "session"
    ORIGIN = "origin"
    LABEL = "label"
    NOTE = "note"
    IS = "is"
    BEFORE = "before"
    AFTER = "after"
    IN = "in"


STATES = ("error", "bookmarked", "noted", "hidden")
"""What an event can be, for ``is:``."""

LANES = tuple(lane.name.lower() for lane in Lane)
"""The rows of the timeline, for ``lane:``."""

PLACES = ("root", "branch", "subagent")
"""Where an event can have been said, for ``in:``: a branch is what a fork has added."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that follow each other; a single word is a phrase of one."""

    words: tuple[str, ...]
    is_open: bool = False
    """Whether the last word may go on: ``redir`` finds *redirect*."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """An event fits if one of the values does; with ``negated``, if none does.

    Kinds, roles and origins are their numbers, times milliseconds since 1970, the rest is text,
    in lower case.
    """

    field: Field
    values: tuple[int | str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All phrases and all conditions must hold. An empty query fits everything."""

    phrases: tuple[Phrase, ...] = ()
    conditions: tuple[Condition, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.phrases or self.conditions)

    @property
    def wanted(self) -> tuple[Phrase, ...]:
        """The phrases that an event must hold."""
        return tuple(phrase for phrase in self.phrases if not phrase.negated)

    @property
    def unwanted(self) -> tuple[Phrase, ...]:
        """The phrases that it must not hold."""
        return tuple(phrase for phrase in self.phrases if phrase.negated)

    @property
    def has_phrases(self) -> bool:
        """Whether words must, or must not, follow each other."""
        return any(len(phrase.words) > 1 for phrase in self.phrases)

    @property
    def asks_for_hidden(self) -> bool:
        """Whether hidden events are wanted, which are left out otherwise."""
        return any(c.field is Field.IS and "hidden" in c.values for c in self.conditions)


class QueryError(BadArgumentError):
    """A query that makes no sense; ``start`` and ``stop`` are the characters that are at fault."""

    def __init__(self, reason: str, start: int, stop: int) -> None:
        super().__init__(f"at character {start + 1}: {reason}")
        self.reason, self.start, self.stop = reason, start, stop
