"""Checks a store with the help of the formats: events against the records they came from."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from scrubber.core.slices import Slice, SliceList
from scrubber.core.tally import Tally
from scrubber.formats import containers, registry
from scrubber.formats.streams import PieceStream
from scrubber.store import prefixes
from scrubber.store.own_log import OWN_FORMAT
from scrubber.store.verify import Fault, verify
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrubber.core.events import Draft, Event
    from scrubber.core.session import SessionInfo
    from scrubber.store import Store
    from scrubber.store.sources import Source


def check(store: Store, progress: Progress | None = None) -> Iterator[Fault]:
    """Everything ``verify`` finds, and events that are not what their records say."""
    faults = list(verify(store.connections.get()))
    yield from faults
    progress = progress or Progress()
    if faults:
        return  # what would be derived from damaged rows says nothing more
    for source in store.sources():
        if source.format != OWN_FORMAT:
            yield from _check_source(store, source, progress)


def _check_source(store: Store, source: Source, progress: Progress) -> Iterator[Fault]:
    """Derive the events again, and compare."""
    format = registry.get(source.format)
    if format.version != source.reader:
        return
    progress.what = source.path or f"source {source.id}"
    reader = containers.reader_of(format, Path(source.path or ""))
    logs = store.logs_of(source.id)
    ids = {key: (log, length) for log, key, length in logs}
    kept = {key: _kept(store, log, length) for log, key, length in logs}
    tallies: dict[str, Tally] = {}
    numbers, offset = _RecordNumbers(store, source), 0
    stream = cast("BinaryIO", io.BufferedReader(PieceStream(store.records(source.id))))
    for reading in reader.read(stream):
        record = numbers.at(offset)
        offset += len(reading.raw)
        progress.advance(len(reading.raw))
        for draft in reading.drafts:
            if draft.log not in tallies:
                tallies[draft.log] = _tally_of(store, ids, reader.infos, draft.log)
            done = tallies[draft.log].enter(draft)
            event = next(kept.get(draft.log, iter(())), None)
            if event is None and not source.complete:
                continue  # a snapshot may bring only the beginning of a log
            if event is None or event.record != record or not _agree(event, done):
                yield Fault(
                    f"source {source.id}, record {record}", "its event is not what the record says"
                )
    for log in kept.values():
        for event in log:
            yield Fault(f"source {source.id}, record {event.record}", "it gives no such event")


def _tally_of(
    store: Store, ids: Mapping[str, tuple[int, int]], infos: Mapping[str, SessionInfo], key: str
) -> Tally:
    """The account of a log before its first event: what it branches off from may be open."""
    tally = Tally()
    prefix = prefixes.branch_prefix(infos, key, ids.get)
    prefixes.expect(store.connections.get(), prefix, tally)
    return tally


def _agree(event: Event, draft: Draft) -> bool:
    return (
        event.kind,
        event.role,
        event.visibility,
        event.marks,
        event.ts,
        event.name,
        event.call_id,
        event.group_id,
        event.ref,
        event.size,
        event.text,
        event.usage,
        event.part,
    ) == (
        draft.kind,
        draft.role,
        draft.visibility,
        draft.marks,
        draft.ts,
        draft.name,
        draft.call_id,
        draft.group_id,
        draft.ref,
        draft.size,
        draft.text,
        draft.usage,
        draft.part,
    )


def _kept(store: Store, log: int, length: int) -> Iterator[Event]:
    """The events of a log, one after the other."""
    whole = SliceList([Slice(log, 0, length)])
    for start in range(0, length, 2000):
        yield from store.read(whole, start, start + 2000)


class _RecordNumbers:
    """Which record of a source begins at, or goes on at, a byte; asked for rising bytes."""

    def __init__(self, store: Store, source: Source) -> None:
        self._sizes = (len(raw) for raw in store.records(source.id))
        self._record, self._end = -1, 0

    def at(self, offset: int) -> int:
        """The number of the record that holds this byte."""
        while self._end <= offset:
            size = next(self._sizes, None)
            if size is None:
                break
            self._record += 1
            self._end += size
        return self._record
