"""Writes sessions as a snapshot: whole, with every record, event and slice they are made of."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.slices import Slice, SliceList
from scrubber.store.sessions import now_ms
from scrubber.transfer import snapshot_work, snapshots
from scrubber.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.store import Store
    from scrubber.store.sources import Source
    from scrubber.transfer.redacting import Redactor

_STEP = 2000


class SnapshotWriter:
    """Writes some sessions of a store; ``cut`` limits the first of them to an index."""

    def __init__(
        self,
        store: Store,
        sessions: list[Session],
        cut: int | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self._redactor = redactor
        self._store = store
        self._slices = {session.id: store.slices(session.id) for session in sessions}
        self._sessions = sessions
        self._cut = sessions[0].id if cut is not None and cut < sessions[0].events else None
        if self._cut is not None:
            self._slices[self._cut] = self._slices[self._cut].between(0, cut or 0)
        self._blobs: set[str] = set()
        self._lines = 0
        self._digest = snapshots.fresh_digest()

    def write(self) -> Iterator[bytes]:
        """The lines of the file."""
        yield self._line(snapshots.header(__version__, now_ms()))
        for source, logs in self._needed().items():
            yield from self._source(source, logs)
        for session in self._sessions:
            yield self._session(session)
            for line in snapshot_work.of_session(self._store, session.id):
                yield self._item(*line)
        yield from self._notes()
        yield self._item("end", {"lines": self._lines + 1, "digest": self._digest.hexdigest()})

    def _line(self, data: bytes) -> bytes:
        self._lines += 1
        line = data + b"\n"
        self._digest.update(line)
        return line

    def _item(self, key: str, value: Any) -> bytes:
        data = orjson.dumps({key: value})
        return self._line(self._redactor.record(data) if self._redactor else data)

    def _needed(self) -> dict[int, dict[int, int]]:
        """For each source the logs that the sessions use, and how far."""
        needed: dict[int, dict[int, int]] = {}
        for slices in self._slices.values():
            for piece in slices.slices:
                source = self._store.source_of_log(piece.log).id
                logs = needed.setdefault(source, {})
                logs[piece.log] = max(logs.get(piece.log, 0), piece.stop)
        return needed

    def _source(self, number: int, logs: dict[int, int]) -> Iterator[bytes]:
        source = self._store.source(number)
        lengths = {log: length for log, _, length in self._store.logs_of(number)}
        whole = logs == lengths
        yield self._item(
            "source",
            {
                "id": number,
                "format": source.format,
                # Records with placeholders are not what the events were derived from.
                "reader": 0 if self._redactor else source.reader,
                "path": source.path,
                "pending": base64.b64encode(self._pending(source) if whole else b"").decode(),
                "superseded": source.superseded,
                "warnings": [asdict(warning) for warning in source.warnings],
            },
        )
        last = source.records if whole else self._last_record(logs) + 1
        for index, raw in enumerate(self._store.records(number, last)):
            safe = self._redactor.record(raw) if self._redactor else raw
            yield self._item("record", _record(number, index, safe))
        for log, key, _ in self._store.logs_of(number):
            if log in logs:
                yield self._item("log", {"id": log, "source": number, "key": key})
                yield from self._events(log, logs[log])
                yield from self._spawns(log, logs[log])
                for line in snapshot_work.of_log(self._store, log, logs[log], self._blobs):
                    yield self._item(*line)

    def _pending(self, source: Source) -> bytes:
        return self._redactor.record(source.pending) if self._redactor else source.pending

    def _last_record(self, logs: dict[int, int]) -> int:
        ends = [SliceList([Slice(log, length - 1, length)]) for log, length in logs.items()]
        return max(self._store.read(end, 0, 1)[0].record for end in ends)

    def _events(self, log: int, length: int) -> Iterator[bytes]:
        whole = SliceList([Slice(log, 0, length)])
        for start in range(0, length, _STEP):
            for event in self._store.read(whole, start, start + _STEP):
                yield self._item("event", _event(event))

    def _spawns(self, log: int, length: int) -> Iterator[bytes]:
        for agent, start, stop, title in self._store.spawns(log):
            if start < length:
                end = stop if stop is not None and stop < length else None
                yield self._item("spawn", [log, agent, start, end, title])

    def _session(self, session: Session) -> bytes:
        facts = asdict(session)
        for counted in ("events", "messages", "errors", "tokens", "children", "source"):
            del facts[counted]
        slices = self._slices[session.id].slices
        facts["slices"] = [[piece.log, piece.start, piece.stop] for piece in slices]
        facts.update(self._store.lineage_facts(session.id))
        if session.id == self._cut:
            facts["follows"] = None  # it is no longer what its file says
        return self._item("session", facts)

    def _notes(self) -> Iterator[bytes]:
        """What was written beside the events, and the colours of the labels among it."""
        kept = self._store.notebook.kept(self._slices)
        used = {note["text"] for note in kept if note["kind"] == "label"}
        used.update(name for session in self._sessions for name in session.labels)
        for name, colour in sorted(self._store.notebook.chosen_colours().items()):
            if name in used:
                yield self._item("colour", [name, colour])
        for note in kept:
            yield self._item("note", note)


def _record(source: int, number: int, raw: bytes) -> list[Any]:
    try:
        return [source, number, raw.decode()]
    except UnicodeDecodeError:
        return [source, number, None, base64.b64encode(raw).decode()]


def _event(event: Event) -> list[Any]:
    usage = event.usage
    return [
        event.log,
        event.record,
        event.part,
        event.kind.label,
        event.role.label,
        event.visibility.label,
        event.origin.label,
        int(event.marks),
        event.ts,
        event.name,
        event.call_id,
        event.group_id,
        event.ref,
        event.size,
        event.text,
        usage
        and [
            usage.context,
            usage.input,
            usage.cache_read,
            usage.cache_write,
            usage.output,
            usage.reasoning,
            usage.cost_micros,
        ],
    ]
