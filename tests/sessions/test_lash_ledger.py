"""The token ledger of lash (seed-systems, 4e and 4g), and what a fork costs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Origin, Usage
from scrubber.sessions.ledger import Report, difference
from tests.sessions.made import add, cost, said

TEN = Usage(1, 2, 3, 4, reasoning=2)


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s")
    add(store, opened, "hi", cost("m", TEN), cost("n", TEN), cost("m", TEN, "compaction"))
    return opened


def test_one_row_for_each_source_and_model_and_the_sides_of_the_report(runtime, session):
    report = runtime.usage(session)
    assert set(report.rows) == {("turn", "m"), ("turn", "n"), ("compaction", "m")}
    assert (report.entry_count, report.usage.total) == (3, 30)
    assert {name: one.total for name, one in report.by_source.items()} == {
        "compaction": 10,
        "turn": 20,
    }
    assert {name: one.total for name, one in report.by_model.items()} == {"m": 20, "n": 10}
    told = report.as_json()
    assert set(told) == {"entry_count", "usage", "by_source", "by_model", "by_source_model"}
    assert {"source": "turn", "model": "n"}.items() <= told["by_source_model"][2].items()


def test_a_total_is_without_reasoning_which_is_a_part_of_the_output(runtime, session):
    usage = runtime.usage(session).usage
    assert usage.total == usage.input + usage.output + usage.cache_read + usage.cache_write == 30
    assert usage.reasoning == 6


def test_what_a_file_has_recorded_has_a_source_of_its_own(store, runtime, session):
    add(store, session, cost(None, TEN, origin=Origin.RECORDED))
    store.store.update(session, model="its own")
    assert ("recorded", "its own") in runtime.usage(session).rows


def test_a_recorded_call_is_booked_on_the_model_that_its_record_names(store, runtime, tmp_path):
    models = ["claude-opus-4-1", "claude-3-5-haiku-20241022", "mine"]
    usage = {"input_tokens": 5, "output_tokens": 7}
    lines: list[Any] = []
    for n, model in enumerate(models):
        spoken: dict[str, Any] = {
            "id": f"m{n}",
            "role": "assistant",
            "model": model,
            "usage": usage,
        }
        spoken["content"] = [{"type": "text", "text": "hi"}]
        when = f"2026-01-01T00:00:0{n}Z"
        told = {"type": "assistant", "uuid": f"u{n}", "sessionId": "x", "timestamp": when}
        lines.append({**told, "message": spoken})
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (result,) = store.import_paths(path)
    report = runtime.usage(result.session)
    assert {key: one.total for key, one in report.rows.items()} == {
        ("recorded", model): 12 for model in models
    }
    costs = runtime.costs(result.session)
    assert [one.model for one in costs.records] == models
    assert (costs.unknown, costs.total_usd > 0) == (1, True)


def test_a_forks_copied_spend_is_never_counted_twice(store, runtime, session):
    forks = [store.fork(session, 4).session.id for _ in range(5)]
    deep = store.fork(forks[0], 3).session.id
    assert [runtime.usage(one, own=True).usage.total for one in (*forks, deep)] == [0] * 6
    assert [runtime.usage(one).usage.total for one in (forks[0], deep)] == [30, 20]
    assert runtime.usage_of([session, *forks, deep]).usage.total == 30
    assert runtime.usage_of([deep, forks[0], session]).usage.total == 30
    add(store, deep, cost("m", TEN))
    assert runtime.usage(deep, own=True).usage.total == 10
    assert runtime.usage_of([session, *forks, deep, deep]).usage.total == 40


def test_a_fork_made_by_lashs_own_verb_costs_nothing_either(store, runtime, session):
    graph = runtime.graph(session)
    graph.branch_to(graph.path_ids()[1])
    child = graph.fork_current_path().id
    assert runtime.usage(child, own=True).usage.total == 0
    assert runtime.usage_of([session, child]).usage.total == 30


def test_what_was_spent_stays_spent_when_a_session_goes_back_or_is_reset(store, runtime, session):
    graph = runtime.graph(session)
    graph.branch_to(graph.path_ids()[0])
    graph.commit_leaf()
    add(store, session, cost("m", TEN))
    assert runtime.usage(session).usage.total == 40
    runtime.reset(session)
    assert runtime.usage(session).usage.total == 40
    fork = store.fork(session, 0).session.id
    assert runtime.usage(fork).usage.total == 0


def test_what_no_event_tells_is_entered_by_hand_and_no_fork_has_it(store, runtime, session):
    runtime.spend(session, "a tool", "m", TEN)
    runtime.spend(session, "a tool", "m", TEN)
    fork = store.fork(session, 4).session.id
    assert runtime.usage(session).rows["a tool", "m"].total == 20
    assert ("a tool", "m") not in runtime.usage(fork).rows
    assert runtime.usage_of([fork, session]).usage.total == 50
    assert runtime.usage(session, own=True).usage.total == 50
    for source, usage in (("", TEN), ("x", Usage(-1))):
        with pytest.raises(BadArgumentError):
            runtime.spend(session, source, "m", usage)


def test_a_difference_and_an_error_where_a_row_has_become_smaller(store, runtime, session):
    before = runtime.usage(session)
    add(store, session, cost("m", TEN), cost("new", TEN))
    after = runtime.usage(session)
    change = difference(before, after)
    assert {key: usage.total for key, usage in change.rows.items()} == {
        ("turn", "m"): 10,
        ("turn", "new"): 10,
    }
    assert difference(after, after) == Report({})
    words = r"token ledger decreased for source/model \(turn, m\)"
    with pytest.raises(BadArgumentError, match=words):
        difference(after, before)


def test_costs_add_up_where_they_are_known_and_are_unknown_where_none_is(store, runtime):
    session = runtime.open()
    add(store, session, said("x"), cost("m", TEN))
    assert runtime.usage(session).usage.cost_micros is None
    add(store, session, cost("m", Usage(1, cost_micros=5)), cost("m", Usage(1, cost_micros=7)))
    assert runtime.usage(session).usage.cost_micros == 12
