"""The shapes of what OpenHands records, and how it is told which one a value has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON

Event = dict[str, Any]

_SOURCES = ("agent", "user", "environment", "hook")


def is_untyped(value: JSON) -> bool:
    """Whether a value is an event of version 0: an action with its arguments, or an observation."""
    if not isinstance(value, dict):
        return False
    acts = isinstance(value.get("action"), str) and isinstance(value.get("args"), dict)
    sees = isinstance(value.get("observation"), str) and "content" in value
    return acts or (sees and isinstance(value.get("extras", {}), dict))


def is_typed(value: JSON) -> bool:
    """Whether a value is an event of version 1."""
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return False
    return value.get("source") in _SOURCES and isinstance(value.get("id"), str)


def inner(value: JSON, *keys: str) -> dict[str, Any]:
    """The object at a path of keys, empty if there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def dicts(value: JSON) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
