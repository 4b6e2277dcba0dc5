"""Reading a store: sessions, their events, their bytes; nothing here writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError
from scrubber.core.slices import Slice, SliceList
from scrubber.core.track import AgentSpan, ForkMark, Track
from scrubber.store import columns, filtered_tree, leases, logs, prefixes, sessions
from scrubber.store.source_reader import SourceReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.events import Event, Kind, Totals
    from scrubber.core.session import Session

_ORDERS = {
    "updated": "s.updated DESC",
    "title": "s.title COLLATE NOCASE",
    "events": "s.events DESC",
    "tokens": "s.tokens DESC",
    "errors": "s.errors DESC",
}


def _sorted_by(order: str) -> str:
    if order not in _ORDERS:
        known = ", ".join(_ORDERS)
        raise BadArgumentError(f"sessions cannot be sorted by {order!r}: use one of {known}")
    return f"{_ORDERS[order]}, s.pk DESC"


class StoreReader(SourceReader):
    """What can be read from a store.

    Sessions are named by id, or by a prefix that only one id begins with; an unknown one raises
    UnknownSessionError (a LookupError), a bad argument BadArgumentError (a ValueError).
    """

    def data_version(self) -> int:
        """A number that changes when another program or thread has written to the store."""
        return int(self.connections.get().execute("PRAGMA data_version").fetchone()[0])

    def session(self, session: str) -> Session:
        """What is known of a session."""
        connection = self.connections.get()
        return sessions.get(connection, sessions.find(connection, session))

    def roots(self, limit: int = 2**31) -> list[Session]:
        """The sessions that are nobody's child, those changed last first."""
        return sessions.query(
            self.connections.get(),
            "s.parent IS NULL AND s.trashed IS NULL",
            (),
            "s.updated DESC, s.pk DESC",
            limit,
        )

    def children(self, session: str, relation: str | None = None) -> list[Session]:
        """A session's forks and sub-agents, in the order in which they leave it."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        return sessions.query(
            connection,
            "s.parent = ? AND s.trashed IS NULL AND (? IS NULL OR s.relation = ?)",
            (pk, relation, relation),
            "coalesce(s.forked_at, 0), s.pk",
            2**31,
        )

    def siblings(self, session: str) -> list[tuple[Session, int]]:
        """The sessions that begin with the same events, and how many; those sharing most first."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        slices = sessions.slices_of(connection, pk)
        found = sessions.query(
            connection,
            "s.pk != ? AND s.trashed IS NULL AND s.pk IN (SELECT o.session FROM slices m "
            "JOIN slices o ON o.log = m.log AND o.start = m.start AND o.first = 0 "
            "WHERE m.session = ? AND m.first = 0)",
            (pk, pk),
            "s.pk",
            2**31,
        )
        shared = [(one, slices.shared_with(self.slices(one.id))) for one in found]
        return sorted(shared, key=lambda pair: -pair[1])

    def sessions(self) -> list[Session]:
        """All sessions, those changed last first."""
        return sessions.query(
            self.connections.get(), "s.trashed IS NULL", (), "s.updated DESC, s.pk DESC", 2**31
        )

    def page(self, words: str, order: str, start: int, count: int) -> list[Session]:
        """A page of the top-level sessions, or of all that hold each of the words."""
        connection, by = self.connections.get(), _sorted_by(order)
        if wanted := words.split():
            values = tuple(filtered_tree.likes(wanted))
            return sessions.query(connection, filtered_tree.fits(wanted), values, by, count, start)
        # By its name: the planner would rather look parents up, and sort what it finds.
        page = (
            f"s.pk IN (SELECT s.pk FROM sessions s INDEXED BY roots_{order} "
            f"WHERE s.trashed IS NULL AND s.parent IS NULL ORDER BY {by} LIMIT ? OFFSET ?)"
        )
        return sessions.query(connection, page, (count, start), by, count)

    def filtered_page(self, words: str, order: str, start: int, count: int) -> list[Session]:
        """A page of the sessions that hold the words and hang below none that does."""
        return filtered_tree.top(
            self.connections.get(), words.split(), _sorted_by(order), start, count
        )

    def filtered_children(self, session: str, words: str) -> list[Session]:
        """The sessions below one that hold the words, with none between that does."""
        connection = self.connections.get()
        return filtered_tree.below(connection, words.split(), sessions.find(connection, session))

    def sessions_with(self, ids: Iterable[str]) -> list[Session]:
        """The sessions with these ids, those that are gone left out."""
        connection = self.connections.get()
        found = (
            sessions.query(connection, "s.id = ? AND s.trashed IS NULL", (one,), "s.pk", 1)
            for one in ids
        )
        return [session for rows in found for session in rows]

    def ancestry(self, session: str) -> list[Session]:
        """A session and what it comes from, the first ancestor first; a circle ends it."""
        line = [self.session(session)]
        seen = {line[0].id}
        while (parent := line[0].parent) is not None and parent not in seen:
            line.insert(0, self.session(parent))
            seen.add(parent)
        return line

    def followers(self, source: int) -> list[Session]:
        """The sessions that follow the logs of a source, those that were put away included."""
        return sessions.query(self.connections.get(), "l.source = ?", (source,), "s.pk", 2**31)

    def dependents(self, session: str) -> list[Session]:
        """The forks and sub-agents below a session, at any depth."""
        connection = self.connections.get()
        below = sessions.dependents(connection, sessions.find(connection, session))
        return [sessions.get(connection, pk) for pk in below]

    def lineage_facts(self, session: str) -> dict[str, Any]:
        """What else the store knows of a session, for snapshots."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        row = connection.execute(
            "SELECT parent_native_id, agent, renamed, follows FROM sessions WHERE pk = ?", (pk,)
        ).fetchone()
        names = ("parent_native_id", "agent", "renamed", "follows")
        return {**dict(zip(names, row, strict=True)), "labels": self.labels(session)}

    def labels(self, session: str) -> list[str]:
        """The session's labels, sorted."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        rows = connection.execute("SELECT name FROM labels WHERE session = ? ORDER BY name", (pk,))
        return [row[0] for row in rows]

    def slices(self, session: str) -> SliceList:
        """The slices that a session is made of."""
        connection = self.connections.get()
        return sessions.slices_of(connection, sessions.find(connection, session))

    def events(self, session: str, start: int = 0, stop: int | None = None) -> list[Event]:
        """The session's events at positions start…stop-1, clipped to the session."""
        slices = self.slices(session)
        return logs.read(
            self.connections.get(), slices, start, len(slices) if stop is None else stop
        )

    def event(self, log: int, seq: int) -> Event:
        """An event of a log; its index is its place there."""
        slices = SliceList([Slice(log, 0, seq + 1)])
        return logs.read(self.connections.get(), slices, seq, seq + 1)[0]

    def told(self, log: int, start: int, stop: int) -> tuple[int, list[logs.Told]]:
        """(source, what their rows tell) of the events start…stop-1 of a log, if it is there."""
        connection = self.connections.get()
        row = connection.execute("SELECT source FROM logs WHERE id = ?", (log,)).fetchone()
        return row[0] if row else 0, logs.told(connection, log, start, stop)

    def read(self, slices: SliceList, start: int, stop: int) -> list[Event]:
        """The events at some positions of a list of slices, whether a session has it or not."""
        return logs.read(self.connections.get(), slices, start, stop)

    def events_backwards(self, session: str, stop: int, kinds: tuple[Kind, ...]) -> Iterator[Event]:
        """The events of some kinds in front of a position, the last one first."""
        return logs.read_spoken_backwards(self.connections.get(), self.slices(session), stop, kinds)

    def open_calls(self, session: str, index: int | None = None) -> list[Event]:
        """The tool calls in front of an index that nothing in front of it answers, in order."""
        stop = len(self.slices(session)) if index is None else index
        missing = self.totals(session, stop).open_calls
        slices = self.slices(session).between(0, stop)
        return prefixes.open_calls(self.connections.get(), slices, missing)

    def totals(self, session: str, index: int | None = None) -> Totals:
        """What the first ``index`` events (None: all) sum up to, at the same cost at any length."""
        connection = self.connections.get()
        return sessions.totals(connection, sessions.find(connection, session), index)

    def track(self, session: str) -> Track:
        """The session's columns for the timeline, with its children's marks."""
        connection = self.connections.get()
        pk = sessions.find(connection, session)
        slices = sessions.slices_of(connection, pk)
        track = columns.read(connection, slices)
        track.forks = tuple(
            ForkMark(child.forked_at, child.id, child.title)
            for child in self.children(session, "fork")
            if child.forked_at is not None
        )
        track.spans = tuple(self._spans(session, slices))
        return track

    def columns(self, slices: SliceList) -> Track:
        """The columns of some slices, without marks of children."""
        return columns.read(self.connections.get(), slices)

    def _spans(self, session: str, slices: SliceList) -> Iterator[AgentSpan]:
        agents = {child.forked_at: child for child in self.children(session, "subagent")}
        for log in sorted({piece.log for piece in slices.slices}):
            for agent, start, stop, named in self.spawns(log):
                first = slices.position_of(log, start)
                if first is None:
                    continue
                last = slices.position_of(log, stop) if stop is not None else None
                child = agents.get(first)
                title = (child.title if child else named) or f"sub-agent {agent}"
                end = len(slices) if last is None else last + 1
                yield AgentSpan(first, end, child.id if child else None, title)

    def spawns(self, log: int) -> list[tuple[str, int, int | None, str]]:
        """(agent, start, stop, title) of the sub-agents that a log's session started."""
        rows = self.connections.get().execute(
            "SELECT agent, start, stop, title FROM spawns WHERE log = ? ORDER BY start, agent",
            (log,),
        )
        return list(rows)

    def holder(self, session: str) -> str | None:
        """Which program extends a session just now, None if none does."""
        connection = self.connections.get()
        return leases.holder(connection, sessions.find(connection, session))

    def branch_settings(self, session: str) -> dict[str, Any]:
        """How a branch is run, or else the nearest session that it comes from; {} if untold."""
        connection = self.connections.get()
        row = connection.execute(
            "WITH RECURSIVE line(pk, parent, depth) AS ("
            "SELECT pk, parent, 0 FROM sessions WHERE pk = ? UNION ALL "
            "SELECT s.pk, s.parent, depth + 1 FROM sessions s JOIN line ON s.pk = line.parent) "
            "SELECT b.settings FROM line JOIN branch_settings b ON b.session = line.pk "
            "ORDER BY depth LIMIT 1",
            (sessions.find(connection, session),),
        ).fetchone()
        return dict(orjson.loads(row[0])) if row else {}

    def setting(self, key: str) -> str | None:
        """A value kept with the store."""
        row = self.connections.get().execute("SELECT value FROM settings WHERE key = ?", (key,))
        found = row.fetchone()
        return str(found[0]) if found else None
