"""What is written to the file of the index: words, how far they go, and less than there was."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.store.search.index import Backlog

PAGES = 256
"""Pages that are merged between two looks at whether somebody wants to stop."""


def add(connection: sqlite3.Connection, done: list[Backlog], rows: list[tuple[int, str]]) -> bool:
    """Take (event id, folded text) of some stretches; False if they are there by now."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for one in done:
            row = connection.execute("SELECT upto FROM indexed WHERE log = ?", (one.log,))
            if (row.fetchone() or (0,))[0] != one.start:
                connection.execute("ROLLBACK")
                return False
        connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)
        connection.executemany(
            "INSERT OR REPLACE INTO indexed VALUES (?, ?, ?)",
            [(one.log, one.stop, one.stamp) for one in done],
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return True


def empty(connection: sqlite3.Connection) -> None:
    """Forget everything, also in pages that are free."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    connection.execute("DELETE FROM indexed")
    connection.execute("COMMIT")
    with suppress(sqlite3.OperationalError):  # somebody reads: then the next one does it
        connection.execute("VACUUM main")
        connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")


def tell(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Give FTS5 a command, or set how it works."""
    connection.execute("INSERT INTO words (words, rank) VALUES (?, ?)", (name, value))


def merge(connection: sqlite3.Connection) -> bool:
    """Merge some pages; False once there is nothing more to merge."""
    before = connection.total_changes
    tell(connection, "merge", PAGES)
    return connection.total_changes - before >= 2  # as FTS5's manual says


def shrink(connection: sqlite3.Connection) -> bool:
    """Give back some free pages; False once there are none, or none can be given."""
    before = _free_pages(connection)
    connection.execute(f"PRAGMA main.incremental_vacuum({PAGES})").fetchall()
    return 0 < _free_pages(connection) < before


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA main.freelist_count").fetchone()[0])
