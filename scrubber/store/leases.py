"""Leases: only one program at a time extends a session, and a second one is told who does.

A lease runs out by itself unless it is renewed, so that a killed program blocks nobody for long;
one whose program is known to be dead is not waited for. Its *fence* rises with every claim: what a
former holder still tries to write is refused.
"""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.errors import ConflictError
from scrubber.store import sessions

if TYPE_CHECKING:
    import sqlite3

TTL_MS = 30_000
RENEW_MS = 10_000
"""How often a holder renews: at least thrice within the time to live."""


class HeldError(ConflictError):
    """Another program extends the session just now; the message says which."""


class LeaseLostError(ConflictError):
    """The lease ran out and somebody else has taken the session over; nothing was written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to extend a session, until it is given back or runs out."""

    session: str
    pk: int
    token: str
    fence: int


def claim(connection: sqlite3.Connection, pk: int, what: str, ttl_ms: int = TTL_MS) -> Lease:
    """Take the lease of a session; a HeldError names the program that has it."""
    name = sessions.get(connection, pk).id
    row = connection.execute(
        "SELECT fence, token, holder, expires FROM leases WHERE session = ?", (pk,)
    ).fetchone()
    now = sessions.now_ms()
    if row is not None and row[1] is not None and row[3] > now and not _is_dead(row[2]):
        raise HeldError(f"session {name} is being extended by {row[2].partition(' ')[2]}")
    fence = (row[0] if row else 0) + 1
    lease = Lease(name, pk, uuid.uuid4().hex, fence)
    connection.execute(
        "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?)",
        (pk, fence, lease.token, f"{_here()} {what} (process {os.getpid()})", now + ttl_ms),
    )
    return lease


def renew(connection: sqlite3.Connection, lease: Lease, ttl_ms: int = TTL_MS) -> None:
    """Keep a lease for longer; a LeaseLostError if it is no longer ours."""
    check(connection, lease)
    connection.execute(
        "UPDATE leases SET expires = ? WHERE session = ?", (sessions.now_ms() + ttl_ms, lease.pk)
    )


def release(connection: sqlite3.Connection, lease: Lease) -> None:
    """Give a lease back; one that was lost stays whose it is now."""
    connection.execute(
        "UPDATE leases SET token = NULL WHERE session = ? AND token = ?", (lease.pk, lease.token)
    )


def check(connection: sqlite3.Connection, lease: Lease, unexpired: bool = False) -> None:
    """A LeaseLostError unless the lease is still ours; one that ran out unnoticed still is, unless
    it has to be ``unexpired``."""
    row = connection.execute(
        "SELECT token, fence, holder, expires FROM leases WHERE session = ?", (lease.pk,)
    ).fetchone()
    if row is None or (row[0], row[1]) != (lease.token, lease.fence):
        other = row[2].partition(" ")[2] if row and row[0] else "nobody"
        raise LeaseLostError(
            f"session {lease.session} is no longer ours to extend: {other} has taken it over"
        )
    if unexpired and row[3] <= sessions.now_ms():
        raise LeaseLostError(f"the lease of session {lease.session} has run out")


def holder(connection: sqlite3.Connection, pk: int) -> str | None:
    """Who extends a session just now, None if nobody does."""
    row = connection.execute(
        "SELECT token, holder, expires FROM leases WHERE session = ?", (pk,)
    ).fetchone()
    if row is None or row[0] is None or row[2] <= sessions.now_ms() or _is_dead(row[1]):
        return None
    return str(row[1]).partition(" ")[2]


def _here() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_dead(holder: str) -> bool:
    """Whether a holder was a program of this machine that is no longer there."""
    host, _, process = holder.partition(" ")[0].rpartition(":")
    if host != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False
