"""Events that the index does not have yet: which of them can hold the words, by their bytes.

Decompressing a block and looking for a word in its bytes costs a fraction of reading the events
in it. So what is left is little, and the search is right from the first second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Kind
from scrubber.store import blocks, packing
from scrubber.store.logs import event_id
from scrubber.store.search.conditions import where
from scrubber.store.search.finding import run
from scrubber.store.search.in_bytes import holds_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.query import Query
    from scrubber.store.search.index import Ask

_STEP = 4_096
_MOST = 1_000
"""Characters of a word that a row is asked for: SQLite takes no pattern of over 50,000 bytes."""
_RETOLD = (Kind.COMPACTION, Kind.BRANCH_SUMMARY, Kind.CONTEXT, Kind.CONTEXT_EDIT, Kind.NOTICE)
_TOLD = (
    f"e.kind IN ({', '.join(str(int(kind)) for kind in _RETOLD)}) OR e.text LIKE ? OR e.name LIKE ?"
)
"""What a reader may say of an event in words that its record does not have: a name from elsewhere,
a sentence of its own, and in what a model is told again whatever the agent puts around it."""


def candidates(
    ask: Ask,
    query: Query,
    log: int,
    start: int,
    stop: int,
    stopped: Callable[[], bool],
) -> Iterator[int]:
    """Places of the events start…stop-1 of a log that fit the conditions and may hold the words.

    The last one first. Whether they do, only their content tells.
    """
    needles = [max(phrase.words, key=len) for phrase in query.wanted]
    for low in reversed(range(start, stop, _STEP)):
        bounds = low, min(low + _STEP, stop)
        records = _records(ask, log, bounds, needles, stopped) if needles else []
        if stopped():
            return
        yield from _events(ask, query, (log, *bounds), records, needles, stopped)


def _events(
    ask: Ask,
    query: Query,
    where_to: tuple[int, int, int],
    records: list[int],
    needles: list[str],
    stopped: Callable[[], bool],
) -> list[int]:
    """Those of some events that fit, of these records, or with a needle in what the row says."""
    log, low, high = where_to
    tests, values = where(query)
    if needles:
        told = " OR ".join([_TOLD] * len(needles))
        tests += f" AND (e.record IN (SELECT value FROM json_each(?)) OR {told})"
        asked = [f"%{needle[:_MOST]}%" for needle in needles]
        values += [orjson.dumps(records).decode(), *(one for one in asked for _ in range(2))]
    sql = f"SELECT e.id FROM store.events e WHERE {tests} AND e.id BETWEEN ? AND ? ORDER BY id DESC"
    ids = [event_id(log, low), event_id(log, high) - 1]
    return [row & 0xFFFFFFFF for row in run(ask, sql, [*values, *ids], stopped)]


def _records(
    ask: Ask,
    log: int,
    bounds: tuple[int, int],
    needles: list[str],
    stopped: Callable[[], bool],
) -> list[int]:
    """The records of some events whose bytes hold all needles."""
    ids = event_id(log, bounds[0]), event_id(log, bounds[1]) - 1
    sql = (
        "SELECT l.source, min(e.record), max(e.record) FROM store.logs l, store.events e "
        "WHERE l.id = ? AND e.id BETWEEN ? AND ?"
    )
    source, first, last = ask(lambda connection: connection.execute(sql, (log, *ids)).fetchone())
    found: list[int] = []
    for block in _blocks(ask, source, first, last):
        if stopped():
            break
        if holds_all(block.data, needles):
            numbers = range(block.first, block.first + len(block.ends))
            found += [n for n in numbers if holds_all(block.record(n), needles)]
    return found


def _blocks(ask: Ask, source: int, first: int, last: int) -> Iterator[blocks.Block]:
    """The blocks of a source that hold some of its records, the last one first."""
    known = (
        "SELECT id FROM store.blocks WHERE source = ? AND first <= ? AND first >= coalesce("
        "(SELECT max(first) FROM store.blocks WHERE source = ? AND first <= ?), 0) "
        "ORDER BY first DESC"
    )
    one = "SELECT first, offset, lines, ends, data FROM store.blocks WHERE id = ?"
    for (key,) in ask(lambda c: c.execute(known, (source, last, source, first)).fetchall()):
        row = ask(lambda c, key=key: c.execute(one, (key,)).fetchone())  # type: ignore[misc]
        if row is not None:
            begins, offset, lines, ends, data = row
            whole = packing.decompress(data)
            yield blocks.Block(begins, offset, lines, whole, packing.unpack_numbers(ends))
