"""Confirmation by a person, of a3s-code (seed-systems, 5e)."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from scrubber.core.content import text_content
from scrubber.core.errors import BadArgumentError
from scrubber.core.permissions import Decision, Permissions
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.live.desk import Answer
from scrubber.live.extend import extend
from scrubber.live.run import Plan
from scrubber.live.toolbox import EmptyToolbox, Known
from scrubber.sessions.confirmation import (
    ConfirmationPolicy,
    Confirmations,
    ConfirmingDesk,
    TimeoutAction,
    Verdict,
)
from scrubber.sessions.lanes import Lane
from tests.live.scripted import Scripted, calls, done, says

QUICK = ConfirmationPolicy(timeout_ms=20)


async def soon(found, count=1):
    """Wait until so many calls wait."""
    while len(found.pending) < count:
        await asyncio.sleep(0)


def asked(found, decide, *ids, tool="bash"):
    """Ask about calls, let somebody decide, and give the verdicts."""

    async def run():
        waiting = [asyncio.ensure_future(found.ask(id, tool, {"command": id})) for id in ids]
        await soon(found, len(ids))
        decide()
        return await asyncio.gather(*waiting)

    return asyncio.run(run())


def test_it_is_enabled_for_30_seconds_and_then_rejects():
    policy = ConfirmationPolicy()
    assert (policy.enabled, policy.timeout_ms) == (True, 30_000)
    assert policy.timeout_action is TimeoutAction.REJECT


def test_calls_wait_by_their_ids_and_are_decided_one_by_one():
    found = Confirmations()

    def decide():
        assert [(one.id, one.tool) for one in found.pending] == [("1", "bash"), ("2", "bash")]
        assert found.confirm("2", False, "too risky")
        assert found.confirm("1", True)
        assert not found.confirm("1", False)

    assert asked(found, decide, "1", "2") == [Verdict(True), Verdict(False, "too risky")]
    assert found.pending == []


def test_confirming_what_does_not_wait_is_false():
    assert Confirmations().confirm("1", True) is False
    assert Confirmations().cancel("1") is False


@pytest.mark.parametrize(
    ("action", "approved", "taken"),
    [
        (TimeoutAction.REJECT, False, "rejected"),
        (TimeoutAction.AUTO_APPROVE, True, "auto_approved"),
    ],
)
def test_a_time_out_does_what_the_policy_says_and_tells_it(action, approved, taken):
    told: list[Any] = []
    found = Confirmations(ConfirmationPolicy(timeout_ms=10, timeout_action=action), told.append)
    verdict = asyncio.run(found.ask("1", "bash"))
    words = f"Confirmation timed out, action: {taken}"
    assert verdict == Verdict(approved, words, timed_out=True)
    assert told[-1] == {"type": "confirmation_timeout", "tool_id": "1", "action_taken": taken}
    assert found.confirm("1", True) is False


def test_cancelling_is_a_rejection_that_says_so():
    found = Confirmations()
    verdicts = asked(found, lambda: found.cancel_all(), "1", "2")
    assert verdicts == [Verdict(False, "Confirmation cancelled")] * 2


def test_nobody_is_asked_where_it_is_disabled_or_the_lane_is_free():
    told: list[Any] = []
    off = Confirmations(ConfirmationPolicy(enabled=False), told.append)
    free = Confirmations(ConfirmationPolicy(yolo_lanes=frozenset({Lane.QUERY})), told.append)
    assert asyncio.run(off.ask("1", "bash")) == Verdict(True, asked=False)
    assert asyncio.run(free.ask("1", "Read")) == Verdict(True, asked=False)
    assert (told, free.policy.asks("bash")) == ([], True)


def test_two_calls_with_one_id_are_refused_where_the_second_would_push_out_the_first():
    found = Confirmations()

    async def run():
        first = asyncio.ensure_future(found.ask("1", "bash"))
        await soon(found)
        with pytest.raises(BadArgumentError, match="call '1' waits for confirmation already"):
            await found.ask("1", "bash")
        found.confirm("1", True)
        return await first

    assert asyncio.run(run()) == Verdict(True)


def test_a_sub_agent_without_a_policy_of_its_own_has_its_parents():
    parent = Confirmations(QUICK)
    assert parent.child().policy is QUICK
    own = ConfirmationPolicy(enabled=False)
    assert parent.child(own).policy is own


def test_a_caller_that_is_cancelled_waits_no_more():
    found = Confirmations()

    async def run():
        waiting = asyncio.ensure_future(found.ask("1", "bash"))
        await soon(found)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return found.pending

    assert asyncio.run(run()) == []


def test_another_thread_decides():
    found = Confirmations()

    def decide():
        thread = threading.Thread(target=lambda: found.confirm("1", True, "by a thread"))
        thread.start()
        thread.join()

    assert asked(found, decide, "1") == [Verdict(True, "by a thread")]


def test_of_many_threads_one_decides():
    found, won = Confirmations(), []

    def decide():
        threads = [
            threading.Thread(target=lambda n=n: won.append(found.confirm("1", n % 2 == 0, str(n))))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    (verdict,) = asked(found, decide, "1")
    assert won.count(True) == 1
    assert verdict.reason in map(str, range(8))


def test_a_policy_is_read_and_written_as_a3s_code_has_it():
    value = {
        "enabled": True, "default_timeout_ms": 5, "timeout_action": "AutoApprove",
        "yolo_lanes": ["Query", "control"],
    }  # fmt: skip
    policy = ConfirmationPolicy.from_json(value)
    lanes = frozenset({Lane.QUERY, Lane.CONTROL})
    assert policy == ConfirmationPolicy(True, 5, TimeoutAction.AUTO_APPROVE, lanes)
    assert ConfirmationPolicy.from_json(policy.as_json()) == policy
    assert ConfirmationPolicy.from_json({}) == ConfirmationPolicy()
    for bad in (
        {"timeout_action": "shrug"},
        {"yolo_lanes": ["fast"]},
        {"default_timeout_ms": "1"},
        {"default_timeout_ms": True},
        {"enabled": None},
    ):
        with pytest.raises(BadArgumentError):
            ConfirmationPolicy.from_json(bad)


# In a branch that runs


class Box(EmptyToolbox):
    """A toolbox with one tool that notes that it ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def find(self, name: str) -> Known | None:
        return Known(name)

    async def call(self, name: str, arguments: Any) -> Answer:
        self.ran.append(name)
        return Answer(text_content("it ran"), rung="live")


@pytest.mark.parametrize("approved", [True, False])
def test_a_live_tool_runs_only_if_it_was_confirmed(store, runtime, approved):
    session = runtime.open()
    runtime.inject(session, {"role": "user", "content": "go"})
    found = Confirmations()
    policy = Policy(Ladder((Rung.LIVE,)), permissions=Permissions(default=Decision.ASK))
    provider = Scripted([*calls("bash", "c1", command="ls"), *done()], [*says("ok"), *done()])
    box = Box()

    async def run():
        desk = ConfirmingDesk(found)
        running = asyncio.ensure_future(
            extend(store.store, session, provider, Plan(policy=policy), desk=desk, toolbox=box)
        )
        await soon(found)
        found.confirm("c1", approved, "" if approved else "not today")
        return await running

    assert asyncio.run(run()).ending == "finished"
    assert box.ran == (["bash"] if approved else [])
    results = [e.text for e in store.events(session) if e.kind.label == "tool_result"]
    assert results == ["it ran" if approved else "[bash was not run: not today]"]
