"""What an event is called in the transcript: who speaks, icon, colour, badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.core.track import Lane, lane_of

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.ui.theme import Theme

_ROLES = {
    Role.USER: "You",
    Role.SYSTEM: "System",
    Role.DEVELOPER: "Developer",
    Role.TOOL: "Tool",
}

_KIND_ICONS = {
    Kind.REASONING: "reasoning",
    Kind.TOOL_CALL: "tool",
    Kind.TOOL_RESULT: "result",
    Kind.ERROR: "error",
    Kind.COMPACTION: "compaction",
    Kind.SUBAGENT_START: "subagent",
    Kind.SUBAGENT_END: "subagent",
    Kind.SESSION_START: "session",
    Kind.SESSION_END: "session",
}

_ROLE_ICONS = {Role.USER: "user", Role.ASSISTANT: "model", Role.TOOL: "result"}

_ORIGINS = {
    Origin.EDITED: "edited",
    Origin.RESAMPLED: "resampled",
    Origin.STUBBED: "stubbed",
    Origin.TYPED: "typed",
    Origin.SYNTHETIC: "synthetic",
}

_MARKS = {
    Mark.ORPHAN: "orphan",
    Mark.DUPLICATE: "duplicate",
    Mark.DAMAGED: "damaged",
    Mark.SEALED: "sealed",
}

LOUD = frozenset(
    (Kind.MESSAGE, Kind.REASONING, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.COMMAND, Kind.ERROR)
)
"""Kinds that are read; all others are one quiet line."""


def who(event: Event) -> str:
    """The speaker of a message."""
    if event.role is Role.ASSISTANT:
        return event.name or "Assistant"
    return _ROLES.get(event.role, event.kind.label.replace("_", " ").capitalize())


def icon_name(event: Event) -> str:
    """The icon of resources/icons that stands for the event."""
    if event.kind in _KIND_ICONS:
        return _KIND_ICONS[event.kind]
    return _ROLE_ICONS.get(event.role, "system")


def colour(event: Event, theme: Theme) -> QColor:
    """The event's colour; never the only sign of what it is."""
    if event.is_error or event.kind is Kind.ERROR:
        return theme.error
    lane = lane_of(event.kind, event.role)
    return theme.muted if lane is Lane.OTHER else theme.lane(lane)


def badges(event: Event) -> tuple[tuple[str, bool], ...]:
    """Words to show as badges, each with whether it is about the text's origin."""
    found = [(_ORIGINS[event.origin], True)] if event.origin in _ORIGINS else []
    found += [(word, False) for mark, word in _MARKS.items() if event.marks & mark]
    if event.marks & Mark.TRUNCATED:
        recorded = event.origin is Origin.RECORDED
        found.append(("cut in source" if recorded else "cut short", False))
    if event.visibility is Visibility.UI_ONLY and event.kind is Kind.MESSAGE:
        found.append(("not in context", False))
    return tuple(found)


def kind_words(event: Event) -> str:
    """The kind in words, such as ``config change``."""
    return event.kind.label.replace("_", " ")
