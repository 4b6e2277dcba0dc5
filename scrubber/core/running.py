"""How a branch is let run on, and how that ended: plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Params:
    """What a model is asked with; None leaves a value to the provider."""

    model: str = ""
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = None
    """``low``, ``medium``, ``high``, or what else the provider knows."""
    stop: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The values that are set."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", ())}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The same from JSON; a BadArgumentError names a key that there is not, or a bad value."""
        given = dict(value)
        if unknown := set(given) - {one.name for one in fields(cls)}:
            raise BadArgumentError(f"a model has no parameter {sorted(unknown)[0]!r}")
        for key, types in _TYPES.items():
            if key in given and not (given[key] is None or isinstance(given[key], types)):
                raise BadArgumentError(f"parameter {key}: {given[key]!r} does not fit")
        return cls(**{**given, "stop": tuple(given.get("stop") or ())})


_TYPES: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "temperature": (int, float),
    "top_p": (int, float),
    "seed": (int,),
    "max_tokens": (int,),
    "reasoning_effort": (str,),
    "stop": (list, tuple),
}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may use before it is ended; None is no limit."""

    turns: int | None = None
    """Replies of the model, each with its tool calls answered."""
    tokens: int | None = None
    """Input, cached or not, and output, over all replies."""
    cost_micros: int | None = None
    """Millionths of a US dollar; a reply whose price is unknown does not count."""
    seconds: float | None = None

    def exceeded(self, turns: int, spent: Usage, seconds: float) -> str | None:
        """Which limit is reached, in words; None if none is."""
        if self.turns is not None and turns >= self.turns:
            return f"{self.turns:,} {'turn' if self.turns == 1 else 'turns'}"
        if self.tokens is not None and spent.total >= self.tokens:
            return f"{self.tokens:,} tokens"
        if self.cost_micros is not None and (spent.cost_micros or 0) >= self.cost_micros:
            return f"${self.cost_micros / 1e6:,.4g}"
        if self.seconds is not None and seconds >= self.seconds:
            return f"{self.seconds:g} seconds"
        return None


class Ending(StrEnum):
    """Why a run is over."""

    FINISHED = "finished"
    """The model ended its turn."""
    BUDGET = "budget"
    CANCELLED = "cancelled"
    NEEDS_PERSON = "needs_person"
    """A call, or the turn itself, waits for somebody to answer."""
    UNMATCHED = "unmatched"
    """The recording does not fit any more, or is at its end."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, and what it did."""

    ending: Ending
    reason: str
    """One sentence for people."""
    turns: int = 0
    events: int = 0
    """Events that were added to the session."""
    spent: Usage = field(default_factory=Usage)
    notes: tuple[str, ...] = ()
    """What was repaired, which calls the tape did not know, what of the tape was not used."""
    retryable: bool = False
    """Of a failure: whether trying again may help."""


def add_usage(one: Usage, other: Usage) -> Usage:
    """Both together; an unknown cost counts as nothing, two of them stay unknown."""
    costs = [u.cost_micros for u in (one, other) if u.cost_micros is not None]
    return Usage(
        one.input + other.input,
        one.cache_read + other.cache_read,
        one.cache_write + other.cache_write,
        one.output + other.output,
        one.reasoning + other.reasoning,
        max(one.context, other.context),
        sum(costs) if costs else None,
    )
