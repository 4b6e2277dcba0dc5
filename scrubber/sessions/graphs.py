"""Graph, frames, head, ledger of a session: lash's verbs, as a part of ``Sessions``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.sessions import checkpoints, frames, heads, ledger
from scrubber.sessions.base import SessionsBase
from scrubber.sessions.graph import Residency, SessionGraph
from scrubber.store import landmarks, sessions
from scrubber.store import turn_inputs as input_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.events import Usage
    from scrubber.sessions.checkpoints import StoredCheckpoint
    from scrubber.sessions.frames import Frame, Opened
    from scrubber.sessions.heads import Commit, Committed, Head
    from scrubber.sessions.ledger import Report
    from scrubber.sessions.reading import ReadView
    from scrubber.store.leases import Lease


class Graphs(SessionsBase):
    """What lash does with a session; ids are exact, as in all of ``Sessions``."""

    def graph(self, id: str, residency: Residency | str = Residency.KEEP_ALL) -> SessionGraph:
        """The session's graph, its leaf and its active path; ``branch_to`` moves the leaf."""
        return SessionGraph(self.store, self._known("graph", id), Residency(residency))

    def read_view(self, id: str) -> ReadView:
        """The session as it is now, for reading: it stays as it is."""
        return self.graph(id, Residency.ACTIVE_PATH_ONLY).read_view()

    def frames(self, id: str) -> list[Frame]:
        """The session's agent frames, the initial one first, the current one last."""
        return frames.frames(self.store, self._known("frames", id))

    def open_frame(self, id: str, reason: str, **how: Any) -> Opened:
        """Let a new agent frame begin: see ``frames.open_frame``."""
        done = frames.open_frame(self.store, self._known("open_frame", id), reason, **how)
        if done.opened:
            session = self.store.session(id).id
            facts = {"frame": done.frame.id, "reason": reason}
            self.listeners.tell(session, {"type": "frame_opened", "session_id": session, **facts})
        return done

    def head(self, id: str) -> Head:
        """Where the session stands: revision, leaf, frame, checkpoint."""
        return heads.head(self.store, self._known("head", id))

    def lease(self, id: str, what: str = "a runtime", ttl_ms: int = 30_000) -> Lease:
        """The right to extend the session, for so many milliseconds; a HeldError if it is taken.

        Renew it (``store.renew``) at least thrice within that time, and give it back
        (``store.release``). Its ``fence`` rises with every claim.
        """
        return self.store.claim(self._known("lease", id), what, ttl_ms)

    def commit(
        self,
        id: str,
        what: Commit,
        *,
        lease: Lease | None = None,
        expected_revision: int | None = None,
    ) -> Committed:
        """Write a turn, all of it or nothing: see ``heads.commit``."""
        done = heads.commit(
            self.store,
            self._known("commit", id),
            what,
            lease=lease,
            expected_revision=expected_revision,
        )
        if not done.again:
            facts = {"key": what.key, "revision": done.revision}
            told = {"type": "committed", "session_id": done.session, **facts}
            self.listeners.tell(done.session, told)
        return done

    def checkpoint(self, id: str, at: int | None = None) -> StoredCheckpoint | None:
        """The last checkpoint in front of an index (None: of all); None if there is none."""
        return checkpoints.latest(self.store, self._known("checkpoint", id), at)

    def usage(self, id: str, *, own: bool = False) -> Report:
        """The session's token ledger; ``own``: without what it shares with where it comes from."""
        return (ledger.own_report if own else ledger.report)(self.store, self._known("usage", id))

    def usage_of(self, ids: Iterable[str]) -> Report:
        """What several sessions have spent together; what they share counts once."""
        return ledger.family_report(self.store, [self._known("usage_of", id) for id in ids])

    def spend(self, id: str, source: str, model: str, usage: Usage) -> None:
        """Book tokens that no event of the session tells of."""
        ledger.enter(self.store, self._known("spend", id), source, model, usage)

    def vacuum(self, id: str) -> tuple[int, int]:
        """Delete what is done with: (tombstones of the session's inputs, blobs that no checkpoint
        of any session names). Nodes off the active path stay: they are history, and only
        ``purge`` deletes, and only what was put away."""
        with self.store.connections.write() as connection:
            pk = sessions.find(connection, self._known("vacuum", id))
            return input_rows.vacuum(connection, pk), landmarks.drop_unused_blobs(connection)
