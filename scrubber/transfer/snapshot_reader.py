"""Reads a snapshot back into a store: the same sessions, slices, events, bytes and lineage."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.core.events import Draft, Kind, Origin, Role, Usage, Visibility, mark_of
from scrubber.core.notes import KINDS, checked_colour, checked_label
from scrubber.core.slices import Slice, SliceList
from scrubber.store.restoring import Restored, Restorer, restoring
from scrubber.transfer import snapshots
from scrubber.transfer.snapshot_work import WorkLines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.store import Store
    from scrubber.store.writer import SourceWriter
    from scrubber.transfer.progress import Progress


def is_snapshot(path: Path) -> bool:
    """Whether a file begins like a snapshot."""
    with path.open("rb") as stream:
        return snapshots.is_header(stream.read(64))


def read_snapshot(store: Store, path: Path, progress: Progress) -> Iterator[Restored]:
    """Import a snapshot, all of it or nothing; gives the ids of its sessions.

    A session that the store has already stays as it is, if it is the same; one that only has the
    same id is imported under a new one. A FormatError names the line of whatever is wrong.
    """
    number = 1
    try:
        with path.open("rb") as stream, restoring(store.connections) as restorer:
            reader = _SnapshotReader(restorer)
            first = stream.readline()
            snapshots.check_header(first, path)
            reader.digest.update(first)
            for line in stream:
                number += 1
                reader.line(line)
                progress.advance(len(line))
            results = reader.finish()
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        if isinstance(error, FormatError):
            raise
        why = str(error) if isinstance(error, (ValueError, BadArgumentError)) else repr(error)
        raise FormatError(
            f"{path}:{number}: not as a snapshot must be ({why}); nothing was imported"
        ) from error
    yield from results


class _SnapshotReader:
    """Takes the lines of one snapshot, in order; any error means that it is refused."""

    def __init__(self, restorer: Restorer) -> None:
        self.digest = snapshots.fresh_digest()
        self._restorer = restorer
        self._sources: dict[int, SourceWriter] = {}
        self._logs: dict[int, tuple[int, str]] = {}
        self._lengths: dict[int, int] = {}
        self._spawns: list[list[Any]] = []
        self._sessions: list[dict[str, Any]] = []
        self._notes: list[dict[str, Any]] = []
        self._colours: list[list[str]] = []
        self._work = WorkLines()
        self._lines = 1
        self._ended = False

    def line(self, line: bytes) -> None:
        """Take one line."""
        if self._ended:
            raise ValueError("it goes on behind its end")
        ((key, value),) = orjson.loads(line).items()
        self._lines += 1
        take = getattr(self, f"_take_{key}", None)
        if take is None:
            raise ValueError(f"it says {key!r}, which this version does not know")
        take(value)
        self.digest.update(line)

    def _take_source(self, value: dict[str, Any]) -> None:
        snapshots.check(value, snapshots.SOURCE)
        for warning in value["warnings"]:
            snapshots.check(warning, {"line": (int,), "reason": (str,)})
        if value["id"] in self._sources:
            raise ValueError(f"source {value['id']} stands twice")
        pending = base64.b64decode(value["pending"], validate=True)
        self._sources[value["id"]] = self._restorer.source({**value, "pending": pending})

    def _take_record(self, value: list[Any]) -> None:
        snapshots.check(value, snapshots.RECORD)
        writer = self._sources[value[0]]
        if writer.records != value[1]:
            raise ValueError(f"record {value[1]} where {writer.records} should be")
        is_text = value[2] is not None
        raw = value[2].encode() if is_text else base64.b64decode(value[3], validate=True)
        writer.add(raw, [])
        self._commit_if_full(writer)

    def _take_log(self, value: dict[str, Any]) -> None:
        snapshots.check(value, snapshots.LOG)
        place = value["source"], value["key"]
        if value["source"] not in self._sources or place in self._logs.values():
            raise ValueError(f"log {value['id']} has no source, or shares its key")
        self._logs[value["id"]] = place
        self._lengths[value["id"]] = 0

    def _take_event(self, value: list[Any]) -> None:
        snapshots.check(value, snapshots.EVENT)
        source, key = self._logs[value[0]]
        writer = self._sources[source]
        if not 0 <= value[1] < writer.records:
            raise ValueError(f"an event of record {value[1]}, which is not there")
        self._lengths[value[0]] += 1
        writer.add_events(value[1], [_draft(value, key)])
        self._commit_if_full(writer)

    def _commit_if_full(self, writer: SourceWriter) -> None:
        if writer.batch_is_full:
            writer.commit({})

    def _take_spawn(self, value: list[Any]) -> None:
        snapshots.check(value, snapshots.SPAWN)
        if value[0] not in self._logs:
            raise ValueError(f"log {value[0]} is not there")
        self._spawns.append(value)

    def _take_session(self, value: dict[str, Any]) -> None:
        snapshots.check(value, snapshots.SESSION)
        for piece in value["slices"]:
            log, start, stop = snapshots.check(piece, snapshots.SLICE).copy()
            if not 0 <= start < stop <= self._lengths[log]:
                raise ValueError(f"slice {piece} is not within its log")
        snapshots.check(value["labels"], dict.fromkeys(range(len(value["labels"])), (str,)))
        snapshots.check(dict.fromkeys(snapshots.CLAIMS, "") | value, snapshots.CLAIMS)
        if any(value["id"] == other["id"] for other in self._sessions):
            raise ValueError(f"session {value['id']} stands twice")
        self._sessions.append(value)

    def _take_blob(self, value: list[Any]) -> None:
        self._work.blob(value)

    def _take_landmark(self, value: list[Any]) -> None:
        self._work.landmark(value, self._lengths)

    def _take_work(self, value: dict[str, Any]) -> None:
        self._work.session(value)

    def _take_colour(self, value: list[Any]) -> None:
        snapshots.check(value, snapshots.COLOUR)
        self._colours.append([checked_label(value[0]), checked_colour(value[1])])

    def _take_note(self, value: dict[str, Any]) -> None:
        snapshots.check(value, snapshots.NOTE)
        for place in value["anchors"]:
            log, seq = snapshots.check(place, snapshots.ANCHOR)
            if not 0 <= seq < self._lengths[log]:
                raise ValueError(f"a note on event {seq} of log {log}, which is not there")
        if value["kind"] not in KINDS or not value["anchors"] + value["lost"]:
            raise ValueError(f"a note that is none: {value['id']}")
        kind = int(Kind.parse(value["event_kind"]))
        digest = bytes.fromhex(value["digest"])
        self._notes.append({**value, "event_kind": kind, "digest": digest})

    def _take_end(self, value: dict[str, Any]) -> None:
        if value["lines"] != self._lines:
            raise ValueError(f"{value['lines']} lines were written, {self._lines} are here")
        if value["digest"] != self.digest.hexdigest():
            raise ValueError("its lines are not those that were written")
        self._ended = True

    def finish(self) -> list[Restored]:
        """Put the sessions in place, once all lines were taken."""
        if not self._ended:
            raise ValueError("it is cut off")
        for writer in self._sources.values():
            writer.commit({})
        logs: dict[int, int] = {}
        for old, (source, key) in self._logs.items():
            new = self._sources[source].log_id(key)
            if new is not None:
                logs[old] = new
        for log, agent, start, stop, title in self._spawns:
            self._restorer.spawn(logs[log], agent, start, stop, title)
        slices = [
            SliceList([Slice(logs[log], start, stop) for log, start, stop in facts["slices"]])
            for facts in self._sessions
        ]
        restored = self._restorer.sessions(self._sessions, slices, logs)
        names = [name for name, _ in restored]
        named = {facts["id"]: one for facts, one in zip(self._sessions, restored, strict=True)}
        self._work.restore(self._restorer, named, logs)
        self._restorer.colours(self._colours)
        self._restorer.notes(self._notes, self._named(names))
        return restored

    def _named(self, names: list[str]) -> dict[str, tuple[str, SliceList]]:
        """The ids of the snapshot's sessions, as they are here, with the snapshot's slices."""
        return {
            facts["id"]: (name, SliceList([Slice(*piece) for piece in facts["slices"]]))
            for facts, name in zip(self._sessions, names, strict=True)
        }


def _draft(value: list[Any], key: str) -> Draft:
    return Draft(
        Kind.parse(value[3]),
        value[14],
        Role.parse(value[4]),
        Visibility.parse(value[5]),
        Origin.parse(value[6]),
        mark_of(value[7]),
        value[8],
        value[9],
        value[10],
        value[11],
        value[12],
        value[13],
        _usage(value[15]),
        key,
        value[2],
    )


def _usage(value: list[Any] | None) -> Usage | None:
    if value is None:
        return None
    context, input, cache_read, cache_write, output, reasoning, cost = snapshots.check(
        value, snapshots.USAGE
    )
    return Usage(input, cache_read, cache_write, output, reasoning, context, cost)
