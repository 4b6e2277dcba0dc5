"""What a fork costs must not depend on the session's length; counted, not timed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scrubber.core.session import Branch, SessionInfo
from scrubber.store import Store, writer
from tests.store.making import add_session, message, messages

if TYPE_CHECKING:
    from pathlib import Path


class Cost(NamedTuple):
    rows: int
    pages: int


def fork_cost(store: Store, session: str, index: int) -> Cost:
    connection = store.connections.get()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = connection.total_changes
    store.fork(session, index, title="a fork")
    wal = store.path.with_name(store.path.name + "-wal").stat().st_size
    frame = 24 + connection.execute("PRAGMA page_size").fetchone()[0]
    return Cost(connection.total_changes - before, (wal - 32) // frame)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, int], Cost]:
    """By the number of events and the depth of the session that is forked."""
    found = {}
    for length in (1_000, 100_000):
        folder: Path = tmp_path_factory.mktemp(f"store-{length}")
        store = Store(folder / "store.db")
        session = add_session(store, messages(length))
        for depth in range(1, 101):
            if depth in (1, 10, 100):
                found[length, depth] = fork_cost(store, session, length - depth)
            child, _ = store.fork(session, length - depth, title="deeper")
            session = child.id
        store.close()
    return found


@pytest.mark.parametrize("depth", [1, 10, 100])
def test_a_fork_of_a_long_session_writes_as_much_as_one_of_a_short(costs, depth):
    assert costs[1_000, depth] == costs[100_000, depth]


def test_a_fork_writes_a_few_rows_at_any_depth(costs):
    assert {cost.rows for cost in costs.values()} == {3}  # the session, its slice, its counts
    assert max(cost.pages for cost in costs.values()) <= 10


def test_a_fork_copies_a_row_for_each_slice(store):
    session, other = add_session(store, messages(1)), add_session(store, messages(9))
    for number in range(0, 10, 2):
        store.share(session, other, number, number + 1)
    assert fork_cost(store, session, 6).rows == 2 + 6
    assert fork_cost(store, session, 3).rows == 2 + 3


def calls_made(store: Store, sessions: int, branches: bool) -> int:
    """Function calls, Python's and C's, that a source of so many sessions costs the writer."""
    _, filling = store.writer(None, "made-up", 1)
    infos: dict[str, SessionInfo] = {}
    counted = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal counted
        counted += event.endswith("call")

    sys.setprofile(count)
    try:
        for number in range(sessions):
            key = str(number)
            infos[key] = SessionInfo(title=key)
            if branches and number % 2:
                infos[key].branch = Branch(str(number - 1), 1)
            filling.add(b"x\n", [message("hello", log=key), message("there", log=key)])
            if filling.batch_is_full:
                filling.commit(infos, midway=True)
        filling.commit(infos)
    finally:
        sys.setprofile(None)
    assert len(filling.changes.added) == sessions
    return counted


@pytest.mark.parametrize("branches", [False, True])
def test_a_source_of_many_sessions_costs_as_many_times_more(store, monkeypatch, branches):
    monkeypatch.setattr(writer, "_BATCH_EVENTS", 100)
    few, many = (calls_made(store, number, branches) for number in (200, 1_600))
    assert 7 < many / few < 9
