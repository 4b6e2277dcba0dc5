"""How a branch is run: what the store keeps with it, and what the next run begins with."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

from scrubber.core.errors import BadArgumentError
from scrubber.core.policy import Policy, parse_policy
from scrubber.core.running import Budget, Params

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.live.run import Plan

_KEYS = ("provider", "params", "policy", "budget", "repairs", "keep_bodies", "compact_at")
FREE = ("replay", "person")
"""Providers that cost nothing, and so need no budget."""
USUAL_TURNS = 20
"""Turns after which a model is stopped unless another budget was chosen."""


@dataclass(frozen=True, slots=True)
class BranchSettings:
    """Provider, parameters, policy and budget of a branch."""

    provider: str = "replay"
    """``replay``, ``person``, or the name of an endpoint."""
    params: Params = field(default_factory=Params)
    policy: Policy = field(default_factory=Policy)
    budget: Budget | None = None
    """None: none for what is free, some turns for a model."""
    repairs: frozenset[str] = frozenset()
    """Codes of the findings (see ``lint``) whose repair was agreed to."""
    keep_bodies: bool = False
    compact_at: float | None = 0.8
    others: Mapping[str, Any] = field(default_factory=dict)
    """What else the store keeps with the branch; it is left as it is."""

    @property
    def limits(self) -> Budget:
        """The budget that applies."""
        if self.budget is not None:
            return self.budget
        return Budget() if self.provider in FREE else Budget(turns=USUAL_TURNS)

    def plan(self) -> Plan:
        """A run with these settings, and nothing to say before it."""
        from scrubber.live.run import Plan

        return Plan(
            self.params,
            self.policy,
            self.limits,
            repairs=self.repairs,
            keep_bodies=self.keep_bodies,
            compact_at=self.compact_at,
        )

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        found: dict[str, Any] = {
            **self.others,
            "provider": self.provider,
            "params": self.params.as_json(),
            "policy": self.policy.as_json(),
            "repairs": sorted(self.repairs),
            "keep_bodies": self.keep_bodies,
            "compact_at": self.compact_at,
        }
        if self.budget is not None:
            found["budget"] = {
                one.name: value
                for one in fields(Budget)
                if (value := getattr(self.budget, one.name)) is not None
            }
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The same from JSON; a BadArgumentError says what does not fit."""
        found = cls(
            str(value.get("provider") or "replay"),
            Params.from_json(value.get("params") or {}),
            parse_policy(value.get("policy") or {}),
            _budget(value.get("budget")),
            frozenset(map(str, value.get("repairs") or ())),
            bool(value.get("keep_bodies", False)),
            others={key: given for key, given in value.items() if key not in _KEYS},
        )
        return replace(found, compact_at=_share(value.get("compact_at", found.compact_at)))


def _budget(value: Any) -> Budget | None:
    if value is None:
        return None
    known = {one.name for one in fields(Budget)}
    if not isinstance(value, dict) or set(value) - known:
        raise BadArgumentError(f"a budget is an object of {', '.join(sorted(known))}: {value!r}")
    for key, number in value.items():
        if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            raise BadArgumentError(f"budget {key}: {number!r} is no number")
    return Budget(**value)


def _share(value: Any) -> float | None:
    if value is None or (isinstance(value, int | float) and 0 < value <= 1):
        return value
    raise BadArgumentError(f"compact_at: {value!r} is no share of 1")
