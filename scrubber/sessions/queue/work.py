"""Queued work, as lash has it: batches that are done in their order, at moments that suit them.

- ``Delivery`` says when: at the next safe boundary, or only when the turn that runs is committed.
- ``Slot`` says how: alone, or together with those right behind it that are alike.
- What is alike is said by a merge key: none (``never``), the kinds of the items
  (``payload_default``), or a group's name.
- A command (``commands``) is done alone, after the turn, and nothing passes it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.store import leases, sessions
from scrubber.store import queued_work as rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrubber.store import Store
    from scrubber.store.leases import Lease
    from scrubber.store.queued_work import Batch, Claim


class Delivery(StrEnum):
    """When work may be done."""

    EARLIEST_SAFE_BOUNDARY = rows.EARLIEST
    AFTER_CURRENT_TURN_COMMIT = rows.AFTER_TURN


class Slot(StrEnum):
    """Whether work is done together with more of its like."""

    JOIN = rows.JOIN
    EXCLUSIVE = rows.EXCLUSIVE


MERGE_NEVER, MERGE_PAYLOAD = rows.NEVER, rows.PAYLOAD


def merge_group(name: str) -> str:
    """The merge key of a group."""
    if not name.strip():
        raise BadArgumentError("a merge group needs a name")
    return f"{rows.GROUP}{name}"


def enqueue(
    store: Store,
    session: str,
    items: Sequence[Mapping[str, Any]],
    *,
    delivery: Delivery = Delivery.EARLIEST_SAFE_BOUNDARY,
    slot: Slot = Slot.JOIN,
    merge: str = MERGE_PAYLOAD,
    source_key: str | None = None,
) -> Batch:
    """Add work for a session's turns: JSON objects, each with a ``kind``.

    While a batch with the same ``source_key`` waits, that one is given, whatever the items.
    BadArgumentError: no items, one without a kind, or an unknown merge key.
    """
    if not items or not all(isinstance(item.get("kind"), str) for item in items):
        raise BadArgumentError("queued work needs items, each with a kind")
    if merge not in (MERGE_NEVER, MERGE_PAYLOAD) and not merge.startswith(rows.GROUP):
        raise BadArgumentError(f"{merge!r} is no merge key: never, payload_default or group:NAME")
    with store.connections.write() as connection:
        return rows.enqueue(
            connection,
            sessions.find(connection, session),
            rows.TURN_WORK,
            [dict(item) for item in items],
            delivery=str(delivery),
            slot=str(slot),
            merge=merge,
            source_key=source_key,
        )


def queued(store: Store, session: str) -> list[Batch]:
    """The batches that wait or are being done, in order."""
    connection = store.connections.get()
    return rows.listed(connection, sessions.find(connection, session))


def claim(store: Store, lease: Lease, *, in_turn: bool = False) -> Claim | None:
    """Claim what is next, under the session's lease; None if nothing is, or some is being done.

    ``in_turn``: a turn runs just now. What a former holder of the lease left undone is claimed
    again. LeaseLostError: the lease is not ours.
    """
    with store.connections.write() as connection:
        leases.check(connection, lease)
        return rows.claim(connection, lease.pk, lease.fence, in_turn)


def give_back(store: Store, lease: Lease, claim: Claim) -> None:
    """Let claimed work wait again, in its old place: it could not be done now."""
    with store.connections.write() as connection:
        leases.check(connection, lease)
        rows.give_back(connection, lease.pk, claim.id)


def cancel(store: Store, session: str, batch: str) -> bool:
    """Delete a batch that nobody does just now; whether there was one."""
    with store.connections.write() as connection:
        return rows.cancel(connection, sessions.find(connection, session), batch)
