"""How surely a value is a record of Gemini CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_TYPES = ("user", "gemini", "info", "warning", "error", "model")


def likeness(value: JSON) -> int:
    """0 (no) to 100."""
    if not isinstance(value, dict):
        return 0
    for key in ("messages", "history"):
        said = value.get(key)
        if isinstance(said, list) and said:
            return _session(value, said)
    if "projectHash" in value and "sessionId" in value:
        return 100
    if "$rewindTo" in value or isinstance(value.get("$set"), dict):
        return 70
    return _message(value)


def _session(value: dict[str, Any], said: list[JSON]) -> int:
    best = max((_message(message) for message in said if isinstance(message, dict)), default=0)
    return 100 if best and "projectHash" in value and "sessionId" in value else best


def _message(value: dict[str, Any]) -> int:
    if isinstance(value.get("parts"), list) and value.get("role") in ("user", "model", "gemini"):
        return 60 if "message" not in value else 0
    if "uuid" in value or "message" in value or not isinstance(value.get("id"), str):
        return 0
    if value.get("type") not in _TYPES or "timestamp" not in value or "content" not in value:
        return 0
    return 90 if value["type"] == "gemini" else 45
