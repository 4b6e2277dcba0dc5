"""Reading the sources of a store: files as far as they were read, byte for byte."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.store import blocks, followers, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scrubber.core.events import Event
    from scrubber.store.connection import Connections
    from scrubber.store.followers import Follower
    from scrubber.store.sources import Source


class SourceReader:
    """What is kept of the sources."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self._blocks = blocks.BlockReader()

    def raw(self, event: Event) -> bytes:
        """The bytes of the record that an event was derived from."""
        return self._blocks.record(self.connections.get(), event.source, event.record)

    def raws(self, source: int) -> Callable[[int], bytes]:
        """What gives the bytes of the records of a source, for reading on from one to the next."""
        connection = self.connections.get()
        block: blocks.Block | None = None

        def raw(record: int) -> bytes:
            nonlocal block
            if block is None or record not in block.numbers:
                block = self._blocks.find(connection, source, record)
            return block.record(record)

        return raw

    def place(self, event: Event) -> blocks.Place:
        """Line and offset of that record in its source."""
        block = self._blocks.find(self.connections.get(), event.source, event.record)
        return block.place(event.record)

    def records(self, source: int, stop: int | None = None) -> Iterator[bytes]:
        """The records of a source in order, all or the first ``stop``."""
        kept = blocks.blocks_of(self.connections.get(), source)
        return islice(chain.from_iterable(block.records() for block in kept), stop)

    def source(self, source: int) -> Source:
        """What is known of a source."""
        return sources.by_id(self.connections.get(), source)

    def sources(self) -> list[Source]:
        """All sources, superseded ones included."""
        rows = self.connections.get().execute("SELECT id FROM sources ORDER BY id").fetchall()
        return [self.source(row[0]) for row in rows]

    def source_of(self, path: Path) -> Source | None:
        """The current version of what was read from a file, None if it never was."""
        return sources.by_path(self.connections.get(), path)

    def sources_of(self, paths: Sequence[Path]) -> list[Source | None]:
        """The same for many files at once, in their order."""
        return sources.by_paths(self.connections.get(), paths)

    def followers_of(self, sources: Sequence[int]) -> dict[int, list[Follower]]:
        """What an import tells of the sessions that follow sources, by source; also of those that
        were put away."""
        return followers.of_sources(self.connections.get(), sources)

    def recent_paths(self, since_ns: int) -> list[Path]:
        """The files that had been written after a moment when they were last read."""
        rows = self.connections.get().execute(
            "SELECT path FROM sources WHERE superseded = 0 AND path IS NOT NULL AND mtime_ns > ?",
            (since_ns,),
        )
        return [Path(row[0]) for row in rows]

    def source_of_log(self, log: int) -> Source:
        """The source that a log was read from."""
        row = self.connections.get().execute("SELECT source FROM logs WHERE id = ?", (log,))
        return self.source(row.fetchone()[0])

    def logs_of(self, source: int) -> list[tuple[int, str, int]]:
        """(id, key, length) of the logs of a source."""
        rows = self.connections.get().execute(
            "SELECT id, key, length FROM logs WHERE source = ? ORDER BY id", (source,)
        )
        return list(rows)

    def pieces(self, source: int) -> Iterator[bytes]:
        """The bytes of a source in pieces of about 128 KB: what its file began with."""
        return (block.data for block in blocks.blocks_of(self.connections.get(), source))
