"""What a branch can repeat: the session that it was forked from, and where in that it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.tally import speaks
from scrubber.live.parts import Repeated

if TYPE_CHECKING:
    from scrubber.core.slices import Slice, SliceList
    from scrubber.store import Store


@dataclass(frozen=True, slots=True)
class Recording:
    """A session whose events from ``at`` on are what happened next, when it was recorded."""

    session: str
    at: int


def recording_of(store: Store, session: str) -> Recording | None:
    """The recording that a branch came from, at the point that the branch has reached.

    That is behind the last event that both share; None for a session that is no fork. A fork of a
    fork that has nothing of its own goes on with what the first one was forked from.
    """
    found = store.session(session)
    if found.parent is None or found.relation != "fork" or not store.sessions_with([found.parent]):
        return None
    first, settings = found.forked_at or 0, store.branch_settings(found.id).get("source")
    if isinstance(settings, dict) and settings.get("session") == found.parent:
        first = max(first, int(settings.get("at", 0)))
    shared = last_shared(store.slices(found.id), store.slices(found.parent))
    return _longest(store, Recording(found.parent, max(first, shared)))


def _longest(store: Store, recording: Recording) -> Recording:
    """The same place in what the recording itself was forked from, if it has nothing of its own."""
    found = store.session(recording.session)
    if found.parent is None or found.relation != "fork" or not store.sessions_with([found.parent]):
        return recording
    slices = store.slices(found.id)
    if slices != store.slices(found.parent).between(0, len(slices)):
        return recording
    return _longest(store, Recording(found.parent, recording.at))


def widened(store: Store, session: str, part: Repeated) -> Repeated:
    """A stretch of the recording together with what stands unsaid between the branch and it."""
    recording = recording_of(store, session)
    if recording is None or recording.session != part.session or recording.at >= part.start:
        return part
    between = store.events(recording.session, recording.at, part.start)
    if any(map(speaks, between)):
        return part
    return Repeated(part.session, recording.at, part.stop)


def last_shared(branch: SliceList, source: SliceList) -> int:
    """Index in ``source`` behind the last event of ``branch`` that is one of its own."""
    for piece in reversed(branch.slices):
        ends = [
            first + min(piece.stop, other.stop) - other.start
            for first, other in source.ranges(0, len(source))
            if _overlap(piece, other)
        ]
        if ends:
            return max(ends)
    return 0


def _overlap(one: Slice, other: Slice) -> bool:
    return one.log == other.log and max(one.start, other.start) < min(one.stop, other.stop)
