"""Looks at a cut of a stored session, with as few reads as the verdict needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.core.lint import Lint, Repair, interrupted_result, is_opening, lint
from scrubber.core.tally import SPOKEN, speaks
from scrubber.formats import own
from scrubber.store.sessions import now_ms

if TYPE_CHECKING:
    from scrubber.core.events import Draft, Event
    from scrubber.core.session import Session
    from scrubber.store import Store

_AHEAD = 64


def parse_repair(repair: Repair | str) -> Repair:
    """A repair by its word; a ValueError names those there are."""
    try:
        return Repair(repair)
    except ValueError:
        known = ", ".join(Repair)
        raise BadArgumentError(f"{repair!r} is not a repair: use one of {known}") from None


def lint_cut(store: Store, session: Session, at: int) -> Lint:
    """The verdict on the session's first ``at`` events."""
    if not 0 <= at <= session.events:
        raise BadArgumentError(f"session {session.id}: index {at} is not within 0…{session.events}")
    before = opening = None
    for event in store.events_backwards(session.id, at, tuple(SPOKEN)):
        if not speaks(event):
            continue
        before = before or event
        if is_opening(event):
            opening = event
            break
    after = _next_spoken(store, session, at)
    return lint(at, opening, before, after, store.open_calls(session.id, at))


def _next_spoken(store: Store, session: Session, at: int) -> Event | None:
    return next((e for e in store.events(session.id, at, at + _AHEAD) if speaks(e)), None)


def last_spoken(store: Store, session: Session, index: int) -> Event | None:
    """The last event in front of an index that the model sees, for naming the cut."""
    spoken = store.events_backwards(session.id, index, tuple(SPOKEN))
    return next((event for event in spoken if speaks(event)), None)


def closing_results(verdict: Lint) -> list[tuple[bytes, Draft]]:
    """Records that answer the cut's open calls, marked as made up."""
    records = []
    for call in verdict.open_calls:
        draft, content = interrupted_result(call, now_ms())
        records.append((own.encode(draft, content), draft))
    return records
