"""Where a query can only fit few events, only those are looked at: and the same is found."""

from __future__ import annotations

import re

import pytest

from scrubber.core.query import parse
from scrubber.store.search import stretches
from scrubber.transfer.editing import Edit
from tests.transfer.test_searching import add

QUERIES = {
    "-other": 36,
    "-needle": 8,
    "-needle -other": 2,
    "in:branch": 2,
    "different in:branch": 2,
    "-different in:branch": 0,
    "in:branch,root": 42,
    "in:subagent": 0,
    "label:odd": 3,
    "needle is:noted": 1,
    "is:noted,bookmarked": 3,
    "note:why,nothing label:odd": 0,
    "-label:odd": 39,
    "session:fork -other": 20,
    "model:nosuch": 0,
    "model:made": 0,
}


@pytest.fixture
def forks(store, tmp_path) -> list[str]:
    """Two sessions, and two forks of the first that each say something else."""
    one = add(store, tmp_path / "a.jsonl", *[f"needle {n}" for n in range(20)], *["other"] * 6)
    add(store, tmp_path / "b.jsonl", *[f"needle {n}" for n in range(14)])
    made = [
        store.fork_edited(store.fork(one, 20, title="fork").session.id, at, Edit(text="different"))
        for at in (3, 12)
    ]
    for index in (1, 7, 18):
        store.notes.label(one, index, "odd")
    store.notes.write(one, 9, "why?")
    for index in (4, 11):
        store.notes.bookmark(one, index)
    store.update_index()
    return [one, *(fork.session.id for fork in made)]


def places(store, query: str) -> list[tuple[int, int]]:
    return sorted((hit.event.log, hit.event.seq) for hit in store.search(query, each=99))


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_is_found_in_whatever_pieces_it_is_looked_for(store, forks, query, monkeypatch):
    found = places(store, query)
    assert len(found) == QUERIES[query]
    monkeypatch.setattr(stretches, "_WINDOW", 3)
    monkeypatch.setattr(stretches, "_MOST", 1)
    monkeypatch.setattr(stretches, "_MOST_WITH_WORDS", 2)
    assert places(store, query) == found
    monkeypatch.setattr(stretches, "_statement", lambda _condition: None)
    assert places(store, query) == found


@pytest.mark.parametrize("query", ["in:branch", "in:subagent", "is:noted", "label:odd", "note:x"])
def test_few_events_are_looked_at(store, forks, query):
    index = store.store.index
    ranges = list(stretches.stretches(index.ask, parse(query)))
    assert sum(high - low + 1 for low, high in ranges) <= 40
    assert ranges == sorted(ranges, reverse=True)


def test_slices_of_others_are_looked_up_by_their_log(store, forks):
    issued: list[str] = []

    def work(connection):
        connection.set_trace_callback(issued.append)
        list(stretches.stretches(lambda run: run(connection), parse("in:branch")))
        connection.set_trace_callback(None)
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {issued[-1]}")]

    plan = store.store.index.ask(work)
    assert not [line for line in plan if re.search(r"SCAN (o|s|slices|e|a)\b", line)]
