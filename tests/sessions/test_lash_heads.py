"""Head, commits and leases of lash (seed-systems, 4c); tests name the rule that they hold."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from scrubber.api import open_store
from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.events import Usage
from scrubber.core.slices import SliceList
from scrubber.sessions.heads import Commit
from scrubber.sessions.queue.inputs import ActiveTurn, take
from scrubber.sessions.queue.work import claim
from scrubber.store.leases import RENEW_MS, TTL_MS, HeldError, LeaseLostError
from tests.sessions.made import add, said, texts


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s")
    add(store, opened, "a")
    return opened


def test_a_commit_adds_events_and_raises_the_revision(store, runtime, session):
    head = runtime.head(session)
    done = runtime.commit(session, Commit("t1", (said("b"), said("c"))))
    assert texts(store, session) == ["a", "b", "c"]
    assert (done.revision, done.events) == (head.revision + 1, 3)
    now = runtime.head(session)
    assert (now.revision, now.leaf, now.nodes) == (done.revision, done.leaf, 3)
    assert now.leaf == runtime.graph(session).leaf != head.leaf
    assert runtime.commit(session, Commit("t2")).revision == done.revision + 1


def test_subscribers_are_told_of_commits_and_frames(runtime, session):
    told: list[Any] = []
    runtime.subscribe(session, told.append)
    done = runtime.commit(session, Commit("t1", (said("b"),)))
    assert (done.again, runtime.commit(session, Commit("t1", (said("b"),))).again) == (False, True)
    frame = runtime.open_frame(session, "continue_as").frame
    runtime.open_frame(session, "continue_as", frame=frame.id)
    assert [(event["type"], event["session_id"]) for event in told] == [
        ("committed", session), ("frame_opened", session),
    ]  # fmt: skip
    assert (told[0]["revision"], told[1]["frame"]) == (done.revision, frame.id)


def test_the_same_turn_again_gives_the_stored_result(store, runtime, session):
    first = runtime.commit(session, Commit("t1", (said("b", ts=1),)))
    assert runtime.commit(session, Commit("t1", (said("b", ts=2),))) == first
    assert texts(store, session) == ["a", "b"]


@pytest.mark.parametrize(
    "other",
    [
        Commit("t1", (said("B"),)),
        Commit("t1", (said("b"), said("c"))),
        Commit("t1"),
        Commit("t1", (said("b"),), behind=SliceList()),
        Commit("t1", (said("b"),), spent=(("x", "m", Usage(1)),)),
        Commit("t1", (said("b"),), turn="t"),
    ],
)
def test_the_same_turn_with_another_content_is_a_conflict(store, runtime, session, other):
    runtime.commit(session, Commit("t1", (said("b"),)))
    with pytest.raises(ConflictError, match="was used for another request"):
        runtime.commit(session, other)
    assert texts(store, session) == ["a", "b"]


def test_keys_of_one_session_are_not_those_of_another(store, runtime, session):
    other = runtime.open("other")
    runtime.commit(session, Commit("t1", (said("b"),)))
    runtime.commit(other, Commit("t1", (said("else"),)))
    assert texts(store, other) == ["else"]


def test_a_head_that_has_moved_is_a_conflict_and_none_skips_the_comparison(store, runtime, session):
    seen = runtime.head(session).revision
    add(store, session, "b")
    with pytest.raises(ConflictError, match=rf"expected revision {seen}, found {seen + 1}"):
        runtime.commit(session, Commit("t1", (said("c"),)), expected_revision=seen)
    runtime.commit(session, Commit("t1", (said("c"),)), expected_revision=seen + 1)
    runtime.commit(session, Commit("t2", (said("d"),)), expected_revision=None)
    assert texts(store, session) == ["a", "b", "c", "d"]


def test_idempotency_is_looked_at_before_the_lease_and_the_head(store, runtime, session):
    lease = runtime.lease(session, ttl_ms=10_000)
    seen = runtime.head(session).revision
    what = Commit("t1", (said("b"),))
    first = runtime.commit(session, what, lease=lease, expected_revision=seen)
    store.store.release(lease)
    runtime.lease(session)
    assert runtime.commit(session, what, lease=lease, expected_revision=seen) == first


def test_the_lease_is_looked_at_before_the_head(runtime, session):
    lost = runtime.lease(session, ttl_ms=0)
    runtime.lease(session)
    with pytest.raises(LeaseLostError, match="has taken it over"):
        runtime.commit(session, Commit("t1"), lease=lost, expected_revision=999)


def test_a_lease_that_has_run_out_commits_nothing_even_if_nobody_has_taken_it(
    store, runtime, session
):
    late = runtime.lease(session, ttl_ms=0)
    with pytest.raises(LeaseLostError, match="has run out"):
        runtime.commit(session, Commit("t1", (said("b"),)), lease=late)
    store.store.renew(late)
    runtime.commit(session, Commit("t1", (said("b"),)), lease=late)
    assert texts(store, session) == ["a", "b"]


def test_a_lease_of_another_session_is_refused(runtime, session):
    lease = runtime.lease(runtime.open("other"))
    with pytest.raises(BadArgumentError, match="the lease is of session other, not of s"):
        runtime.commit(session, Commit("t1"), lease=lease)


def test_the_fence_rises_with_every_claim_and_a_live_lease_is_not_taken(store, runtime, session):
    first = runtime.lease(session)
    with pytest.raises(HeldError):
        runtime.lease(session)
    store.store.release(first)
    second = runtime.lease(session)
    assert second.fence == first.fence + 1
    assert 3 * RENEW_MS <= TTL_MS == 30_000


def test_claims_must_be_this_leases(store, runtime, session):
    runtime.enqueue(session, [{"kind": "x"}])
    runtime.say(session, "hello")
    old = runtime.lease(session)
    work, (spoken,) = claim(store.store, old), take(store.store, old)
    store.store.release(old)
    new = runtime.lease(session)
    assert work is not None
    for what in (Commit("t1", work=(work.id,)), Commit("t2", inputs=(spoken.id,))):
        with pytest.raises(ConflictError, match="is not claimed by this lease"):
            runtime.commit(session, what, lease=new)
        with pytest.raises(BadArgumentError, match="lease"):
            runtime.commit(session, what)
    assert len(runtime.queued(session)) == 1


def test_nothing_is_written_by_a_commit_that_fails(store, runtime, session):
    lease = runtime.lease(session)
    runtime.say(session, "hello")
    (spoken,) = take(store.store, lease)
    before = runtime.head(session)
    what = Commit(
        "t1", (said("b"),), spent=(("x", "m", Usage(1)),), inputs=(spoken.id,),
        work=(f"qwc:1:{lease.fence}",),
    )  # fmt: skip
    with pytest.raises(ConflictError):
        runtime.commit(session, what, lease=lease)
    assert runtime.head(session) == before
    assert runtime.inputs(session)[0].state == "accepted"
    assert runtime.usage(session).entry_count == 0
    runtime.commit(session, Commit("t1", (said("b"),), inputs=(spoken.id,)), lease=lease)
    assert runtime.inputs(session)[0].state == "completed"


def test_a_commit_lets_inputs_for_its_turn_wait_for_the_next(runtime, session):
    for turn in ("t1", "t2", None):
        runtime.say(session, f"for {turn}", ActiveTurn(turn))
    runtime.commit(session, Commit("t1", (said("b"),), turn="t1"))
    states = [one.state for one in runtime.inputs(session)]
    assert states == ["deferred_next_turn", "pending_active", "deferred_next_turn"]


def test_a_commit_behind_another_leaf_keeps_the_path_it_leaves(store, runtime, session):
    add(store, session, "b", "c")
    graph = runtime.graph(session)
    graph.branch_to(graph.path_ids()[0])
    what = Commit("t1", (said("x"),), behind=graph.active_path())
    runtime.commit(session, what, expected_revision=graph.revision)
    assert texts(store, session) == ["a", "x"]
    assert len(runtime.graph(session)) == 4


def test_of_many_who_saw_the_same_head_one_commits(store, runtime, session):
    seen, won, lost = runtime.head(session).revision, [], []

    def try_it(number):
        with open_store(store.path) as mine:
            try:
                what = Commit(f"t{number}", (said(f"{number}"),))
                won.append(mine.runtime.commit(session, what, expected_revision=seen))
            except ConflictError as error:
                lost.append(error)

    threads = [threading.Thread(target=try_it, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert len(texts(store, session)) == 2


def test_turns_of_sessions_whose_names_have_spaces_are_no_others(store, runtime):
    for session, key, words in (("a", "b c", "one"), ("a b", "c", "one"), ("a%20b", "c", "one")):
        runtime.open(session)
        assert runtime.commit(session, Commit(key, (said(words),))).session == session
        assert texts(store, session) == ["one"]
