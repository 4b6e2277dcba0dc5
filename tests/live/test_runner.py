from __future__ import annotations

import asyncio
import hashlib

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Kind, Mark, Visibility
from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending, Params
from scrubber.live.desk import Answer
from scrubber.live.errors import ProviderError
from scrubber.live.extend import extend
from scrubber.live.parts import Began, Grew, Stop
from scrubber.live.reports import Added, Answered, Over, Sending, Streamed
from scrubber.live.run import Plan
from scrubber.store.leases import HeldError
from tests.live.scripted import Scripted, busy, calls, done, says, thinks


@pytest.fixture
def fork(bench, short):
    return bench.store.fork(short, 2).session.id


def test_a_turn_runs_through_its_calls_to_its_end(bench, fork):
    provider = Scripted(
        [*thinks("hm"), *says("Let me see.", 1), *calls("clock", "x1", 2, zone="UTC"), *done()],
        [*says("Noon."), *done()],
    )
    outcome = bench.run(fork, provider, Plan(Params("scripted-1")))
    assert (outcome.ending, outcome.reason) == (Ending.FINISHED, "the model ended its turn")
    assert (outcome.turns, outcome.spent.total) == (2, 30)
    spoken = [e for e in bench.added(fork, 2) if e[0] not in ("model_call", "usage", "turn_end")]
    assert spoken == [
        ("reasoning", "resampled", "hm"),
        ("message", "resampled", "Let me see."),
        ("tool_call", "resampled", ""),
        ("tool_result", "recorded", "noon"),
        ("message", "resampled", "Noon."),
    ]
    assert [m.role.label for m in provider.requests[1].messages] == [
        "system", "user", "assistant", "tool",
    ]  # fmt: skip
    session = bench.store.session(fork)
    assert (session.status, session.tokens, session.messages) == ("completed", 30, 5)
    assert session.model == "scripted-1"
    assert bench.faults() == []


def test_what_was_sent_is_a_fact(bench, fork):
    provider = Scripted([*says("Hello."), *done(cost_micros=7)])
    bench.run(fork, provider, Plan(Params("m", temperature=0.5), keep_bodies=True))
    sent, said, used, end = bench.store.events(fork, 2)
    facts = bench.store.content(sent).detail
    body = provider.body(provider.requests[0])
    assert facts["sha256"] == hashlib.sha256(body).hexdigest()
    assert (facts["body"], facts["bytes"]) == (body.decode(), len(body))
    assert facts["params"] == {"model": "m", "temperature": 0.5}
    assert (used.usage.input, used.usage.cost_micros) == (10, 7)
    assert bench.store.content(used).detail["model"] == "scripted-1"
    kinds = (sent.kind, said.kind, used.kind, end.kind)
    assert kinds == (Kind.MODEL_CALL, Kind.MESSAGE, Kind.USAGE, Kind.TURN_END)
    assert {e.visibility for e in (sent, used, end)} == {Visibility.HIDDEN}


def test_reports_come_in_order(bench, fork):
    bench.run(fork, Scripted([*calls("clock", "x", zone="UTC"), *done()], [*says("a b"), *done()]))
    told = [type(report) for report in bench.reports if not isinstance(report, Added)]
    first = [Sending, Streamed, Streamed, Streamed, Streamed, Answered]
    assert told == [*first, Sending, *[Streamed] * 5, Over]
    lengths = [r.length for r in bench.reports if isinstance(r, Added)]
    assert lengths == sorted(lengths)


def test_open_calls_are_answered_before_the_message_is_said(bench, short):
    fork = bench.store.fork(short, 3).session.id
    provider = Scripted([*says("ok"), *done()])
    bench.run(fork, provider, Plan(message=text_content("Hurry.")))
    roles = [(m.role.label, m.items[0][1].text) for m in provider.requests[0].messages]
    assert roles[-2:] == [("tool", "noon"), ("user", "Hurry.")]


