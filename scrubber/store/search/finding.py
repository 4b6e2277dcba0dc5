"""Which events fit a query: from the index for its words, from the store for the rest."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.events import Kind
from scrubber.core.query import Field
from scrubber.store.logs import SEQ_BITS, event_id
from scrubber.store.search.conditions import match, match_any, named, where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.query import Query
    from scrubber.core.slices import SliceList
    from scrubber.store.search.index import Ask

_LAST = (1 << 63) - 1
_SEQ = (1 << SEQ_BITS) - 1
_FEW, _MANY, _MOST = 32, 2_048, 65_536
_PATIENCE = 20_000
"""Steps of SQLite's machine between two looks at whether somebody still wants to know."""


def statement(query: Query, asked: str) -> tuple[str, list[int | str]]:
    """The SQL that gives the ids of events that fit within two ids, the last one first.

    ``asked`` is what the index is asked for; whether words follow each other it does not know. Only
    events that are indexed are given, unless the query is about no words. The last three values
    are still to come: low, high, and limit.
    """
    tests, values = where(query)
    bounds = "BETWEEN ? AND ? ORDER BY {} DESC LIMIT ?"
    if asked:
        sql = (
            "SELECT e.id FROM words w CROSS JOIN store.events e ON e.id = w.rowid "
            f"WHERE w.words MATCH ? AND {tests} AND w.rowid {bounds.format('w.rowid')}"
        )
        return sql, [asked, *values]
    if against := match_any(query.unwanted):
        tests += (
            " AND e.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?) AND "
            "e.id & 4294967295 < coalesce((SELECT upto FROM indexed WHERE log = e.id >> 32), 0)"
        )
        values.append(against)
    return f"SELECT e.id FROM store.events e WHERE {tests} AND e.id {bounds.format('e.id')}", values


def by_log(
    ask: Ask,
    query: Query,
    each: int,
    holds: Callable[[int, int], bool],
    stopped: Callable[[], bool],
) -> Iterator[tuple[int, int]]:
    """(log, place in it) of the events that fit, the newest logs first, at most ``each`` of one.

    Behind so many, the rest of the log is jumped over: the cost is that of what is given. What
    the index cannot tell, ``holds`` does.
    """
    taken = Counter[int]()
    for asked, step in _passes(query):
        sql, values = statement(query, asked)
        for low, high in _stretches(ask, query):
            page = step
            while high >= low and not stopped():
                rows = run(ask, sql, [*values, low, high, page], stopped)
                for row in rows:
                    log, seq = row >> SEQ_BITS, row & _SEQ
                    if taken[log] < each and holds(log, seq):
                        taken[log] += 1
                        yield log, seq
                if len(rows) < page:
                    break
                log, page = rows[-1] >> SEQ_BITS, min(page * 2, _MOST)
                high = event_id(log, 0) - 1 if taken[log] >= each else rows[-1] - 1


def _passes(query: Query) -> list[tuple[str, int]]:
    """(what the index is asked for, ids to begin with) one after the other.

    First whole words, which the index finds at once wherever it begins; then those that go on. For
    these it first has to put all of them together, so more of them are taken at a time.
    """
    asked = match(query.wanted, query.unwanted)
    closed = tuple(replace(phrase, is_open=False) for phrase in query.wanted)
    if closed == query.wanted:
        return [(asked, _FEW)]
    whole = match(closed)
    return [(match(closed, query.unwanted), _FEW), (f"({asked}) NOT ({whole})", _MANY)]


def _stretches(ask: Ask, query: Query) -> list[tuple[int, int]]:
    """The ids to look through: all, or those of the logs of the sessions that are asked for."""
    asked = [c for c in query.conditions if c.field is Field.SESSION and not c.negated]
    if not asked:
        return [(0, _LAST)]
    test, values = named(asked[0])
    sql = (
        "SELECT DISTINCT s.log FROM store.sessions x JOIN store.slices s ON s.session = x.pk "
        f"WHERE x.trashed IS NULL AND ({test}) ORDER BY s.log DESC"
    )
    logs = ask(lambda connection: connection.execute(sql, values).fetchall())
    return [(event_id(log, 0), event_id(log + 1, 0) - 1) for (log,) in logs]


def within(
    ask: Ask, query: Query, log: int, start: int, stop: int, stopped: Callable[[], bool]
) -> list[int]:
    """The places of the events start…stop-1 of a log that fit; with words, of those indexed."""
    sql, values = statement(query, match(query.wanted, query.unwanted))
    ids = [event_id(log, start), event_id(log, stop) - 1, -1]
    return [row & _SEQ for row in run(ask, sql, [*values, *ids], stopped)]


def tools(ask: Ask, slices: SliceList) -> list[tuple[str, int]]:
    """(name, calls) of the tools that are called in some slices, those called most first."""
    counts = Counter[str]()
    sql = (
        f"SELECT name, count(*) FROM store.events WHERE kind = {int(Kind.TOOL_CALL)} "
        "AND name IS NOT NULL AND id BETWEEN ? AND ? GROUP BY name"
    )
    for piece in slices.slices:
        ids = event_id(piece.log, piece.start), event_id(piece.log, piece.stop) - 1
        counts.update(dict(ask(lambda c, ids=ids: c.execute(sql, ids).fetchall())))  # type: ignore[misc]
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def run(ask: Ask, sql: str, values: list[int | str], stopped: Callable[[], bool]) -> list[int]:
    """All ids that a statement gives; none, and soon, once nobody wants to know any more."""

    def work(connection: sqlite3.Connection) -> list[int]:
        connection.set_progress_handler(lambda: int(stopped()), _PATIENCE)
        try:
            return [row[0] for row in connection.execute(sql, values)]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return []
            raise
        finally:
            connection.set_progress_handler(None, 0)

    return ask(work)
