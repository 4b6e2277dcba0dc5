"""Lets an agent frame open with an event that is there; see ``scrubber.sessions.frames``."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from scrubber.store import landmarks, ledger, sessions

if TYPE_CHECKING:
    from scrubber.store.store_reader import StoreReader


def open_compaction(store: StoreReader, session: str, index: int) -> None:
    """Let a frame open with the summary at an index of a session.

    It remembers which prompt was the last by then: what that one measured is no longer so.
    """
    with store.connections.write() as connection:
        slices = store.slices(session)
        facts = {"session": session, "reason": "compaction", "created": sessions.now_ms()}
        measured = ledger.last_prompt(connection, list(slices.slices))
        if measured is not None:
            facts["measured"] = measured[1]
        _, log, seq = slices.locate(index)
        name = f"{session}:frame:compaction:{uuid.uuid4()}"
        landmarks.put(connection, log, seq, landmarks.FRAME, name, facts)
