"""Opens a store file: connections, pragmas, transactions."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scrubber.core.errors import StoreError
from scrubber.developer import is_developing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_VERSION = 7
"""``PRAGMA user_version`` of the files that this program writes."""

_BUSY_MS = 15_000
_PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = NORMAL",
    "temp_store = MEMORY",
    "cache_size = -512",  # KB; more gains nothing, for the system keeps the file at hand, too
    "recursive_triggers = OFF",
)


class Connections:
    """One connection a thread on one store file; one writer at a time, in and between processes."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._writing = threading.RLock()
        self._closed = False

    def get(self) -> sqlite3.Connection:
        """This thread's connection, opened at the first call."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if self._closed:
                raise StoreError(f"{self.path}: the store is closed")
            connection = self._local.connection = connect(self.path, self.read_only)
            self._all.append(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end of the block, rolled back if it raises."""
        if self.read_only:
            raise StoreError(f"{self.path}: the store was opened for reading only")
        with self._writing:
            connection = self.get()
            if connection.in_transaction:
                yield connection
                return
            with translated(self.path):
                connection.execute("BEGIN IMMEDIATE")
            try:
                with translated(self.path):
                    yield connection
                    connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    def close(self) -> None:
        """Close every thread's connection. A second call does nothing."""
        self._closed = True
        while self._all:
            self._all.pop().close()
        self._local = threading.local()


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection with the pragmas that every connection of this program has."""
    with translated(path):
        connection = sqlite3.connect(
            address(path, read_only),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_MS / 1000,
            factory=_factory(),
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
    return connection


def address(path: Path, read_only: bool) -> str:
    """The URI to open a file by. Where nothing can be written beside it, as on a read-only disk,
    it is read as a file that does not change: SQLite would want to lock it there."""
    if not read_only:
        return f"{path.absolute().as_uri()}?mode=rw"
    log = path.with_name(f"{path.name}-wal")
    is_fixed = not os.access(path.parent, os.W_OK) and not log.exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_fixed else ''}"


def _factory() -> type[sqlite3.Connection]:
    if not is_developing():
        return sqlite3.Connection
    from scrubber.store.slow_statements import WatchedConnection

    return WatchedConnection


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # some errors have ended it already
        connection.execute("ROLLBACK")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors that the surroundings cause into a StoreError that names the file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise
        raise StoreError(f"{path}: {error}") from error


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """The file's schema version; refuses files that are no store or are newer than this program."""
    with translated(path):
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path}: written by a newer version of Scrubber (schema {version}, this program "
            f"knows {SCHEMA_VERSION}); it was not touched"
        )
    if version == 0 and tables:
        raise StoreError(f"{path}: a database, but not one of Scrubber's; it was not touched")
    return version


def make_private(path: Path) -> None:
    """Let only the owner read and write the file: transcripts hold private work."""
    if os.name == "posix":
        path.chmod(0o600)
