"""Who answers the tool calls of a branch: one ladder of rungs for each tool.

A rung that cannot answer (the tape does not know the call) hands it to the next, which is
reported. Nothing is live unless it was chosen, and the permissions still decide within it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rung(StrEnum):
    """One way to answer a call."""

    RECORDED = "recorded"
    """What the recording says that such a call gave."""
    STATIC = "static"
    """The same text always."""
    ERROR = "error"
    """A failure, always the same."""
    ASK = "ask"
    """A person answers."""
    LIVE = "live"
    """The real tool runs."""


class Matching(StrEnum):
    """When a recorded result fits a call."""

    STRICT = "strict"
    """The same tool with the same arguments; each recorded result is used once, in order."""
    ORDER = "order"
    """The tool's next unused result, whatever the arguments."""


NO_RESULT = "[No result: this tool is not available on this branch]"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs for one tool, tried in turn."""

    rungs: tuple[Rung, ...] = (Rung.RECORDED, Rung.ASK)
    text: str = ""
    """What ``static`` answers."""
    error: str = NO_RESULT
    """What ``error`` answers."""
    matching: Matching = Matching.STRICT

    def as_json(self) -> dict[str, Any]:
        """For the store and for policy files."""
        found: dict[str, Any] = {"rungs": [str(rung) for rung in self.rungs]}
        for key, value, usual in (
            ("text", self.text, ""),
            ("error", self.error, NO_RESULT),
            ("matching", str(self.matching), "strict"),
        ):
            if value != usual:
                found[key] = value
        return found


@dataclass(frozen=True, slots=True)
class Policy:
    """The ladders of a branch: by the tool's name, ``*`` and ``?`` allowed, the first that fits."""

    default: Ladder = Ladder()
    tools: Mapping[str, Ladder] = field(default_factory=dict)
    permissions: Permissions = field(default_factory=Permissions)
    ask_seconds: float | None = None
    """How long a person has to answer; after that the call fails. None: for ever."""

    @property
    def may_run(self) -> bool:
        """Whether a real tool may ever run."""
        return any(Rung.LIVE in ladder.rungs for ladder in (self.default, *self.tools.values()))

    def ladder(self, tool: str) -> Ladder:
        """The ladder of a tool; an exact name goes before a pattern."""
        if tool in self.tools:
            return self.tools[tool]
        fitting = (ladder for name, ladder in self.tools.items() if fnmatchcase(tool, name))
        return next(fitting, self.default)

    def as_json(self) -> dict[str, Any]:
        """For the store and for policy files."""
        return {
            "default": self.default.as_json(),
            "tools": {name: ladder.as_json() for name, ladder in self.tools.items()},
            "permissions": self.permissions.as_json(),
            "ask_seconds": self.ask_seconds,
        }


def parse_policy(value: Any) -> Policy:
    """A policy from its JSON, or from the word of one rung; a BadArgumentError names what is wrong.

    ``{"default": LADDER, "tools": {NAME: LADDER}, "permissions": …, "ask_seconds": N}``, where a
    LADDER is a rung, a list of rungs, or ``{"rungs": […], "text", "error", "matching"}``.
    """
    if isinstance(value, (str, list)):
        return Policy(parse_ladder(value))
    _expect_keys(value, {"default", "tools", "permissions", "ask_seconds"}, "a policy")
    tools = value.get("tools", {})
    if not isinstance(tools, dict):
        raise BadArgumentError("a policy's tools are an object: {NAME: LADDER}")
    seconds = value.get("ask_seconds")
    if seconds is not None and not isinstance(seconds, (int, float)):
        raise BadArgumentError(f"ask_seconds: {seconds!r} is no number of seconds")
    return Policy(
        parse_ladder(value["default"]) if "default" in value else Ladder(),
        {name: parse_ladder(ladder) for name, ladder in tools.items()},
        Permissions.from_json(value.get("permissions") or {}),
        seconds,
    )


def parse_ladder(value: Any) -> Ladder:
    """A ladder: one rung, several, or an object with their texts."""
    if isinstance(value, str):
        return Ladder((_rung(value),))
    if isinstance(value, list):
        return Ladder(_rungs(value))
    _expect_keys(value, {"rungs", "text", "error", "matching"}, "a ladder")
    try:
        matching = Matching(value.get("matching", "strict"))
    except ValueError:
        known = ", ".join(Matching)
        raise BadArgumentError(f"matching {value['matching']!r}: use one of {known}") from None
    return Ladder(
        _rungs(value.get("rungs", ["recorded", "ask"])),
        str(value.get("text", "")),
        str(value.get("error", NO_RESULT)),
        matching,
    )


def _rungs(value: Any) -> tuple[Rung, ...]:
    if not isinstance(value, list) or not value:
        raise BadArgumentError("a ladder needs a list of at least one rung")
    return tuple(_rung(word) for word in value)


def _rung(word: Any) -> Rung:
    try:
        return Rung(word)
    except ValueError:
        known = ", ".join(Rung)
        raise BadArgumentError(f"{word!r} is not a rung: use one of {known}") from None


def _expect_keys(value: Any, known: set[str], what: str) -> None:
    if not isinstance(value, dict):
        raise BadArgumentError(f"{what} is a JSON object, not {value!r}")
    if unknown := set(value) - known:
        raise BadArgumentError(f"{what} has no {sorted(map(str, unknown))[0]!r}")
