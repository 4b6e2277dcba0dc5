"""The facts about an event in words, in the order in which they are shown.

The rows are the same for every event, so that nothing jumps while one scrubs: what a source does
not record is a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.ages import moment, span
from scrubber.core.describe import heading
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Totals, Usage, Visibility
from scrubber.core.provenance import OFF_POLICY, RUNGS, is_off_policy

if TYPE_CHECKING:
    from scrubber.ui.inspector.reading import EventLook, Look

NOTHING = "—"
"""Stands for what is not recorded."""

REVEAL = "reveal"
SESSION = "session"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. ``target`` is what the row leads to: a file to reveal, a session to open."""

    label: str
    value: str
    alarm: bool = False
    middle: bool = False
    """Shortened in the middle, as ids and paths are, rather than at the end."""
    action: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading."""

    title: str
    facts: tuple[Fact, ...]


_VISIBILITY = {
    Visibility.IN_CONTEXT: "in context",
    Visibility.UI_ONLY: "not in context",
    Visibility.HIDDEN: "hidden, not in context",
}

_ORIGIN = {
    Origin.RECORDED: "recorded",
    Origin.EDITED: "edited by hand",
    Origin.RESAMPLED: "resampled: drawn anew",
    Origin.STUBBED: "stubbed by the policy",
    Origin.TYPED: "typed by hand",
    Origin.SYNTHETIC: "synthetic: made by Scrubber",
}

_MARKS = {
    Mark.ERROR: "error",
    Mark.OPENS_MESSAGE: "opens a message",
    Mark.ORPHAN: "orphan",
    Mark.DUPLICATE: "duplicate",
    Mark.DAMAGED: "damaged",
    Mark.SEALED: "sealed by the provider",
    Mark.SIDECHAIN: "in a sub-agent",
    Mark.TRUNCATED: "cut short",
    Mark.OPENS_CALL: "opens a call",
    Mark.CLOSES_CALL: "answers its call",
    Mark.IMAGE: "holds an image",
}

_TOOLS = {Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_DETAIL}


def title(look: EventLook) -> str:
    """The heading: ``#213  Bash result ✗``."""
    event = look.event
    words = heading(event)
    if event.kind is Kind.TOOL_RESULT and look.tool:
        words = f"{look.tool} result{' ✗' if event.is_error else ''}"
    elif event.kind is not Kind.TOOL_CALL:  # a tool's name is written as its source writes it
        words = words[:1].upper() + words[1:]
    return f"#{event.index + 1:,}  {words}"


def event_sections(look: Look) -> tuple[Section, ...]:
    """Everything about the event in front of the playhead."""
    if look.look is None:
        return ()
    return (
        Section("", _event_facts(look.look)),
        *_run_sections(look.look),
        Section("Usage", usage_facts(look.look.event.usage)),
        Section("Up to here", totals_facts(look.totals)),
        Section("Source", _source_facts(look.look)),
    )


def _run_sections(look: EventLook) -> tuple[Section, ...]:
    """What a run has noted about itself, where this event is such a note."""
    if look.run is None:
        return ()
    facts = (Fact(label, value, alarm) for label, value, alarm in look.run.rows)
    return (Section(look.run.title, tuple(facts)),)


def _provenance(look: EventLook) -> str:
    event = look.event
    words = [_ORIGIN[event.origin]]
    if look.rung in RUNGS:
        words.append(RUNGS[look.rung])
    if is_off_policy(event):
        words.append(OFF_POLICY)
    return ", ".join(words)


def _event_facts(look: EventLook) -> tuple[Fact, ...]:
    event = look.event
    return (
        Fact("Kind", _kind(event)),
        Fact("Role", event.role.label if event.role is not Role.NONE else NOTHING),
        Fact("Visibility", _VISIBILITY[event.visibility]),
        Fact("Provenance", _provenance(look), alarm=event.origin is not Origin.RECORDED),
        Fact("Time", time_words(event.ts)),
        Fact("Gap", gap(event, look.before)),
        Fact("Tool", look.tool or NOTHING if event.kind in _TOOLS else NOTHING),
        Fact("Call", event.call_id or NOTHING, middle=True),
        Fact("Message", event.group_id or NOTHING, middle=True),
        Fact("Model", look.model or NOTHING),
        Fact("Size", f"{event.size:,} characters" if event.size else NOTHING),
        Fact("Marks", marks(event.marks) or NOTHING, alarm=bool(event.marks & _ALARMING)),
    )


_ALARMING = Mark.ERROR | Mark.ORPHAN | Mark.DUPLICATE | Mark.DAMAGED | Mark.TRUNCATED


def _kind(event: Event) -> str:
    kind = event.kind.label.replace("_", " ")
    return kind if event.kind in _TOOLS or not event.name else f"{kind} · {event.name}"


def marks(found: Mark) -> str:
    """The marks in words."""
    return ", ".join(words for mark, words in _MARKS.items() if found & mark)


def gap(event: Event, before: Event | None) -> str:
    """The time since the event in front of it."""
    if event.ts is None or before is None or before.ts is None:
        return NOTHING
    passed = event.ts - before.ts
    return f"{span(passed)} after #{before.index + 1:,}" if passed >= 0 else f"{span(-passed)} back"


def time_words(ms: int | None) -> str:
    """The local time, then the date: where there is little room, the time is what is seen."""
    date, _, clock = moment(ms).partition(" ")
    return f"{clock} · {date}" if clock else NOTHING


def usage_facts(usage: Usage | None) -> tuple[Fact, ...]:
    """Tokens of one event; a zero is shown as a zero only where usage is recorded at all."""
    if usage is None:
        return tuple(Fact(label, NOTHING) for label in _USAGE)
    values = (
        tokens(usage.input),
        tokens(usage.cache_read),
        tokens(usage.cache_write),
        tokens(usage.output),
        tokens(usage.reasoning) if usage.reasoning else NOTHING,
        tokens(usage.context) if usage.context else NOTHING,
        NOTHING if usage.cost_micros is None else dollars(usage.cost_micros),
    )
    return tuple(Fact(label, value) for label, value in zip(_USAGE, values, strict=True))


_USAGE = ("Input", "Cached", "Written", "Output", "Reasoning", "Context", "Cost")


def totals_facts(totals: Totals) -> tuple[Fact, ...]:
    """What the session sums up to in front of the playhead."""
    return (
        Fact("Messages", f"{totals.messages:,}"),
        Fact("Tokens", f"{totals.tokens:,}"),
        Fact("Errors", f"{totals.errors:,} ✗" if totals.errors else "0", bool(totals.errors)),
        Fact("Open calls", f"{totals.open_calls:,}"),
    )


def tokens(number: int) -> str:
    """A number of tokens."""
    return f"{number:,}"


def dollars(micros: int) -> str:
    """A recorded cost."""
    return f"${micros / 1_000_000:,.4f}"


def _source_facts(look: EventLook) -> tuple[Fact, ...]:
    file = Fact("File", "made in Scrubber")
    if look.path:
        file = Fact("File", look.path, middle=True, action=REVEAL, target=look.path)
    return (
        file,
        Fact("Line", f"{look.place.line:,}"),
        Fact("Offset", f"{look.place.offset:,}"),
        Fact("Record", f"{look.place.size:,} bytes"),
    )
