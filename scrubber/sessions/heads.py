"""The head of a session and commits to it, as lash has them.

The head's revision is the session's: every change bumps it. A commit is one transaction. What may
be wrong is looked at in lash's order: whose session, was it committed before, is the lease ours,
is the head where the caller saw it, are the claims ours; only then is anything written.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.formats import own
from scrubber.sessions import checkpoints
from scrubber.sessions.frames import frames, refuse_followed
from scrubber.store import landmarks, leases, ledger, paths, queued_work, sessions, turn_inputs

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.events import Draft, Usage
    from scrubber.core.slices import SliceList
    from scrubber.sessions.checkpoints import Checkpoint
    from scrubber.store import Store
    from scrubber.store.leases import Lease


@dataclass(frozen=True, slots=True)
class Head:
    """Where a session stands."""

    session: str
    revision: int
    leaf: str | None
    """``LOG:SEQ`` of its last event, None if it has none."""
    nodes: int
    """Events on its path."""
    frame: str
    """Id of its current agent frame."""
    checkpoint: str | None
    """SHA-256 of its last checkpoint's document."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a turn wants written, all of it or nothing."""

    key: str
    """Names the turn: a repeat with the same content gives the first result, with other content
    it is a ConflictError."""
    items: tuple[tuple[Draft, Content], ...] = ()
    """Events to be added."""
    behind: SliceList | None = None
    """The path that they go on from (``SessionGraph.active_path``); None: the present one."""
    checkpoint: Checkpoint | None = None
    spent: tuple[tuple[str, str, Usage], ...] = ()
    """(source, model, usage) that no event tells of."""
    inputs: tuple[str, ...] = ()
    """Ids of pending inputs, accepted under the lease, that the turn has said."""
    work: tuple[str, ...] = ()
    """Claims of queued work (``qwc:…``) that the turn has done."""
    turn: str | None = None
    """The turn that ends with this: inputs for it that nobody took wait for the next one."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit came to."""

    session: str
    revision: int
    leaf: str | None
    checkpoint: str | None
    events: int
    """Events that the session has by now."""
    again: bool = field(default=False, compare=False)
    """Whether it was committed before, and nothing was written now."""


def head(store: Store, session: str) -> Head:
    """Where a session stands now."""
    found = store.session(session)
    slices = store.slices(found.id)
    landmark = landmarks.last(store.connections.get(), slices, landmarks.CHECKPOINT)
    return Head(
        found.id,
        found.revision,
        leaf_of(slices),
        len(slices),
        frames(store, found.id)[-1].id,
        landmark.value["ref"] if landmark else None,
    )


def leaf_of(slices: SliceList) -> str | None:
    """``LOG:SEQ`` of the last event of some slices."""
    last = slices.slices[-1] if slices.slices else None
    return f"{last.log}:{last.stop - 1}" if last else None


def commit(
    store: Store,
    session: str,
    what: Commit,
    *,
    lease: Lease | None = None,
    expected_revision: int | None = None,
) -> Committed:
    """Write a turn to a session.

    ``expected_revision``: the head that the caller saw; None skips the comparison (lash).
    LeaseLostError: the lease is somebody else's, or has run out. ConflictError: the key was used
    for something else, the head is another, or a claim is not this lease's. BadArgumentError: the
    lease is another session's, claims without a lease, or a session that grows with its file.
    """
    name = store.session(session).id
    _refuse_unbound(name, what, lease)
    fresh: list[str] = []

    def work() -> str:
        fresh.append(_write(store, name, what, lease, expected_revision))
        return fresh[0]

    result = store.once(_turn_key(name, what.key), _digest(what), work)
    return Committed(**orjson.loads(result), again=not fresh)


def _turn_key(session: str, key: str) -> str:
    """The name of a turn in the store; ids may hold spaces, and no two turns share a name."""
    name = session.replace("%", "%25").replace(" ", "%20")
    return f"commit {name} {key}"


def _refuse_unbound(session: str, what: Commit, lease: Lease | None) -> None:
    if lease is not None and lease.session != session:
        raise BadArgumentError(f"the lease is of session {lease.session}, not of {session}")
    if lease is None and what.work:
        raise BadArgumentError("session command commit requires a session execution lease")
    if lease is None and what.inputs:
        raise BadArgumentError("inputs are claimed under a lease: pass it")


def _write(
    store: Store, session: str, what: Commit, lease: Lease | None, expected: int | None
) -> str:
    connection = store.connections.get()
    pk = sessions.find(connection, session)
    if lease is not None:
        leases.check(connection, lease, unexpired=True)
    _compare(store, pk, expected)
    refuse_followed(store, session)
    if lease is not None:
        _finish_claims(store, pk, what, lease.fence)
    ref = _extend(store, pk, what)
    for source, model, usage in what.spent:
        ledger.enter(connection, pk, source, model, usage)
    if what.turn is not None:
        turn_inputs.defer(connection, pk, what.turn)
    slices, found = sessions.slices_of(connection, pk), sessions.get(connection, pk)
    done = (session, found.revision, leaf_of(slices), ref, len(slices))
    fields = ("session", "revision", "leaf", "checkpoint", "events")
    return orjson.dumps(dict(zip(fields, done, strict=True))).decode()


def _compare(store: Store, pk: int, expected: int | None) -> None:
    found = sessions.get(store.connections.get(), pk)
    if expected is not None and expected != found.revision:
        raise ConflictError(
            f"session {found.id}: expected revision {expected}, found {found.revision}"
        )


def _finish_claims(store: Store, pk: int, what: Commit, fence: int) -> None:
    connection = store.connections.get()
    turn_inputs.complete(connection, pk, list(what.inputs), fence)
    for claim in what.work:
        if claim.rpartition(":")[2] != str(fence):
            raise ConflictError(f"queued work {claim} is not claimed by this lease")
        queued_work.finish(connection, pk, claim)


def _extend(store: Store, pk: int, what: Commit) -> str | None:
    """Move to the path that is gone on from, and add to it; gives the new checkpoint's ref."""
    connection = store.connections.get()
    items, ref, value = list(what.items), None, None
    if what.checkpoint is not None:
        ref, value = checkpoints.keep(store, what.checkpoint)
        items.append(checkpoints.event(ref))
    if what.behind is not None and what.behind != sessions.slices_of(connection, pk):
        paths.move(connection, pk, what.behind, "branch_to")
    elif not items:
        sessions.revise(connection, pk, "commit")
    session = sessions.get(connection, pk).id
    store.append(session, [(own.encode(draft, content), draft) for draft, content in items])
    if value is not None:
        last = sessions.slices_of(connection, pk)
        name = f"{session}:checkpoint:{uuid.uuid4().hex}"
        landmarks.put_last(connection, last, landmarks.CHECKPOINT, name, value)
    return ref


def _digest(what: Commit) -> str:
    """Hash of what a commit would write; the times of its events are no part of it."""
    told: list[Any] = [[_told(d), _content(d, c)] for d, c in what.items]
    point = what.checkpoint
    parts = (
        told,
        [[p.log, p.start, p.stop] for p in what.behind.slices] if what.behind is not None else None,
        repr(point) if point is not None else None,
        repr(what.spent),
        what.inputs,
        what.work,
        what.turn,
    )
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_NON_STR_KEYS)).hexdigest()


def _told(draft: Draft) -> list[Any]:
    return [int(draft.kind), int(draft.role), draft.text, draft.name, draft.call_id]


def _content(draft: Draft, content: Content) -> str:
    record = orjson.loads(own.encode(draft, content))
    return orjson.dumps(record["content"], option=orjson.OPT_SORT_KEYS).decode()
