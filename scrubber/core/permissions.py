"""Which live tool calls are allowed: the rules of a3s-code, whose order and patterns this follows.

``deny`` goes before ``allow``, ``allow`` before ``ask``, and what no rule names is decided by the
default. A rule is ``Tool`` or ``Tool(pattern)``; the tool's name is compared without regard to
case, and ``mcp__server`` stands for all tools of that server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

import orjson

from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.core.content import JSON

_RULE = re.compile(r"([^()]+)(?:\((.*)\))?", re.DOTALL)
_FIELDS = {
    "bash": ("command",),
    "read": ("file_path",),
    "write": ("file_path",),
    "edit": ("file_path",),
    "glob": ("pattern",),
    "grep": ("pattern", "path"),
    "ls": ("path",),
}


class Decision(StrEnum):
    """What the rules say of a call."""

    ALLOW = "allow"
    DENY = "deny"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Rules for live tools."""

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    default: Decision = Decision.ASK
    enabled: bool = True
    """Without it everything is allowed."""

    def decide(self, tool: str, arguments: JSON, full_name: str = "") -> Decision:
        """Whether a call may run, must not, or a person is asked.

        ``full_name``: what the tool is called beside the name of the call; rules may name either.
        """
        names = {tool, full_name or tool}
        if not self.enabled:
            return Decision.ALLOW
        for decision, rules in (
            (Decision.DENY, self.deny),
            (Decision.ALLOW, self.allow),
            (Decision.ASK, self.ask),
        ):
            if any(fits(rule, name, arguments) for rule in rules for name in names):
                return decision
        return self.default

    def as_json(self) -> dict[str, Any]:
        """For the store and for policy files."""
        return {
            "deny": list(self.deny),
            "allow": list(self.allow),
            "ask": list(self.ask),
            "default_decision": str(self.default),
            "enabled": self.enabled,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The same from JSON; a rule may be a string or ``{"rule": "…"}``."""
        if not isinstance(value, dict):
            raise BadArgumentError(f"permissions are a JSON object, not {value!r}")
        try:
            default = Decision(value.get("default_decision", "ask"))
        except ValueError:
            raise BadArgumentError(
                f"default_decision {value['default_decision']!r}: use one of allow, deny, ask"
            ) from None
        enabled = value.get("enabled", True)
        if not isinstance(enabled, bool):  # or a null would allow everything
            raise BadArgumentError(f"enabled {enabled!r}: use true or false")
        return cls(**{key: _rules(key, value) for key in _LISTS}, default=default, enabled=enabled)


_LISTS = ("deny", "allow", "ask")


def fits(rule: str, tool: str, arguments: JSON) -> bool:
    """Whether a rule is about a call."""
    found = _RULE.fullmatch(rule.strip())
    if found is None:
        return False
    name, pattern = found[1].strip().lower(), found[2]
    called = tool.lower()
    if name != called and not (name.startswith("mcp__") and called.startswith(f"{name}__")):
        return False
    return (
        pattern is None or _pattern(pattern).fullmatch(argument_text(tool, arguments)) is not None
    )


def argument_text(tool: str, arguments: JSON) -> str:
    """What of a call's arguments the patterns are held against."""
    keys = _FIELDS.get(tool.lower())
    if keys and isinstance(arguments, dict):
        return " ".join(str(arguments[key]) for key in keys if key in arguments)
    if isinstance(arguments, str):
        return arguments
    return orjson.dumps(arguments, option=orjson.OPT_NON_STR_KEYS).decode()


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    """``*`` alone is anything; within, it stops at ``/`` and ``\\``; ``**`` does not; ``?`` is one
    character; ``:*`` at the end makes the rest a literal beginning."""
    if text == "*":
        return re.compile(r"(?s:.*)")
    if text.endswith(":*"):
        return re.compile(re.escape(text[:-2]) + r"(?s:.*)")
    parts = {"**": r"(?s:.*)", "*": r"[^/\\]*", "?": r"(?s:.)"}
    pieces = re.split(r"(\*\*|\*|\?)", text)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))


def _rules(key: str, value: Mapping[str, Any]) -> tuple[str, ...]:
    given = value.get(key) or []
    if not isinstance(given, (list, tuple)):  # of a text, each letter would be a rule
        raise BadArgumentError(f"{key} is a list of rules, not {given!r}")
    return tuple(map(_rule_text, given))


def _rule_text(rule: Any) -> str:
    text = rule.get("rule") if isinstance(rule, dict) else rule
    if not isinstance(text, str) or _RULE.fullmatch(text.strip()) is None:
        raise BadArgumentError(f"{rule!r} is no rule: write Tool or Tool(pattern)")
    return text
