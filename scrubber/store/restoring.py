"""Puts what a snapshot holds back in place: sources, sessions, lineage."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import orjson

from scrubber.core.errors import BadArgumentError
from scrubber.core.hashing import blake2b
from scrubber.store import kept_notes, kept_work, landmarks, sessions, sources, trash
from scrubber.store import logs as log_rows
from scrubber.store.writer import SourceWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scrubber.core.events import Event
    from scrubber.core.slices import SliceList
    from scrubber.store.connection import Connections

Restored = tuple[str, Literal["new", "unchanged"]]
"""A session's id, and what became of it."""

_FACTS = (
    "id",
    "title",
    "format",
    "relation",
    "status",
    "model",
    "cwd",
    "forked_at",
    "native_id",
    "parent_native_id",
    "agent",
    "renamed",
    "note",
    "created",
    "updated",
    "revision",
)

_CLAIMS = ("hypothesis", "verdict", "reason")
"""Facts that snapshots of version 1 do not have."""


@contextmanager
def restoring(connections: Connections) -> Iterator[Restorer]:
    """One transaction: all that is restored within it is put in place, or nothing."""
    try:
        with connections.write() as connection:
            yield Restorer(connections, connection)
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError) as error:
        raise BadArgumentError(f"the store cannot hold what it says ({error})") from error


class Restorer:
    """Takes sources and sessions as a snapshot describes them."""

    def __init__(self, connections: Connections, connection: sqlite3.Connection) -> None:
        self._connections = connections
        self._connection = connection
        self._sources: list[int] = []

    def source(self, facts: Mapping[str, Any]) -> SourceWriter:
        """A source, as what writes it.

        It stands for its file only if the store has not read that file itself.
        """
        source = sources.create(self._connection, None, facts["format"], facts["reader"])
        taken = self._connection.execute(
            "SELECT 1 FROM sources WHERE path = ? AND superseded = 0", (facts["path"],)
        ).fetchone()
        superseded = facts["superseded"] or taken is not None
        self._connection.execute(
            "UPDATE sources SET path = ?, superseded = ?, warnings = ?, pending = ? WHERE id = ?",
            (
                facts["path"],
                superseded,
                orjson.dumps(facts["warnings"]).decode(),
                facts["pending"],
                source,
            ),
        )
        self._sources.append(source)
        return SourceWriter(self._connections, source, facts["format"], as_is=True)

    def spawn(self, log: int, agent: str, start: int, stop: int | None, title: str) -> None:
        """A sub-agent's time at work."""
        self._connection.execute(
            "INSERT INTO spawns VALUES (?, ?, ?, ?, ?)", (log, agent, start, stop, title)
        )

    def sessions(
        self,
        facts: Sequence[Mapping[str, Any]],
        slices: Sequence[SliceList],
        logs: Mapping[int, int],
    ) -> list[Restored]:
        """Create the sessions, except those that are here already, and hang them in their tree.

        ``logs`` leads from the snapshot's logs to those of the store. What was brought along and
        then not needed goes again.
        """
        names: dict[str, str] = {}
        results: list[Restored] = []
        for one, pieces in zip(facts, slices, strict=True):
            name, is_here = self._name(one["id"], pieces)
            if is_here:
                self._connection.execute("UPDATE sessions SET trashed = NULL WHERE id = ?", (name,))
            else:
                self._create(one, name, pieces, logs)
            names[one["id"]] = name
            results.append((name, "unchanged" if is_here else "new"))
        for one in facts:
            self._set_parent(names[one["id"]], one["parent"], names)
        trash.drop_unused(self._connection, self._sources)
        return results

    def colours(self, colours: Sequence[Sequence[str]]) -> None:
        """Colours of labels; those that were given here stay."""
        self._connection.executemany("INSERT OR IGNORE INTO label_colours VALUES (?, ?)", colours)

    def notes(
        self, found: Sequence[Mapping[str, Any]], named: Mapping[str, tuple[str, SliceList]]
    ) -> None:
        """Notes that are not here yet; ``named``: the snapshot's sessions, as in kept_notes."""
        kept_notes.restore(self._connection, found, named)

    def blobs(self, found: Iterable[bytes]) -> None:
        """Bytes that checkpoints name."""
        for data in found:
            landmarks.keep_blob(self._connection, data)

    def landmarks(self, found: Iterable[list[Any]], logs: Mapping[int, int]) -> None:
        """What events stand for; to be called behind ``sessions``."""
        kept_work.restore_landmarks(self._connection, found, logs)

    def work(self, session: str, found: Mapping[str, Any]) -> None:
        """State, tasks and spending of a session that was not here before."""
        kept_work.restore_session(self._connection, session, found)

    def _name(self, wanted: str, pieces: SliceList) -> tuple[str, bool]:
        """The id to restore a session under, and whether just this session has it already.

        If another session has the id, the new one is made of the events: so restoring the same
        snapshot again finds what the first time made.
        """
        name = wanted
        while True:
            row = self._connection.execute(
                "SELECT pk FROM sessions WHERE id = ?", (name,)
            ).fetchone()
            if row is None:
                return name, False
            if self._is_same(sessions.slices_of(self._connection, row[0]), pieces):
                return name, True
            name = str(uuid.UUID(bytes=self._fingerprint(name, pieces), version=4))

    def _create(
        self, facts: Mapping[str, Any], name: str, slices: SliceList, logs: Mapping[int, int]
    ) -> None:
        fields = {key: facts[key] for key in _FACTS} | {"id": name}
        fields |= {key: facts.get(key, "") for key in _CLAIMS}
        fields["follows"] = logs.get(facts["follows"])
        pk = sessions.create(self._connection, fields, slices)
        self._connection.executemany(
            "INSERT INTO labels VALUES (?, ?)", [(pk, label) for label in set(facts["labels"])]
        )

    def _set_parent(self, name: str, parent: str | None, names: Mapping[str, str]) -> None:
        if parent is not None:
            self._connection.execute(
                "UPDATE sessions SET parent = (SELECT pk FROM sessions WHERE id = ?) "
                "WHERE id = ? AND parent IS NULL",
                (names.get(parent, parent), name),
            )

    def _is_same(self, here: SliceList, there: SliceList) -> bool:
        """Whether two sessions hold the same events, by all that their rows say."""
        return len(here) == len(there) and all(
            ours == theirs
            for ours, theirs in zip(self._facts(here), self._facts(there), strict=True)
        )

    def _fingerprint(self, name: str, slices: SliceList) -> bytes:
        digest = blake2b(name.encode(), digest_size=16)
        for facts in self._facts(slices):
            digest.update(repr(facts).encode())
        return digest.digest()

    def _facts(self, slices: SliceList) -> Iterator[tuple[object, ...]]:
        for start in range(0, len(slices), 1000):
            for event in log_rows.read(self._connection, slices, start, start + 1000):
                yield _facts_of(event)


def _facts_of(event: Event) -> tuple[object, ...]:
    """What makes an event the same as another, wherever the two are kept."""
    return (
        event.kind,
        event.ts,
        event.name,
        event.call_id,
        event.size,
        event.text,
        event.marks,
        event.usage,
    )
