"""What an event is called in the transcript: who speaks, icon, colour, badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core import provenance
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.core.track import Lane, lane_of

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.core.content import Content
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


def badges(event: Event, content: Content | None = None) -> tuple[tuple[str, bool], ...]:
    """Words to show as badges, each with whether it is about the text's origin."""
    origin = provenance.word(event, content)
    found = [(origin, True)] if origin else []
    if provenance.is_off_policy(event):
        found.append((provenance.OFF_POLICY, False))
    found += [(word, False) for mark, word in _MARKS.items() if event.marks & mark]
    if event.marks & Mark.TRUNCATED:
        recorded = event.origin is Origin.RECORDED
        found.append(("cut in source" if recorded else "cut short", False))
    if event.visibility is Visibility.UI_ONLY and event.kind is Kind.MESSAGE:
        found.append(("not in context", False))
    return tuple(found)


_TOLD = {
    "orphan": "Names a parent, or answers a call, that the source does not hold",
    "duplicate": "The same bytes stood in the source before",
    "damaged": "The record could not be read as its format asks; its bytes are kept",
    "sealed": "Signed or encrypted by the provider: its text is never edited",
    "cut in source": "The source itself says that this was cut",
    "cut short": "The reply broke off, or was stopped, in the middle of this",
    "not in context": "No model was told of this",
}


def explained(word: str) -> str:
    """What a badge means, in a sentence."""
    return provenance.explained(word) or _TOLD.get(word, "")


def kind_words(event: Event) -> str:
    """The kind in words, such as ``config change``."""
    return event.kind.label.replace("_", " ")
