"""What the inspector shows, read from the store on its thread; plain values, no widgets."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Kind, Origin
from scrubber.core.provenance import rung_of
from scrubber.core.usage.recorded_model import model_of
from scrubber.ui.inspector.run_facts import RunFacts, run_facts

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.content import JSON
    from scrubber.core.events import Event, Totals
    from scrubber.core.session import Session
    from scrubber.store.blocks import Place


@dataclass(frozen=True, slots=True)
class EventLook:
    """The event in front of the playhead, with all that the inspector tells of it."""

    event: Event
    before: Event | None
    """The event in front of it."""
    tool: str | None
    """The tool's name, taken from the call where the result does not tell it."""
    model: str | None
    """The model that the record names."""
    path: str | None
    place: Place
    raw: bytes
    rung: str = ""
    """Which rung of the policy answered the call that this event is the result of."""
    run: RunFacts | None = None
    """What is known of the run that has written this event about itself."""


@dataclass(frozen=True, slots=True)
class Look:
    """A session at an index. ``look`` is None at its start."""

    session: Session
    parent: Session | None
    totals: Totals
    look: EventLook | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record as JSON; ``problem`` says why it is none."""

    value: JSON
    problem: str = ""


def read(store: OpenStore, session: str, index: int) -> Look:
    """Everything about the event in front of an index, and its session."""
    whole = read_session(store, session, index)
    index = min(index, whole.session.events)
    events = store.events(session, max(index - 2, 0), index)
    return replace(whole, look=_look(store, session, events) if events else None)


def read_session(store: OpenStore, session: str, index: int) -> Look:
    """Everything about a session."""
    found = store.session(session)
    parents = store.sessions_with([found.parent]) if found.parent else []
    totals = store.totals(session, min(index, found.events))
    return Look(found, parents[0] if parents else None, totals, None)


def read_unparsed(store: OpenStore, session: str, index: int) -> tuple[Look, None]:
    """The event in front of an index."""
    return read(store, session, index), None


def read_parsed(store: OpenStore, session: str, index: int) -> tuple[Look, Parsed | None]:
    """The event in front of an index, and its record as JSON."""
    look = read(store, session, index)
    return look, parse(look.look.raw) if look.look is not None else None


def _look(store: OpenStore, session: str, events: list[Event]) -> EventLook:
    event = events[-1]
    path, place = store.place(event)
    raw = store.raw(event)
    before = events[0] if len(events) > 1 else None
    content = store.content(event) if event.origin is not Origin.RECORDED else None
    return EventLook(
        event,
        before,
        _tool(store, session, event),
        model_of(event, raw),
        path,
        place,
        raw,
        rung_of(content) if content is not None else "",
        run_facts(store, session, event, content) if content is not None else None,
    )


def _tool(store: OpenStore, session: str, event: Event) -> str | None:
    if event.kind is not Kind.TOOL_RESULT or event.name or event.ref is None:
        return event.name
    at = event.index - (event.seq - event.ref)
    for call in store.events(session, at, at + 1) if at >= 0 else []:
        if (call.log, call.seq, call.kind) == (event.log, event.ref, Kind.TOOL_CALL):
            return call.name
    return None


def parse(raw: bytes) -> Parsed:
    """The value of a record, or why it has none."""
    text = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return Parsed(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        problem = str(error)
    try:  # takes NaN and half surrogate pairs as well
        return Parsed(json.loads(text))
    except (ValueError, RecursionError):
        return Parsed(None, problem if text.strip() else "it is empty")
