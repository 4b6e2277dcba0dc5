"""Session commands, as lash has them: done alone, after the turn, once for each idempotency key."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.slices import SliceList
from scrubber.sessions import heads
from scrubber.sessions.heads import Commit, Committed
from scrubber.sessions.queue import work
from scrubber.store import queued_work as rows
from scrubber.store import sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrubber.store import Store
    from scrubber.store.leases import Lease
    from scrubber.store.queued_work import Batch

    Handler = Callable[[str, Mapping[str, Any]], Commit | None]
    """Does a command, given the session's id and the command; gives what it wants written."""


class Command(StrEnum):
    """What can be asked of a session."""

    REFRESH_TOOL_CATALOG = "refresh_tool_catalog"
    """What tools there are is asked of their servers anew."""
    RESET_SESSION = "reset_session"
    """The conversation is empty from then on; nothing is deleted."""


def enqueue(
    store: Store, session: str, command: Command | str, idempotency_key: str, reason: str = ""
) -> Batch:
    """Ask something of a session; while the same command with the same key waits, that is given.

    Once it is done, the key can be used again. BadArgumentError: a blank key, or no such command.
    """
    key = idempotency_key.strip()
    if not key:
        raise BadArgumentError("session command idempotency key cannot be empty")
    if command not in list(Command):
        raise BadArgumentError(f"{command!r} is no session command: {', '.join(Command)}")
    item = {"kind": str(command), "reason": reason}
    with store.connections.write() as connection:
        return rows.enqueue(
            connection,
            sessions.find(connection, session),
            rows.COMMAND,
            [item],
            delivery=rows.AFTER_TURN,
            slot=rows.EXCLUSIVE,
            merge=rows.NEVER,
            source_key=f"command:{command}:{key}",
        )


def reset_commit(key: str) -> Commit:
    """What resetting a session writes: an empty path. All that was said stays in its graph."""
    return Commit(key, behind=SliceList())


def leads(store: Store, session: str) -> bool:
    """Whether a command is the first of what waits for a session."""
    connection = store.connections.get()
    waiting = rows.listed(connection, sessions.find(connection, session))
    return bool(waiting) and waiting[0].kind == rows.COMMAND


def drain(store: Store, lease: Lease | None, handlers: Mapping[str, Handler]) -> Committed | None:
    """Do the command that leads the queue, if one does, and commit that; None if none does.

    BadArgumentError: no lease, or nobody who handles the command (it stays where it is). A handler
    that raises leaves the command to be done again.
    """
    if lease is None:
        raise BadArgumentError("session command commit requires a session execution lease")
    waiting = rows.listed(store.connections.get(), lease.pk)
    if not waiting or waiting[0].kind != rows.COMMAND:
        return None
    claimed = work.claim(store, lease)
    if claimed is None:
        return None
    try:
        done = _handle(lease.session, claimed.batches[0], handlers)
    except BaseException:
        work.give_back(store, lease, claimed)
        raise
    return heads.commit(store, lease.session, _closing(done, claimed.id), lease=lease)


def _handle(session: str, batch: Batch, handlers: Mapping[str, Handler]) -> Commit:
    command = batch.items[0]
    kind = str(command["kind"])
    if kind == Command.RESET_SESSION and kind not in handlers:
        return reset_commit(batch.id)
    if kind not in handlers:
        raise BadArgumentError(f"nobody handles the session command {kind!r}")
    return handlers[kind](session, command) or Commit(batch.id)


def _closing(done: Commit, claim: str) -> Commit:
    return replace(done, work=(*done.work, claim))