def test_it_may_start_in_the_middle_of_parallel_calls(bench, fork):
    both = [*calls("clock", "a", 0, zone="UTC"), *calls("clock", "b", 1, zone="CET"), *done()]
    bench.run(fork, Scripted(both), Plan(policy=parse_policy("ask")))
    half = bench.store.fork(fork, 5).session.id
    provider = Scripted([*says("ok"), *done()])
    policy = parse_policy({"default": {"rungs": ["static"], "text": "late"}})
    assert bench.run(half, provider, Plan(policy=policy)).ending is Ending.FINISHED
    assert [m.role.label for m in provider.requests[0].messages][-3:] == [
        "assistant",
        "tool",
        "tool",
    ]


def test_an_own_reply_is_gone_on_with_and_that_is_said(bench, short):
    fork = bench.store.fork(short, 5).session.id
    outcome = bench.run(fork, Scripted([*says("Indeed."), *done()]))
    assert "scripted goes on with its own words" in outcome.notes
    last = [e for e in bench.store.events(fork) if e.kind is Kind.MESSAGE][-2:]
    assert last[0].group_id == last[1].group_id
    assert bench.store.session(fork).messages == 5


@pytest.mark.parametrize(
    ("budget", "turns", "words"),
    [
        (Budget(turns=2), 2, "the budget of 2 turns is used up"),
        (Budget(tokens=31), 3, "the budget of 31 tokens is used up"),
        (Budget(cost_micros=5), 1, "the budget of $5e-06 is used up"),
        (Budget(seconds=0.0), 0, "the budget of 0 seconds is used up"),
    ],
)
def test_a_budget_ends_it(bench, fork, budget, turns, words):
    endless = Scripted(*([*calls("clock", f"c{n}"), *done(cost_micros=5)] for n in range(9)))
    plan = Plan(budget=budget, policy=parse_policy("static"))
    outcome = bench.run(fork, endless, plan)
    assert (outcome.ending, outcome.turns, outcome.reason) == (Ending.BUDGET, turns, words)
    assert bench.store.session(fork).status == "paused"
    assert bench.store.store.open_calls(fork) == []


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        (Stop.LENGTH, "limit of tokens"),
        (Stop.REFUSED, "refused"),
        (Stop.UNKNOWN, "without a reason"),
    ],
)
def test_why_a_model_stopped_is_told(bench, fork, stop, words):
    outcome = bench.run(fork, Scripted([*says("a"), *done(stop)]))
    assert words in outcome.reason


def test_cancelling_keeps_what_was_said_and_marks_it(bench, fork):
    waiting = asyncio.Event()
    provider = Scripted(
        [*thinks("whole"), Began(1, Kind.MESSAGE), Grew(1, "half a "), Grew(1, "sen"), waiting],
    )

    async def run():
        task = asyncio.create_task(extend(bench.store.store, fork, provider))
        while not provider.requests:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        began = asyncio.get_running_loop().time()
        task.cancel()
        return await task, asyncio.get_running_loop().time() - began

    outcome, seconds = asyncio.run(run())
    assert outcome.ending is Ending.CANCELLED
    assert seconds < 0.1
    assert provider.closed == 1
    events = [e for e in bench.store.events(fork, 2) if e.kind in (Kind.REASONING, Kind.MESSAGE)]
    assert [bench.store.content(e).text for e in events] == ["whole", "half a sen"]
    assert [bool(e.marks & Mark.TRUNCATED) for e in events] == [False, True]
    assert bench.store.session(fork).status == "stopped"
    assert bench.store.store.holder(fork) is None
    assert bench.run(fork, Scripted()).ending is Ending.FINISHED
    assert bench.faults() == []


