"""Reads a snapshot back into a store: the same sessions, slices, events, bytes and lineage."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import orjson

from scrubber.core.errors import FormatError
from scrubber.core.events import Draft, Kind, Mark, Origin, Role, Usage, Visibility
from scrubber.core.slices import Slice, SliceList
from scrubber.store import Store, restoring, trash
from scrubber.store.writer import SourceWriter
from scrubber.transfer import snapshots
from scrubber.transfer.progress import Progress


def is_snapshot(path: Path) -> bool:
    """Whether a file begins like a snapshot."""
    with path.open("rb") as stream:
        return snapshots.is_header(stream.read(64))


def read_snapshot(
    store: Store, path: Path, progress: Progress
) -> Iterator[tuple[str, Literal["new", "unchanged"]]]:
    """Import a snapshot, all of it or nothing; gives the ids of its sessions.

    A session that the store has already stays as it is, if it is the same; one that only has the
    same id is imported under a new one. A FormatError names the line of whatever is wrong.
    """
    with store.connections.write() as connection:
        reader = _SnapshotReader(store, connection, path)
        with path.open("rb") as stream:
            snapshots.check_header(stream.readline(), path)
            for number, line in enumerate(stream, 2):
                reader.line(number, line)
                progress.advance(len(line))
        results = reader.finish()
    yield from results


class _SnapshotReader:
    """Takes the lines of one snapshot, in order, within one transaction."""

    def __init__(self, store: Store, connection: sqlite3.Connection, path: Path) -> None:
        self._store = store
        self._connection = connection
        self._path = path
        self._sources: dict[int, tuple[int, SourceWriter, dict[str, Any]]] = {}
        self._logs: dict[int, tuple[int, str]] = {}
        self._sessions: list[dict[str, Any]] = []
        self._spawns: list[list[Any]] = []
        self._lines = 1
        self._ended = False

    def line(self, number: int, line: bytes) -> None:
        """Take one line."""
        try:
            ((key, value),) = orjson.loads(line).items()
            self._lines += 1
            getattr(self, f"_take_{key}", self._take_unknown)(value)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise FormatError(
                f"{self._path}:{number}: not a line of a snapshot ({error}); nothing was imported"
            ) from error

    def _take_unknown(self, value: Any) -> None:
        raise ValueError("it says something that this version does not know")

    def _take_source(self, value: dict[str, Any]) -> None:
        source = restoring.create_source(self._connection, value)
        writer = SourceWriter(self._store.connections, source, value["format"], as_is=True)
        self._sources[value["id"]] = (source, writer, value)

    def _take_record(self, value: list[Any]) -> None:
        writer = self._sources[value[0]][1]
        if writer.records != value[1]:
            raise ValueError(f"record {value[1]} where {writer.records} should be")
        writer.add(base64.b64decode(value[3]) if value[2] is None else value[2].encode(), [])
        self._commit_if_full(writer)

    def _take_log(self, value: dict[str, Any]) -> None:
        self._logs[value["id"]] = (value["source"], value["key"])

    def _take_event(self, value: list[Any]) -> None:
        source, key = self._logs[value[0]]
        writer = self._sources[source][1]
        if not 0 <= value[1] < writer.records:
            raise ValueError(f"an event of record {value[1]}, which is not there")
        writer.add_events(value[1], [_draft(value, key)])
        self._commit_if_full(writer)

    def _commit_if_full(self, writer: SourceWriter) -> None:
        if writer.batch_is_full:
            writer.commit({})

    def _take_spawn(self, value: list[Any]) -> None:
        self._spawns.append(value)

    def _take_session(self, value: dict[str, Any]) -> None:
        self._sessions.append(value)

    def _take_end(self, value: dict[str, Any]) -> None:
        if value["lines"] != self._lines:
            raise ValueError(f"{value['lines']} lines were written, {self._lines} are here")
        self._ended = True

    def finish(self) -> list[tuple[str, Literal["new", "unchanged"]]]:
        """Put the sessions in place, once all lines were taken."""
        if not self._ended:
            raise FormatError(f"{self._path}: the snapshot is cut off; nothing was imported")
        for source, writer, value in self._sources.values():
            writer.commit({})
            restoring.finish_source(self._connection, source, base64.b64decode(value["pending"]))
        logs = {
            old: self._sources[source][1].log_id(key) for old, (source, key) in self._logs.items()
        }
        for log, *rest in self._spawns:
            self._connection.execute("INSERT INTO spawns VALUES (?, ?, ?, ?, ?)", (logs[log], *rest))
        slices = [
            SliceList([Slice(logs[log] or 0, start, stop) for log, start, stop in facts["slices"]])
            for facts in self._sessions
        ]
        results = restoring.restore_sessions(self._connection, self._sessions, slices, logs)
        # A session that was here already keeps its own bytes; those brought along go again.
        trash.drop_unused(self._connection, [source for source, _, _ in self._sources.values()])
        return results


def _draft(value: list[Any], key: str) -> Draft:
    usage = value[15]
    return Draft(
        Kind.parse(value[3]),
        value[14],
        Role.parse(value[4]),
        Visibility.parse(value[5]),
        Origin.parse(value[6]),
        Mark(value[7]),
        value[8],
        value[9],
        value[10],
        value[11],
        value[12],
        value[13],
        Usage(*usage[1:6], context=usage[0], cost_micros=usage[6]) if usage else None,
        key,
        value[2],
    )
