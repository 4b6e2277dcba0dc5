"""Where events that fit a query can be, so that the rest is not looked at: as ranges of ids.

Forks, sub-agents, and what somebody wrote a note on are few among many events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.query import Field
from scrubber.store.logs import event_id
from scrubber.store.search.conditions import named, noted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.query import Condition, Query
    from scrubber.store.search.conditions import Sql
    from scrubber.store.search.index import Ask

Range = tuple[int, int]
"""The first id and the last."""

_ALL = (0, (1 << 63) - 1)
_MOST, _MOST_WITH_WORDS = 64, 4
"""Ranges from which on neighbours are taken together: each is a statement of its own, and looks
words up anew."""
_WINDOW = 65_536

_OF_SESSIONS = (
    "SELECT s.log << 32 | s.start, (s.log << 32 | s.stop) - 1 FROM store.sessions x "
    "CROSS JOIN store.slices s ON s.session = x.pk WHERE x.trashed IS NULL AND ({}) ORDER BY 1"
)
_OF_NOTES = (
    "SELECT a.event, a.event FROM store.notes n JOIN store.anchors a ON a.note = n.pk "
    "WHERE {} ORDER BY 1"
)
_OWN = (
    "x.relation NOT IN ('root', 'continuation', 'subagent') AND NOT EXISTS (SELECT 1 "
    "FROM store.slices o JOIN store.sessions y ON y.pk = o.session WHERE o.log = s.log "
    "AND o.start <= s.start AND o.stop >= s.stop AND y.trashed IS NULL "
    "AND y.relation IN ('root', 'continuation', 'subagent'))"
)
"""Slices of forks, but those that a session which is none has whole."""
_PLACES = {"branch": _OWN, "subagent": "x.relation = 'subagent'"}


def stretches(ask: Ask, query: Query) -> Iterator[Range]:
    """The ids to look through, the last ones first; what is there need not fit."""
    for low, high in _ranges(ask, query):
        if query.wanted or not query.unwanted:
            yield low, high
        else:
            yield from _windows(ask, low, high)


def _ranges(ask: Ask, query: Query) -> list[Range]:
    told = [known for one in query.conditions if (known := _statement(one)) is not None]
    if not told:
        return [_ALL]
    sql, values = told[0]
    found = _joined(ask(lambda connection: connection.execute(sql, values).fetchall()))
    step = -(-len(found) // (_MOST_WITH_WORDS if query.phrases else _MOST)) or 1
    parts = [found[at : at + step] for at in range(0, len(found), step)]
    return [(part[0][0], part[-1][1]) for part in reversed(parts)]


def _statement(condition: Condition) -> Sql | None:
    """What gives the ranges that a condition leaves; None where that may be everything."""
    if condition.negated:
        return None
    if condition.field is Field.SESSION:
        test, values = named(condition)
        return _OF_SESSIONS.format(test), values
    if condition.field is Field.IN and _PLACES.keys() >= set(condition.values):
        tests = " OR ".join(_PLACES[str(value)] for value in condition.values)
        return _OF_SESSIONS.format(tests), []
    if (test_of_notes := noted(condition)) is not None:
        test, values = test_of_notes
        return _OF_NOTES.format(test), values
    return None


def _joined(ranges: list[Range]) -> list[Range]:
    """Ranges in order as ranges apart from each other."""
    result: list[Range] = []
    for low, high in ranges:
        if result and low <= result[-1][1] + 1:
            result[-1] = result[-1][0], max(high, result[-1][1])
        else:
            result.append((low, high))
    return result


def _windows(ask: Ask, low: int, high: int) -> Iterator[Range]:
    """The same ids, some events at a time: all that hold a word are told at once, and may be
    many."""
    sql = "SELECT id, length FROM store.logs WHERE id BETWEEN ? AND ? ORDER BY id DESC"
    logs = ask(lambda connection: connection.execute(sql, (low >> 32, high >> 32)).fetchall())
    events = 0
    for log, length in logs:
        for start in reversed(range(0, length, _WINDOW)):
            events += min(length - start, _WINDOW)
            if low < (first := event_id(log, start)) <= high and events >= _WINDOW:
                yield first, high
                high, events = first - 1, 0
    yield low, high