def test_half_a_call_is_shown_to_people_only(bench, fork):
    broken = [Began(0, Kind.TOOL_CALL, "clock", "x"), Grew(0, '{"zo'), ProviderError("lost")]
    outcome = bench.run(fork, Scripted(broken))
    assert (outcome.ending, outcome.reason) == (Ending.FAILED, "lost")
    (call,) = (e for e in bench.store.events(fork, 2) if e.kind is Kind.TOOL_CALL)
    assert call.visibility is Visibility.UI_ONLY
    assert bench.store.store.open_calls(fork) == []
    assert bench.store.session(fork).status == "error"


def test_it_tries_again_where_that_may_help(bench, fork):
    provider = Scripted([busy()], [busy()], [*says("at last"), *done()])
    outcome = bench.run(fork, provider)
    assert outcome.ending is Ending.FINISHED
    assert [n for n in outcome.notes if "Trying again" in n] == [
        "429: too many requests. Trying again in 0 s."
    ] * 2
    errors = [e for e in bench.store.events(fork, 2) if e.kind is Kind.ERROR]
    assert [e.visibility for e in errors] == [Visibility.UI_ONLY] * 2


def test_it_does_not_try_again_when_something_was_received(bench, fork):
    provider = Scripted([*says("first"), busy()])
    outcome = bench.run(fork, provider)
    assert (outcome.ending, outcome.retryable, len(provider.requests)) == (Ending.FAILED, True, 1)
    assert ("message", "resampled", "first") in bench.added(fork, 2)


def test_it_gives_up_in_the_end(bench, fork):
    provider = Scripted(*([busy()] for _ in range(9)))
    outcome = bench.run(fork, provider, Plan(tries=3))
    assert (outcome.ending, len(provider.requests)) == (Ending.FAILED, 3)


def test_nobody_is_there_to_ask(bench, fork):
    outcome = bench.run(fork, Scripted([*calls("weather", "w"), *done()]))
    assert outcome.ending is Ending.NEEDS_PERSON
    assert outcome.reason.startswith("weather call #4 waits for an answer")
    assert any("weather call #4 is not on the tape" in note for note in outcome.notes)
    assert bench.store.session(fork).status == "paused"

    class Somebody:
        async def answer(self, question):
            return Answer(text_content("sunny"))

    outcome = bench.run(fork, Scripted([*says("Nice."), *done()]), desk=Somebody())
    assert outcome.ending is Ending.FINISHED
    assert ("tool_result", "typed", "sunny") in bench.added(fork, 2)


def test_two_cannot_run_one_session(bench, fork):
    lease = bench.store.store.claim(fork, "the other one")
    with pytest.raises(HeldError, match="the other one"):
        bench.run(fork, Scripted())
    bench.store.store.release(lease)


def test_who_lost_its_lease_stops(bench, fork):
    started = asyncio.Event()

    async def run():
        provider = Scripted([*says("a"), started, *says("b", 1), *done()])
        task = asyncio.create_task(extend(bench.store.store, fork, provider))
        while not any(e.kind is Kind.MESSAGE for e in bench.store.events(fork, 2)):
            await asyncio.sleep(0.01)
        bench.store.store.connections.get().execute("UPDATE leases SET token = 'another'")
        started.set()
        return await task

    outcome = asyncio.run(run())
    assert outcome.ending is Ending.FAILED
    assert "no longer ours" in outcome.reason
    assert [t for _, _, t in bench.added(fork, 2) if t] == ["a"]


def test_the_person_writes_the_reply(bench, fork):
    class Writer:
        async def reply(self, session):
            return text_content("I say noon.")

    outcome = bench.run(fork, "person", desk=Writer())
    assert outcome.ending is Ending.FINISHED
    assert bench.added(fork, 2) == [("message", "typed", "I say noon.")]
    assert bench.run(fork, "person").ending is Ending.NEEDS_PERSON


def test_an_observer_that_fails_does_not_end_it(bench, fork, expect_log):
    expect_log(f"whoever watches session {fork} failed")

    def stumble(report):
        raise RuntimeError("oops")

    outcome = bench.run(fork, Scripted([*says("fine"), *done()]), observer=stumble)
    assert outcome.ending is Ending.FINISHED
