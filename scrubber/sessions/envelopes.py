"""Sessions of a store as envelopes, after fluers: see ``persistence``."""

from __future__ import annotations

from scrubber.core.errors import UnknownSessionError
from scrubber.sessions.compaction import Compaction
from scrubber.sessions.messages import checked
from scrubber.sessions.persistence import Envelope, PersistenceAdapter


class Envelopes(Compaction):
    """Sessions that are saved elsewhere, and taken from there."""

    def envelope(self, id: str) -> Envelope:
        """A session as an envelope; what it has beside stays in the store."""
        session = self.store.session(self._known("envelope", id))
        facts = self.lives.facts(id).facts or {}
        return Envelope(
            self.messages(id),
            session.model or "",
            facts.get("max_turns", 0),
            facts.get("system_message"),
            facts.get("metadata") or {},
        )

    def put_envelope(self, id: str, envelope: Envelope) -> None:
        """Give a session what an envelope holds, in one transaction; it is opened if need be.

        The messages that both begin with stay the same events.
        """

        if self.lives.holds(id):
            self._own("put_envelope", id)
        wanted = [checked(message) for message in envelope.messages]
        made: list[bool] = []

        def work() -> None:
            made.append(self._open_rows(id))
            self._replace_rows(id, wanted)
            self._put_facts(id, envelope)

        self._atomic(work)
        self._opened(id, made[0])
        self._changed(id, {"type": "messages_replaced", "count": len(wanted)})

    def _put_facts(self, session: str, envelope: Envelope) -> None:
        if envelope.model != (self.store.session(session).model or ""):
            self.store.update(session, model=envelope.model)
        beside = {
            "max_turns": envelope.max_turns,
            "system_message": envelope.system_message,
            "metadata": envelope.metadata,
        }
        self.lives.put(session, facts={**(self.lives.facts(session).facts or {}), **beside})

    def save_to(self, adapter: PersistenceAdapter, id: str) -> None:
        """Save a session through an adapter, as fluers' runner does after each turn."""
        adapter.save(id, self.envelope(id))

    def load_from(self, adapter: PersistenceAdapter, id: str) -> None:
        """Take a session over from an adapter; an UnknownSessionError if there is none."""
        envelope = adapter.load(id)
        if envelope is None:
            raise UnknownSessionError(f"session not found: {id}")
        self.put_envelope(id, envelope)
