from __future__ import annotations

import pytest

from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending
from scrubber.live.run import Plan
from scrubber.live.sources import recording_of
from scrubber.transfer.editing import Edit


@pytest.mark.parametrize("first", range(0, 133, 12))
def test_a_fork_at_any_index_replays_to_the_recorded_end(bench, first):
    whole = bench.store.store.slices(bench.sample)
    records = sum(source.records for source in bench.store.store.sources())
    for at in range(first, min(first + 12, 133)):
        fork = bench.fork(at)
        outcome = bench.run(fork)
        assert (outcome.ending, outcome.notes) == (Ending.FINISHED, ()), at
        assert bench.store.store.slices(fork) == whole, at
        assert bench.store.session(fork).status == "completed"
    assert sum(source.records for source in bench.store.store.sources()) == records
    assert bench.faults() == []


def test_it_goes_on_turn_by_turn(bench):
    fork, lengths = bench.fork(26), []
    for _ in range(3):
        outcome = bench.run(fork, plan=Plan(budget=Budget(turns=1)))
        assert outcome.ending is Ending.BUDGET
        lengths.append(bench.store.session(fork).events)
    assert sorted(set(lengths)) == lengths
    assert bench.run(fork).ending is Ending.FINISHED
    assert bench.store.store.slices(fork) == bench.store.store.slices(bench.sample)


@pytest.mark.parametrize("rung", ["static", "error"])
def test_it_says_where_and_why_it_does_not_fit_any_more(bench, short, rung):
    fork = bench.store.fork(short, 3).session.id
    outcome = bench.run(fork, plan=Plan(policy=parse_policy(rung)))
    assert outcome.ending is Ending.UNMATCHED
    assert outcome.reason.startswith("message 4 (result of clock) is ")
    assert outcome.reason.endswith("; the recorded reply was to “noon”")
    (result,) = bench.added(fork, 3)
    assert result[:2] == ("tool_result", "stubbed")


def test_an_edit_that_says_the_same_fits(bench, short):
    changed = bench.store.fork_edited(short, 3, Edit("midnight")).session.id
    assert bench.run(changed).ending is Ending.UNMATCHED
    back = bench.store.fork_edited(changed, 3, Edit("noon")).session.id
    recording = recording_of(bench.store.store, back)
    assert recording is not None
    assert (recording.session, recording.at) == (changed, 4)


def test_a_session_that_is_no_fork_has_nothing_to_replay(bench):
    outcome = bench.run(bench.sample)
    assert (outcome.ending, outcome.events) == (Ending.UNMATCHED, 0)
    assert "no fork" in outcome.reason


def test_more_said_than_was_recorded_is_told(bench, short):
    from scrubber.core.content import text_content

    fork = bench.store.fork(short, 2).session.id
    outcome = bench.run(fork, plan=Plan(message=text_content("And the date?")))
    assert outcome.ending is Ending.UNMATCHED
    assert "message 3 (user), “And the date?”, is not in the recording" in outcome.reason


def test_a_grown_source_is_replayed_as_far_as_it_goes(bench, short, tmp_path):
    fork = bench.store.fork(short, 4).session.id
    assert bench.run(fork).ending is Ending.FINISHED
    assert bench.store.store.slices(fork) == bench.store.store.slices(short)
