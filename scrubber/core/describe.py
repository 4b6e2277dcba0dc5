"""Events and cuts in a few words, for titles, tooltips and the command line."""

from __future__ import annotations

from scrubber.core.events import Event, Kind, Role, one_line
from scrubber.core.visible import visible

_WHO = {
    Role.USER: "you",
    Role.ASSISTANT: "model",
    Role.TOOL: "tool",
    Role.SYSTEM: "system",
    Role.DEVELOPER: "developer",
    Role.NONE: "",
}


def describe(event: Event, length: int = 80) -> str:
    """One line: what it is, and how it begins."""
    head = heading(event)
    text = visible(event.text)
    return one_line(f"{head}: {text}" if text else head, length)


def heading(event: Event) -> str:
    """What an event is, without its text."""
    failed = " ✗" if event.is_error else ""
    if event.kind is Kind.TOOL_CALL:
        return event.name or "tool call"
    if event.kind is Kind.TOOL_RESULT:
        return f"{event.name or 'tool'} result{failed}"
    if event.kind is Kind.MESSAGE:
        return _WHO[event.role] or "message"
    return event.kind.label.replace("_", " ") + failed


def fork_title(index: int, last: Event | None, why: str = "") -> str:
    """What a fork is called: where it leaves, and why, or after what."""
    if why:
        return f"{index} · {why}"
    if last is None:
        return f"{index} · from the start"
    return f"{index} · after {describe(last, 60)}"
