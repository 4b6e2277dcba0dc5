"""Pending turn inputs, as lash has them: said to a session while it runs, or to its next turn.

An input for the running turn is taken at the first safe boundary that is late enough for it; one
that comes too late waits for the next turn. ``scrubber continue`` takes them (``live.runner``), so
what one program says, another one that runs the branch hears.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.store import leases, sessions
from scrubber.store import turn_inputs as rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.store import Store
    from scrubber.store.leases import Lease
    from scrubber.store.turn_inputs import Input


class Boundary(StrEnum):
    """A moment at which a running turn can hear something."""

    AFTER_WORK = rows.AFTER_WORK
    """Calls were answered, and the model is about to be asked again."""
    BEFORE_COMPLETION = rows.BEFORE_COMPLETION
    """The model has ended its turn, and would be left alone."""


class Cancelled(StrEnum):
    """What cancelling an input came to."""

    CANCELLED = "cancelled"
    ALREADY_CLAIMED = "already_claimed"
    ALREADY_COMPLETED = "already_completed"
    ALREADY_CANCELLED = "already_cancelled"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class ActiveTurn:
    """For the turn that runs: a certain one, or (None) whichever that is."""

    turn: str | None = None
    min_boundary: Boundary = Boundary.AFTER_WORK


@dataclass(frozen=True, slots=True)
class NextTurn:
    """For the next turn; only this asks for one to be run."""


Ingress = ActiveTurn | NextTurn


def text_input(text: str) -> dict[str, Any]:
    """The content of an input that is nothing but text, in lash's shape."""
    return {"items": [{"type": "text", "text": text}], "image_blobs": {}}


def enqueue(
    store: Store,
    session: str,
    content: str | Mapping[str, Any],
    ingress: Ingress | None = None,
    *,
    source_key: str | None = None,
) -> Input:
    """Say something to a session, now or soon.

    ``content``: a text, or ``{"items": [{"type": "text", "text"} or {"type": "image_ref", "id"}],
    "image_blobs": {ID: {"media_type", "data"}}}``; ``ingress`` None: the next turn. A repeat of
    ``source_key`` with the same content gives the first input, whatever became of it; with other
    content it is a ConflictError, until ``vacuum``. BadArgumentError: nothing to say.
    """
    told = text_input(content) if isinstance(content, str) else dict(content)
    _check(told)
    to = ingress or NextTurn()
    is_active = isinstance(to, ActiveTurn)
    with store.connections.write() as connection:
        return rows.enqueue(
            connection,
            sessions.find(connection, session),
            told,
            scope="active_turn" if is_active else "next_turn",
            turn=to.turn if isinstance(to, ActiveTurn) else None,
            boundary=str(to.min_boundary) if isinstance(to, ActiveTurn) else None,
            source_key=source_key,
        )


def _check(content: dict[str, Any]) -> None:
    items = content.get("items")
    if not isinstance(items, list) or not items:
        raise BadArgumentError("an input needs something to say: a list of items")
    for item in items:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind == "text" and isinstance(item.get("text"), str) and item["text"].strip():
            continue
        if kind == "image_ref" and item.get("id") in content.get("image_blobs", {}):
            continue
        raise BadArgumentError(f"{item!r} is no item: use a text, or the image_ref of a blob")


def starts_turn(input: Input) -> bool:
    """Whether an input asks for a turn to be run: only one for the next turn does (lash)."""
    return input.scope == "next_turn" and input.state == rows.DEFERRED


def inputs(store: Store, session: str) -> list[Input]:
    """All inputs of a session in the order in which they came, tombstones too."""
    connection = store.connections.get()
    return rows.listed(connection, sessions.find(connection, session))


def take(
    store: Store, lease: Lease, boundary: Boundary | None = None, turn: str | None = None
) -> list[Input]:
    """Accept what may be said now, in order, under the session's lease; commit it with
    ``heads.commit``. ``boundary`` None: at the beginning of a turn. What a former holder of the
    lease accepted and never committed is accepted again. LeaseLostError: it is not ours."""
    with store.connections.write() as connection:
        leases.check(connection, lease)
        rows.reclaim(connection, lease.pk, lease.fence)
        return rows.take(
            connection,
            lease.pk,
            lease.fence,
            turn=turn,
            boundary=None if boundary is None else str(boundary),
        )


def cancel(store: Store, session: str, input: str) -> Cancelled:
    """Cancel an input, if nobody has accepted it yet; says what came of it."""
    with store.connections.write() as connection:
        return Cancelled(rows.cancel(connection, sessions.find(connection, session), input))


def cancel_from(store: Store, session: str, input: str) -> dict[str, Cancelled]:
    """Cancel an input and all that came behind it: ``{id: what came of it}`` (lash's suffix)."""
    with store.connections.write() as connection:
        pk = sessions.find(connection, session)
        anchor = rows.find(connection, pk, input)
        if anchor is None:
            return {input: Cancelled.NOT_FOUND}
        later = rows.listed(connection, pk, anchor.seq)
        return {one.id: Cancelled(rows.cancel(connection, pk, one.id)) for one in later}


def vacuum(store: Store, session: str) -> int:
    """Delete what was said or cancelled; gives how many. Their keys can be used again then."""
    with store.connections.write() as connection:
        return rows.vacuum(connection, sessions.find(connection, session))
