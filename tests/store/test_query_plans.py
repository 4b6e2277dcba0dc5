"""No way of reading may scan a table that grows with the length of sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scrubber.core.session import SessionInfo, Spawn
from scrubber.store import (
    fork_linking,
    landmarks,
    ledger,
    linking,
    paths,
    queued_work,
    sessions,
    turn_inputs,
)
from tests.store.making import add_session, call, message, messages, result

if TYPE_CHECKING:
    import sqlite3

    from scrubber.store import Store

# The tables with a row (or a blob) for each event, and their aliases in joins.
LONG = re.compile(
    r"SCAN (events|e|blocks|usage|u|columns|slices|landmarks|turn_inputs|queued_work)\b"
)


@pytest.fixture
def session(store: Store) -> str:
    drafts = [*messages(300), call("1"), call("2"), result("2"), *messages(10)]
    session = add_session(
        store, drafts, native_id="native", spawns={"agent": Spawn(300, 302, "helper")}
    )
    child, _ = store.fork(session, 100, title="fork")
    store.append(child.id, [(b"x", message("own"))])
    return session


READS = {
    "session": lambda store, one: store.session(one),
    "prefix": lambda store, one: store.session(one[:8]),
    "roots": lambda store, one: store.roots(),
    "children": lambda store, one: store.children(one),
    "siblings": lambda store, one: store.siblings(one),
    "sessions": lambda store, one: store.sessions(),
    "page": lambda store, one: [store.page("made", order, 0, 9) for order in ("title", "updated")],
    "ancestry": lambda store, one: store.ancestry(one),
    "slices": lambda store, one: store.slices(one),
    "events": lambda store, one: store.events(one, 200, 250),
    "backwards": lambda store, one: list(store.events_backwards(one, 290, tuple({3, 5}))),
    "totals": lambda store, one: [store.totals(one, n) for n in (None, 0, 7, 305)],
    "open calls": lambda store, one: store.open_calls(one, 305),
    "raw": lambda store, one: [store.raw(e) for e in store.events(one, 5, 8)],
    "place": lambda store, one: [store.place(e) for e in store.events(one, 5, 8)],
    "records": lambda store, one: list(store.records(1)),
    "sources": lambda store, one: [store.sources(), store.source_of(store.path), store.logs_of(1)],
    "followers": lambda store, one: [store.followers(1), store.followers_of([1, 2])],
    "known files": lambda store, one: store.sources_of([store.path, store.path]),
    "pieces": lambda store, one: list(store.pieces(1)),
    "track": lambda store, one: store.track(one),
    "lineage": lambda store, one: [store.lineage_facts(one), store.labels(one), store.spawns(1)],
    "dependents": lambda store, one: store.dependents(one),
    "fork": lambda store, one: store.fork(one, 150, title="another"),
    "append": lambda store, one: store.append(one, [(b"x", message("x"))]),
    "own log": lambda store, one: store.own_log(one).append([(b"x", message("x"))]),
    "share": lambda store, one: store.share(one, one, 5, 9),
    "replace": lambda store, one: store.replace(one, 200, 210, [(b"x", message("x"))]),
    "lease": lambda store, one: [store.release(store.claim(one)), store.holder(one)],
    "settings": lambda store, one: [store.set_branch_settings(one, {}), store.branch_settings(one)],
    "update": lambda store, one: store.update(one, title="new"),
    "trash": lambda store, one: [store.trash(one), store.restore(one)],
    "extend": lambda store, one: extend(store),
    "landmarks": lambda store, one: landmarked(store, one),
    "paths": lambda store, one: paths.taken(rows(store), sessions.find(rows(store), one)),
    "ledger": lambda store, one: spent(store, one),
    "inputs": lambda store, one: [
        turn_inputs.listed(rows(store), 1),
        turn_inputs.find(rows(store), 1, "x"),
        queued_work.listed(rows(store), 1),
    ],
    "finish": lambda store, one: store.finish(1, 0, (0, 0, 0), b"", []),
}


def rows(store: Store) -> sqlite3.Connection:
    return store.connections.get()


def landmarked(store: Store, session: str) -> None:
    landmarks.on_path(rows(store), store.slices(session), landmarks.FRAME)
    landmarks.last(rows(store), store.slices(session), landmarks.CHECKPOINT)


def spent(store: Store, session: str) -> None:
    pieces = list(store.slices(session).slices)
    list(ledger.sums(rows(store), pieces))
    list(ledger.calls(rows(store), pieces))
    ledger.last_prompt(rows(store), pieces)
    ledger.entered(rows(store), 1)


def extend(store: Store) -> None:
    writer = store.writer_of(store.source(1))
    writer.add(b"more\n", [])
    writer.commit({"": SessionInfo()})


@pytest.mark.parametrize("name", READS)
def test_nothing_long_is_scanned(store, session, name):
    connection = store.connections.get()
    issued: list[str] = []
    connection.set_trace_callback(issued.append)
    READS[name](store, session)
    connection.set_trace_callback(None)
    statements = [s for s in issued if re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", s)]
    assert statements
    for statement in statements:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        scans = [row[3] for row in plan if LONG.search(row[3])]
        assert not scans, f"{scans} in {statement}"


def test_the_check_itself_sees_a_scan(store, session):
    plan = store.connections.get().execute(
        "EXPLAIN QUERY PLAN SELECT count(*) FROM events e WHERE e.ts = 5"
    )
    assert any(LONG.search(row[3]) for row in plan)


@pytest.mark.parametrize("order", ["updated", "title", "events", "tokens", "errors"])
def test_a_page_in_any_order_is_read_from_an_index(store, session, order):
    connection = store.connections.get()
    issued: list[str] = []
    connection.set_trace_callback(issued.append)
    store.page("", order, 0, 9)
    connection.set_trace_callback(None)
    (statement,) = issued
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert any(f"roots_{order}" in line for line in plan)
    # What is sorted are the rows of the page, not all there are.
    assert plan.count("USE TEMP B-TREE FOR ORDER BY") <= 1


def test_the_forks_of_a_session_are_counted_in_an_index(store, session):
    connection = store.connections.get()
    issued: list[str] = []
    connection.set_trace_callback(issued.append)
    store.session(session)
    connection.set_trace_callback(None)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {issued[-1]}")]
    assert "SEARCH c USING COVERING INDEX sessions_below (parent=? AND trashed=?)" in plan


@pytest.mark.parametrize("statement", [linking._SEEKING, fork_linking._SEEKING])
def test_who_looks_for_a_parent_is_not_looked_for_among_all_sessions(store, statement):
    """It is asked for each file: by the index of parents, of which most sessions have none, an
    import of many files would take their number squared."""
    plan = rows(store).execute(f"EXPLAIN QUERY PLAN {statement}", (1,)).fetchall()
    assert re.fullmatch(r"SEARCH s USING INDEX sessions_\w+ \(parent_native_id=\?\)", plan[0][3])
