"""In which sessions an event is: forks share it, and each has it at a place of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Branch:
    """A session that has an event, and the event's index in it."""

    session: str
    title: str
    relation: str
    index: int


def branches(connection: sqlite3.Connection, log: int, seq: int) -> tuple[Branch, ...]:
    """The sessions that have an event, the oldest first; none where all were put away."""
    rows = connection.execute(
        "SELECT x.id, x.title, x.relation, s.first + ? - s.start FROM store.slices s "
        "JOIN store.sessions x ON x.pk = s.session WHERE s.log = ? AND s.start <= ? "
        "AND s.stop > ? AND x.trashed IS NULL ORDER BY x.pk",
        (seq, log, seq, seq),
    )
    return tuple(Branch(*row) for row in rows)
