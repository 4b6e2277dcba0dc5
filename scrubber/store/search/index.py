"""The file of the index: made, filled, and made anew when it is not as it must be.

It is a *contentless* FTS5 table that only knows which words are in which event: there is nothing
in it to read. That takes a third of the room of an index that also knows where they stand (on real
sessions 0.04 against 0.21 of the source); phrases are told by reading the events that have their
words. Texts are indexed whole: the first 4 KB of each event would take half the room and four
fifths of the time, and what stands behind them would not be found.

An event is indexed once, by its id, whoever shares it. The file can be deleted at any time; all in
it comes from the store. It knows of each log how far it is indexed, and which log that was: where
the store no longer has that log, there are words in the index that should be gone, and it is
emptied.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from scrubber.core.errors import StoreError
from scrubber.store.connection import Connections, translated
from scrubber.store.search import filling
from scrubber.store.search.file import (
    VERSION,
    InMemory,
    attach,
    is_damage,
    shaped,
    version_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_T = TypeVar("_T")


class Ask(Protocol):
    """Does something with a connection to the index, to which the store is attached."""

    def __call__(self, work: Callable[[sqlite3.Connection], _T], /) -> _T: ...


_LOGS = (
    "SELECT l.id, l.length, l.source || '/' || s.added || '/' || l.key AS stamp "
    "FROM store.logs l JOIN store.sources s ON s.id = l.source"
)
_BULK = 20_000
"""Events from which an extension is a bulk: segments are merged once, at its end."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Events start…stop-1 of a log that are not indexed; ``stamp`` says which log it is."""

    log: int
    start: int
    stop: int
    stamp: str


class SearchIndex:
    """The index of one store. May be used from any thread, and by several programs at once."""

    def __init__(self, store: Path, read_only: bool = False) -> None:
        self.path = store.with_name(f"{store.name}-search")
        self._store, self._read_only = store, read_only
        self._connections: Connections | None = None
        self._attached: dict[int, sqlite3.Connection] = {}
        self._opening = threading.RLock()
        self._is_unusable = self._is_closed = False

    def close(self) -> None:
        """Let go of the file."""
        with self._opening:
            self._is_closed = True
            self._let_go()

    def _let_go(self) -> None:
        if self._connections is not None:
            self._connections.close()
        self._connections, self._attached = None, {}

    def ask(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something with this thread's connection, to which the store is attached.

        An index that turns out to be damaged is thrown away, and the work done with an empty one.
        A StoreError for what else the surroundings cause.
        """
        with translated(self.path):
            try:
                return work(self._get())
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._throw_away()
                return work(self._get())

    def reset(self) -> None:
        """Empty it: all is indexed anew from the next extension on."""
        self.ask(filling.empty)

    def forget_gone(self) -> None:
        """Empty it if it holds words of what the store no longer has; none is made for that."""
        if self.path.exists() and not self._read_only and self.ask(_is_stale):
            self.reset()

    def backlog(self) -> list[Backlog]:
        """What is not indexed yet, the newest logs first; empties the index if it is stale."""
        if self.ask(_is_stale) and not self._read_only:
            self.reset()
        return self.ask(_backlog)

    def knows(self, log: int) -> bool:
        """Whether what it has of a log is of this log, and not of one that had its number."""
        logs = f"({_LOGS} WHERE l.id = ?) l"
        sql = f"SELECT l.stamp = i.stamp FROM {logs} JOIN indexed i ON i.log = l.id"
        row = self.ask(lambda connection: connection.execute(sql, (log,)).fetchone())
        return row is not None and bool(row[0])

    def state(self) -> tuple[int, int]:
        """(events that are indexed, events that there are)."""
        missing = sum(one.stop - one.start for one in self.backlog())
        total = self.ask(
            lambda c: c.execute("SELECT coalesce(sum(length), 0) FROM store.logs").fetchone()[0]
        )
        return total - missing, total

    def add(self, done: Iterable[Backlog], rows: Iterable[tuple[int, str]]) -> bool:
        """Take (event id, folded text) of some stretches, in one transaction.

        False, and nothing is done, if another program was quicker.
        """
        if self._read_only:
            raise StoreError(f"{self.path}: the store was opened for reading only")
        wanted, texts = list(done), list(rows)
        return self.ask(lambda connection: filling.add(connection, wanted, texts))

    def begin_bulk(self, events: int) -> None:
        """Before many additions: merge nothing in between."""
        if events >= _BULK:
            self.ask(lambda c: filling.tell(c, "automerge", 0))

    def end_bulk(self, events: int) -> Iterator[None]:
        """Behind them: merge what they left, step by step, so that searching is quick, and give
        back the pages that are free then: half of the file."""
        if events >= _BULK:
            self.ask(lambda c: filling.tell(c, "merge", -filling.PAGES))
            while self.ask(filling.merge) or self.ask(filling.shrink):
                yield

    def let_merge(self) -> None:
        """Merge in passing from now on, as before ``begin_bulk``."""
        self.ask(lambda c: filling.tell(c, "automerge", 8))

    def _get(self) -> sqlite3.Connection:
        with self._opening:
            if self._is_closed:
                raise StoreError(f"{self.path}: the index is closed")
            if self._connections is None:
                self._connections = self._opened()
            connection = self._connections.get()
            if self._attached.get(threading.get_ident()) is not connection:
                attach(connection, self._store)
                self._attached[threading.get_ident()] = connection
            return connection

    def _opened(self) -> Connections:
        """Connections to the file, made anew if it is of no use; of a store that is only read to
        an index that is there, else to an empty one in memory."""
        if self._read_only:
            usable = not self._is_unusable and version_of(self.path) == VERSION
            return Connections(self.path, read_only=True) if usable else InMemory(self.path)
        try:
            return self._written()
        except OSError:  # no file may be made there: all is found without
            return InMemory(self.path)

    def _written(self) -> Connections:
        if self.path.exists() and version_of(self.path) not in (0, VERSION):
            self._remove()
        try:
            return shaped(self.path)
        except sqlite3.DatabaseError:
            self._remove()
            return shaped(self.path)

    def _throw_away(self) -> None:
        with self._opening:
            self._let_go()
            self._is_unusable = True
            if not self._read_only:
                self._remove()

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


def _is_stale(connection: sqlite3.Connection) -> bool:
    row = connection.execute(
        f"SELECT 1 FROM indexed i LEFT JOIN ({_LOGS}) l ON l.id = i.log "
        "WHERE l.id IS NULL OR l.stamp <> i.stamp OR l.length < i.upto LIMIT 1"
    ).fetchone()
    return row is not None


def _backlog(connection: sqlite3.Connection) -> list[Backlog]:
    rows = connection.execute(
        f"SELECT l.id, coalesce(i.upto, 0), l.length, l.stamp FROM ({_LOGS}) l "
        "LEFT JOIN indexed i ON i.log = l.id WHERE l.length > coalesce(i.upto, 0) "
        "ORDER BY l.id DESC"
    )
    return [Backlog(*row) for row in rows]
