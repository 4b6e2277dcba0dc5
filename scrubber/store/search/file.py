"""The index's file: its tables, connections to it, and whether it can be used at all."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from scrubber.store.connection import Connections, address, make_private

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 3
"""Of the tables and of what ``core.query.folding`` makes of a text; another one is no use."""

_SHAPE = f"""
PRAGMA page_size = 8192;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
  text, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
INSERT INTO words (words, rank) VALUES ('pgsz', 8000);
INSERT INTO words (words, rank) VALUES ('hashsize', 16777216);
CREATE TABLE IF NOT EXISTS indexed (
  log INTEGER PRIMARY KEY, upto INTEGER NOT NULL, stamp TEXT NOT NULL) STRICT;
PRAGMA user_version = {VERSION};
COMMIT;
"""


class InMemory(Connections):
    """An empty index for each thread, where there is none and none may be made."""

    def get(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                "file::memory:", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.executescript(_SHAPE)
            self._local.connection = connection
            self._all.append(connection)
        return connection


def shaped(path: Path) -> Connections:
    """Connections to the file, which is made, and made private, if it is not there."""
    fresh = not path.exists()
    if fresh:
        path.touch(mode=0o600)
        make_private(path)
    connections = Connections(path)
    try:
        if version_of(path) != VERSION:
            connections.get().executescript(_SHAPE)
    except BaseException:
        connections.close()
        raise
    return connections


def version_of(path: Path) -> int:
    """The version of the tables; -1 for what is no database, or not there."""
    try:
        connection = sqlite3.connect(address(path, read_only=True), uri=True)
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return -1


def attach(connection: sqlite3.Connection, store: Path) -> None:
    """Let a connection to the index read the store, as ``store``."""
    connection.execute("ATTACH ? AS store", (address(store, read_only=True),))


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that the file is not as it must be."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
