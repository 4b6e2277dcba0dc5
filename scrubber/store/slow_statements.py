"""Says which statements were slow, and how SQLite went about them: for the developer mode.

Statements are logged with their place holders and without their values, which are private.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOW_S = 0.010
"""Seconds in SQLite after which a statement is logged, its rows being fetched included."""

_log = logging.getLogger(__name__)


class WatchedConnection(sqlite3.Connection):
    """A connection whose statements are timed."""

    def execute(self, sql: str, parameters: Any = (), /) -> WatchedCursor:
        """Execute in a cursor that is timed."""
        return WatchedCursor(self).execute(sql, parameters)


class WatchedCursor(sqlite3.Cursor):
    """A cursor that logs its statement, once, when that has taken too long."""

    _statement = ""
    _values: Any = ()
    _spent = 0.0

    def execute(self, sql: str, parameters: Any = (), /) -> WatchedCursor:
        """Begin to time this statement."""
        self._statement, self._values, self._spent = sql, parameters, 0.0
        self._timed(lambda: super(WatchedCursor, self).execute(sql, parameters))
        return self

    def fetchone(self) -> Any:
        """Timed."""
        return self._timed(super().fetchone)

    def fetchall(self) -> list[Any]:
        """Timed."""
        rows: list[Any] = self._timed(super().fetchall)
        return rows

    def __next__(self) -> Any:
        return self._timed(super().__next__)

    def _timed(self, work: Any) -> Any:
        before = time.perf_counter()
        try:
            return work()
        finally:
            former, self._spent = self._spent, self._spent + time.perf_counter() - before
            if former < SLOW_S <= self._spent:
                self._tell()

    def _tell(self) -> None:
        told = " ".join(self._statement.split())
        if plan := plan_of(self.connection, self._statement, self._values):
            _log.warning("%.0f ms and more: %s [%s]", self._spent * 1000, told, "; ".join(plan))


def plan_of(connection: sqlite3.Connection, statement: str, values: Sequence[Any]) -> list[str]:
    """The lines of a statement's query plan; none for what waits for the disk, such as COMMIT."""
    try:
        rows = sqlite3.Cursor(connection).execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row[3]) for row in rows]
    except sqlite3.Error:
        return []
