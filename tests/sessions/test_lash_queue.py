"""Pending inputs, queued work and session commands of lash (seed-systems, 4f)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError, StoreError
from scrubber.sessions.heads import Commit
from scrubber.sessions.queue import inputs, work
from scrubber.sessions.queue.commands import Command
from scrubber.sessions.queue.inputs import ActiveTurn, Boundary, Cancelled, NextTurn
from scrubber.sessions.queue.work import MERGE_NEVER, Delivery, Slot, merge_group
from scrubber.store.leases import LeaseLostError
from tests.sessions.made import add, said, texts

AFTER, BEFORE = Boundary.AFTER_WORK, Boundary.BEFORE_COMPLETION
LATER = Delivery.AFTER_CURRENT_TURN_COMMIT


@pytest.fixture
def session(store, runtime):
    return runtime.open("s")


def heard(found):
    return [one.content["items"][0]["text"] for one in found]


def states(runtime, session):
    return [one.state for one in runtime.inputs(session)]


# Inputs


def test_an_input_waits_for_the_turn_that_runs_or_for_the_next(runtime, session):
    runtime.say(session, "now", ActiveTurn())
    runtime.say(session, "next")
    assert states(runtime, session) == ["pending_active", "deferred_next_turn"]
    assert runtime.inputs(session)[0].content == inputs.text_input("now")


def test_only_an_input_for_the_next_turn_asks_for_one(runtime, session):
    assert not inputs.starts_turn(runtime.say(session, "now", ActiveTurn()))
    found = runtime.say(session, "next", NextTurn())
    assert inputs.starts_turn(found)
    runtime.unsay(session, found.id)
    assert not inputs.starts_turn(runtime.inputs(session)[1])


def test_a_boundary_takes_what_it_is_late_enough_for_in_order(store, runtime, session):
    runtime.say(session, "late", ActiveTurn(min_boundary=BEFORE))
    runtime.say(session, "early", ActiveTurn(min_boundary=AFTER))
    runtime.say(session, "other turn", ActiveTurn("t2"))
    runtime.say(session, "this turn", ActiveTurn("t1"))
    runtime.say(session, "next")
    lease = runtime.lease(session)
    assert heard(inputs.take(store.store, lease, AFTER, "t1")) == ["early", "this turn"]
    assert heard(inputs.take(store.store, lease, AFTER, "t1")) == []
    assert heard(inputs.take(store.store, lease, BEFORE, "t1")) == ["late"]
    assert heard(inputs.take(store.store, lease)) == ["next"]
    assert heard(inputs.take(store.store, lease, BEFORE, "t2")) == ["other turn"]


def test_the_same_key_and_content_is_the_same_input_other_content_a_conflict(runtime, session):
    first = runtime.say(session, "hi", source_key="k")
    assert runtime.say(session, "hi", ActiveTurn(), source_key="k") == first
    with pytest.raises(ConflictError, match=rf"input {first.id} has the key 'k' and other content"):
        runtime.say(session, "ho", source_key="k")
    other = runtime.open("other")
    assert runtime.say(other, "ho", source_key="k").id != first.id
    assert runtime.say(session, "hi").id != runtime.say(session, "hi").id


def test_tombstones_keep_a_key_until_they_are_vacuumed(store, runtime, session):
    gone = runtime.say(session, "hi", source_key="k")
    runtime.unsay(session, gone.id)
    assert runtime.say(session, "hi", source_key="k").state == "cancelled"
    with pytest.raises(ConflictError):
        runtime.say(session, "ho", source_key="k")
    runtime.say(session, "waits")
    assert runtime.vacuum(session) == (1, 0)
    assert runtime.say(session, "ho", source_key="k").state == "deferred_next_turn"


def test_cancelling_says_what_came_of_it(store, runtime, session):
    ids = [runtime.say(session, word).id for word in ("a", "b")]
    lease = runtime.lease(session)

    def cancel(id):
        return runtime.unsay(session, id)[id]

    assert cancel("unknown") is Cancelled.NOT_FOUND
    assert cancel(ids[0]) is Cancelled.CANCELLED
    assert cancel(ids[0]) is Cancelled.ALREADY_CANCELLED
    inputs.take(store.store, lease)
    assert cancel(ids[1]) is Cancelled.ALREADY_CLAIMED
    runtime.commit(session, Commit("t", inputs=(ids[1],)), lease=lease)
    assert cancel(ids[1]) is Cancelled.ALREADY_COMPLETED
    assert states(runtime, session) == ["cancelled", "completed"]


def test_an_input_of_another_session_is_not_found(runtime, session):
    other = runtime.open("other")
    found = runtime.say(other, "hi")
    assert runtime.unsay(session, found.id) == {found.id: Cancelled.NOT_FOUND}
    assert runtime.inputs(other)[0].state == "deferred_next_turn"


def test_cancelling_a_suffix_cancels_the_anchor_and_all_behind_it(runtime, session):
    ids = [runtime.say(session, word).id for word in "abcd"]
    runtime.unsay(session, ids[2])
    assert runtime.unsay(session, ids[1], and_later=True) == {
        ids[1]: Cancelled.CANCELLED,
        ids[2]: Cancelled.ALREADY_CANCELLED,
        ids[3]: Cancelled.CANCELLED,
    }
    assert states(runtime, session)[0] == "deferred_next_turn"
    assert runtime.unsay(session, "x", and_later=True) == {"x": Cancelled.NOT_FOUND}


def test_what_a_dead_holder_accepted_is_said_by_the_next(store, runtime, session):
    runtime.say(session, "hi", ActiveTurn())
    dead = runtime.lease(session, ttl_ms=0)
    assert heard(inputs.take(store.store, dead, AFTER)) == ["hi"]
    alive = runtime.lease(session)
    with pytest.raises(LeaseLostError):
        inputs.take(store.store, dead)
    assert heard(inputs.take(store.store, alive)) == ["hi"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        " ",
        {},
        {"items": []},
        {"items": ["text"]},
        {"items": [{"type": "text"}]},
        {"items": [{"type": "image_ref", "id": "x"}]},
        {"items": [{"type": "film", "id": "x"}], "image_blobs": {"x": {}}},
    ],
)
def test_an_input_must_say_something(runtime, session, content):
    with pytest.raises(BadArgumentError):
        runtime.say(session, content)


def test_a_queue_needs_a_store_that_can_be_written(store, runtime, session):
    from scrubber.api import open_store

    with (
        open_store(store.path, read_only=True) as read_only,
        pytest.raises(StoreError, match="opened for reading only"),
    ):
        read_only.runtime.say(session, "hi")


# Work


def claimed(store: Any, lease: Any, **how: Any) -> Any:
    return work.claim(store.store, lease, **how)


def kinds(claim):
    return [item["kind"] for batch in claim.batches for item in batch.items]


def finish(runtime, session, lease, claim):
    runtime.commit(session, Commit(claim.id, work=(claim.id,)), lease=lease)


def test_batches_and_claims_have_lashs_ids(store, runtime, session):
    batch = runtime.enqueue(session, [{"kind": "x"}])
    assert re.fullmatch(r"qwb:[0-9a-f]{64}", batch.id)
    lease = runtime.lease(session)
    assert claimed(store, lease).id == f"qwc:{batch.seq}:{lease.fence}"


def test_join_takes_the_prefix_with_the_same_policy_and_merge_key(store, runtime, session):
    for kind in ("a", "a", "b", "a"):
        runtime.enqueue(session, [{"kind": kind}])
    lease = runtime.lease(session)
    first = claimed(store, lease)
    assert kinds(first) == ["a", "a"]
    assert claimed(store, lease) is None
    finish(runtime, session, lease, first)
    second = claimed(store, lease)
    assert kinds(second) == ["b"]
    finish(runtime, session, lease, second)
    assert kinds(claimed(store, lease)) == ["a"]


@pytest.mark.parametrize(
    ("how", "together"),
    [
        ([{}, {"slot": Slot.EXCLUSIVE}], 1),
        ([{"slot": Slot.EXCLUSIVE}, {"slot": Slot.EXCLUSIVE}], 1),
        ([{"merge": MERGE_NEVER}, {"merge": MERGE_NEVER}], 1),
        ([{"merge": merge_group("g")}, {"merge": merge_group("g")}], 2),
        ([{"merge": merge_group("g")}, {"merge": merge_group("h")}], 1),
        ([{"merge": merge_group("g")}, {}], 1),
        ([{"delivery": LATER}, {"delivery": LATER}], 2),
        ([{"delivery": LATER}, {}], 1),
    ],
)
def test_what_is_alike_is_done_together(store, runtime, session, how, together):
    for one in how:
        runtime.enqueue(session, [{"kind": "x"}], **one)
    assert len(claimed(store, runtime.lease(session)).batches) == together


def test_a_group_joins_whatever_the_kinds_are(store, runtime, session):
    for kind in "ab":
        runtime.enqueue(session, [{"kind": kind}], merge=merge_group("g"))
    assert kinds(claimed(store, runtime.lease(session))) == ["a", "b"]


def test_within_a_turn_only_what_may_be_done_at_a_safe_boundary(store, runtime, session):
    runtime.enqueue(session, [{"kind": "later"}], delivery=LATER)
    lease = runtime.lease(session)
    assert claimed(store, lease, in_turn=True) is None
    runtime.enqueue(session, [{"kind": "soon"}])
    found = claimed(store, lease, in_turn=True)
    assert kinds(found) == ["soon"]
    finish(runtime, session, lease, found)
    assert kinds(claimed(store, lease)) == ["later"]


def test_a_command_that_leads_blocks_the_work_behind_it(store, runtime, session):
    runtime.command(session, Command.REFRESH_TOOL_CATALOG, "k")
    runtime.enqueue(session, [{"kind": "x"}])
    lease = runtime.lease(session)
    assert claimed(store, lease, in_turn=True) is None
    assert kinds(claimed(store, lease)) == ["refresh_tool_catalog"]


def test_work_does_not_pass_a_command_in_front_of_it(store, runtime, session):
    runtime.enqueue(session, [{"kind": "later"}], delivery=LATER)
    runtime.command(session, Command.RESET_SESSION, "k")
    runtime.enqueue(session, [{"kind": "soon"}])
    assert claimed(store, runtime.lease(session), in_turn=True) is None


def test_the_same_source_key_gives_the_batch_that_waits_and_can_be_used_again(
    store, runtime, session
):
    first = runtime.enqueue(session, [{"kind": "x"}], source_key="k")
    assert runtime.enqueue(session, [{"kind": "y"}], source_key="k") == first
    lease = runtime.lease(session)
    finish(runtime, session, lease, claimed(store, lease))
    assert runtime.queued(session) == []
    assert runtime.enqueue(session, [{"kind": "y"}], source_key="k").id != first.id


def test_work_that_was_given_back_or_whose_doer_died_waits_in_its_old_place(
    store, runtime, session
):
    runtime.enqueue(session, [{"kind": "a"}], merge=MERGE_NEVER)
    runtime.enqueue(session, [{"kind": "b"}], merge=MERGE_NEVER)
    dead = runtime.lease(session, ttl_ms=0)
    mine = claimed(store, dead)
    work.give_back(store.store, dead, mine)
    assert kinds(claimed(store, dead)) == ["a"]
    alive = runtime.lease(session)
    with pytest.raises(LeaseLostError):
        work.give_back(store.store, dead, mine)
    again = claimed(store, alive)
    assert (kinds(again), again.id != mine.id) == (["a"], True)
    assert not work.cancel(store.store, session, again.batches[0].id)
    assert work.cancel(store.store, session, runtime.queued(session)[1].id)


def test_work_needs_items_with_kinds_and_a_merge_key_that_there_is(runtime, session):
    for items in ([], [{"x": 1}]):
        with pytest.raises(BadArgumentError, match="items, each with a kind"):
            runtime.enqueue(session, items)
    with pytest.raises(BadArgumentError, match="is no merge key"):
        runtime.enqueue(session, [{"kind": "x"}], merge="sometimes")
    with pytest.raises(BadArgumentError, match="a merge group needs a name"):
        merge_group(" ")


# Commands


def test_a_command_is_alone_after_the_turn_under_its_key(runtime, session):
    batch = runtime.command(session, "reset_session", " k ", "start over")
    assert batch.source_key == "command:reset_session:k"
    assert (batch.delivery, batch.slot) == ("after_current_turn_commit", "exclusive")
    assert batch.items == ({"kind": "reset_session", "reason": "start over"},)
    assert runtime.command(session, Command.RESET_SESSION, "k") == batch
    assert runtime.command(session, Command.REFRESH_TOOL_CATALOG, "k") != batch


def test_a_blank_key_or_an_unknown_command_is_refused(runtime, session):
    for key in ("", "  \n"):
        with pytest.raises(BadArgumentError, match="idempotency key cannot be empty"):
            runtime.command(session, Command.RESET_SESSION, key)
    with pytest.raises(BadArgumentError, match="is no session command"):
        runtime.command(session, "make_tea", "k")


def test_draining_does_the_leading_command_once_and_frees_its_key(store, runtime, session):
    add(store, session, "a")
    lease = runtime.lease(session)
    assert runtime.drain(lease) is None
    runtime.command(session, Command.RESET_SESSION, "k")
    done = runtime.drain(lease)
    assert (done.events, texts(store, session), runtime.queued(session)) == (0, [], [])
    assert runtime.drain(lease) is None
    assert len(runtime.graph(session)) == 1
    runtime.command(session, Command.RESET_SESSION, "k")
    assert runtime.drain(lease).revision > done.revision


def test_draining_without_a_lease_is_refused(runtime, session):
    with pytest.raises(BadArgumentError, match="requires a session execution lease"):
        runtime.drain(None)


def test_work_that_leads_is_not_drained_as_a_command(runtime, session):
    runtime.enqueue(session, [{"kind": "x"}])
    runtime.command(session, Command.RESET_SESSION, "k")
    assert runtime.drain(runtime.lease(session)) is None
    assert len(runtime.queued(session)) == 2


def test_a_handler_does_it_and_what_it_wants_is_committed_with_it(store, runtime, session):
    runtime.command(session, Command.REFRESH_TOOL_CATALOG, "k", "new server")
    lease, seen = runtime.lease(session), []

    def refresh(name, command):
        seen.append((name, command["reason"]))
        return Commit("refresh", (said("3 tools"),))

    runtime.drain(lease, {"refresh_tool_catalog": refresh})
    assert seen == [(session, "new server")]
    assert texts(store, session) == ["3 tools"]


def test_a_handler_that_fails_or_is_missing_leaves_the_command_to_be_done_again(runtime, session):
    runtime.command(session, Command.REFRESH_TOOL_CATALOG, "k")
    lease = runtime.lease(session)

    def fail(name, command):
        raise RuntimeError("no server")

    with pytest.raises(RuntimeError, match="no server"):
        runtime.drain(lease, {"refresh_tool_catalog": fail})
    with pytest.raises(BadArgumentError, match="nobody handles"):
        runtime.drain(lease)
    assert runtime.drain(lease, {"refresh_tool_catalog": lambda name, command: None}) is not None
    assert runtime.queued(session) == []


def test_purging_a_session_takes_its_queues_along(store, runtime, session):
    runtime.say(session, "hi")
    runtime.command(session, Command.RESET_SESSION, "k")
    runtime.pause(session)
    store.delete(session)
    store.purge()
    rows = store.store.connections.get()
    for table in ("turn_inputs", "queued_work", "states"):
        assert rows.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
