"""Agent frames, as lash has them: stretches of a session, each with a reason and an assignment.

A frame opens with an event, and lasts until the next one opens. Nothing is deleted: whoever goes
back in front of the event is in the former frame again, and a fork has the frames of its path.
(lash keeps frames in the session's head, and a fork of its begins with none.)
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind
from scrubber.core.survey import FRAME
from scrubber.formats import own
from scrubber.live import drafts
from scrubber.store import landmarks, leases, sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.core.slices import SliceList
    from scrubber.store import Store
    from scrubber.store.landmarks import Landmark
    from scrubber.store.leases import Lease

INITIAL, CONTINUE_AS, COMPACTION = "initial", "continue_as", "compaction"
"""Reasons that have a meaning here; any other word is one too."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One agent frame. Times are milliseconds since 1970, UTC."""

    id: str
    """``SESSION:frame:initial``, ``SESSION:frame:REASON:UUID``."""
    session: str
    """The session that opened it; a fork shares it."""
    previous: str | None
    is_active: bool
    """Whether it is the current one; else it is superseded."""
    reason: str
    caused_by: Mapping[str, Any] | None = None
    created: int | None = None
    opens_at: int = 0
    """Index of the event that opens it; 0 for the initial one."""
    assignment: Mapping[str, Any] = field(default_factory=dict)
    """Policy, plugin options, tool access, usage source, …: whatever it was opened with, else its
    predecessor's."""

    measured: int | None = None
    """Of a compaction: which prompt was the last whose size was known by then (an event's id)."""

    @property
    def status(self) -> str:
        """``active`` or ``superseded``."""
        return "active" if self.is_active else "superseded"


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a frame came to."""

    opened: bool
    frame: Frame


def frames(store: Store, session: str) -> list[Frame]:
    """The frames of a session, the initial one first, the current one last."""
    found = store.session(session).id
    return frames_on(store, found, store.slices(found))


def frames_on(store: Store, session: str, slices: SliceList) -> list[Frame]:
    """The frames of a path of a session."""
    found = landmarks.on_path(store.connections.get(), slices, landmarks.FRAME)
    chain = [Frame(f"{session}:frame:{INITIAL}", session, None, not found, INITIAL)]
    for landmark in found:
        chain.append(_frame(landmark, chain[-1], landmark is found[-1]))
    return chain


def _frame(landmark: Landmark, previous: Frame, is_last: bool) -> Frame:
    value = landmark.value
    return Frame(
        landmark.id,
        value["session"],
        previous.id,
        is_last,
        value["reason"],
        value.get("caused_by"),
        value.get("created"),
        landmark.position,
        value.get("assignment") or previous.assignment,
        value.get("measured"),
    )


def open_frame(
    store: Store,
    session: str,
    reason: str,
    *,
    frame: str | None = None,
    assignment: Mapping[str, Any] | None = None,
    caused_by: Mapping[str, Any] | None = None,
    lease: Lease | None = None,
) -> Opened:
    """Let a new frame begin at the end of a session: what was said before is no longer told to a
    model, but for system prompts; nothing is deleted.

    ``frame``: its id, made up if None. An empty id, or that of the current frame, opens nothing
    (lash). It has the assignment of its predecessor, unless one is given. BadArgumentError: no
    reason, the id of a frame that there is already, or a session that grows with its file.
    LeaseLostError: the lease is no longer ours.
    """
    if not reason.strip():
        raise BadArgumentError("a frame needs a reason, not an empty text")
    with store.connections.write() as connection:
        name = store.session(session).id
        current = frames(store, name)[-1]
        if frame is not None and frame.strip() in ("", current.id):
            return Opened(False, current)
        if lease is not None:
            leases.check(connection, lease)
        refuse_followed(store, name)
        chosen = frame or f"{name}:frame:{reason}:{uuid.uuid4()}"
        _refuse_known(store, chosen)
        value = _record(name, reason, assignment, caused_by)
        draft, content = drafts.told(Kind.STATE, f"frame: {reason}", value, name=FRAME)
        store.append(name, [(own.encode(draft, content), draft)])
        landmarks.put_last(connection, store.slices(name), landmarks.FRAME, chosen, value)
        return Opened(True, frames(store, name)[-1])


def refuse_followed(store: Store, session: str) -> None:
    """A BadArgumentError if a session is what its file says, and grows with it."""
    if store.lineage_facts(session)["follows"] is not None:
        raise BadArgumentError(
            f"session {session} is what its file says: fork it, and change the fork"
        )


def _record(
    session: str,
    reason: str,
    assignment: Mapping[str, Any] | None,
    caused_by: Mapping[str, Any] | None,
) -> dict[str, Any]:
    facts = {
        "session": session,
        "reason": reason,
        "created": sessions.now_ms(),
        "assignment": dict(assignment) if assignment else None,
        "caused_by": dict(caused_by) if caused_by else None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _refuse_known(store: Store, id: str) -> None:
    if landmarks.exists(store.connections.get(), landmarks.FRAME, id):
        raise BadArgumentError(f"there is a frame {id!r} already")
