"""Which events fit a query: from the index for its words, from the store for the rest."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.events import Kind
from scrubber.store.logs import SEQ_BITS, event_id
from scrubber.store.search.conditions import match, match_any, where
from scrubber.store.search.stretches import stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.query import Query
    from scrubber.core.slices import SliceList
    from scrubber.store.search.index import Ask

_SEQ = (1 << SEQ_BITS) - 1
_FEW, _MANY, _MOST = 32, 2_048, 65_536
_PATIENCE = 20_000
"""Steps of SQLite's machine between two looks at whether somebody still wants to know."""


def statement(query: Query, asked: str, low: int, high: int) -> tuple[str, list[int | str]]:
    """The SQL that gives the ids of events that fit within two ids, the last one first.

    ``asked`` is what the index is asked for; whether words follow each other it does not know. Only
    events that are indexed are given, unless the query is about no words. The last value, how many
    at most, is still to come.
    """
    tests, values = where(query)
    bounds = "BETWEEN ? AND ? ORDER BY {} DESC LIMIT ?"
    if asked:
        sql = (
            "SELECT e.id FROM words w CROSS JOIN store.events e ON e.id = w.rowid "
            f"WHERE w.words MATCH ? AND {tests} AND w.rowid {bounds.format('w.rowid')}"
        )
        return sql, [asked, *values, low, high]
    if against := match_any(query.unwanted):
        tests += (
            " AND e.id NOT IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? "
            "AND ?) AND e.id & 4294967295 < coalesce("
            "(SELECT upto FROM indexed WHERE log = e.id >> 32), 0)"
        )
        values += [against, low, high]
    sql = f"SELECT e.id FROM store.events e WHERE {tests} AND e.id {bounds.format('e.id')}"
    return sql, [*values, low, high]


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
        for low, high in stretches(ask, query):
            page = step
            while high >= low and not stopped():
                sql, values = statement(query, asked, low, high)
                rows = run(ask, sql, [*values, page], stopped)
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


def within(
    ask: Ask, query: Query, log: int, start: int, stop: int, stopped: Callable[[], bool]
) -> list[int]:
    """The places of the events start…stop-1 of a log that fit; with words, of those indexed."""
    asked = match(query.wanted, query.unwanted)
    sql, values = statement(query, asked, event_id(log, start), event_id(log, stop) - 1)
    return [row & _SEQ for row in run(ask, sql, [*values, -1], stopped)]


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
