from __future__ import annotations

import asyncio

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Kind, Origin
from scrubber.core.policy import parse_policy
from scrubber.core.running import Ending
from scrubber.live.desk import RUN, Answer
from scrubber.live.reports import Asked
from scrubber.live.run import Plan
from scrubber.live.toolbox import Known
from tests.live.scripted import Scripted, calls, done, says


@pytest.fixture
def fork(bench, short):
    return bench.store.fork(short, 2).session.id


class Desk:
    def __init__(self, *answers):
        self._answers = list(answers)
        self.questions = []

    async def answer(self, question):
        self.questions.append(question)
        return self._answers.pop(0)


class Toolbox:
    def __init__(self):
        self.called = []

    problems = ()

    async def tools(self, recorded=()):
        return ()

    async def find(self, name):
        return Known("mcp__home__clock", ("only reads",)) if name == "clock" else None

    async def call(self, name, arguments):
        self.called.append((name, arguments))
        return Answer(text_content("live noon"), False, Origin.RESAMPLED, "live")

    async def close(self):
        pass


def ask_twice(**arguments):
    return Scripted(
        [*calls("clock", "x1", **arguments), *done()],
        [*calls("clock", "x2", 0, zone="CET"), *done()],
        [*says("ok"), *done()],
    )


def results(bench, fork):
    events = [e for e in bench.store.events(fork, 2) if e.kind is Kind.TOOL_RESULT]
    return [
        (bench.store.content(e).text, e.origin.label, bench.store.content(e).detail["told"]["rung"])
        for e in events
    ]


def run(bench, fork, policy, provider, **how):
    return bench.run(fork, provider, Plan(policy=parse_policy(policy)), **how)


def test_a_miss_of_the_tape_goes_to_the_next_rung_and_is_told(bench, fork):
    policy = {"default": {"rungs": ["recorded", "static"], "text": "later"}}
    outcome = run(bench, fork, policy, ask_twice(zone="UTC"))
    assert results(bench, fork) == [
        ("noon", "recorded", "recorded"),
        ("later", "stubbed", "static"),
    ]
    assert any("is not on the tape" in note for note in outcome.notes)
    assert not any("not used" in note for note in outcome.notes)


def test_what_of_the_tape_was_not_used_is_told(bench, fork):
    outcome = run(bench, fork, ["recorded", "error"], ask_twice(zone="PST"))
    assert [r[1:] for r in results(bench, fork)] == [("stubbed", "error")] * 2
    assert "not used of the recording: clock UTC" in outcome.notes


def test_in_order_whatever_the_arguments(bench, fork):
    policy = {"default": {"rungs": ["recorded", "error"], "matching": "order"}}
    run(bench, fork, policy, ask_twice(zone="PST"))
    assert [r[2] for r in results(bench, fork)] == ["recorded", "error"]


def test_a_person_gets_the_recorded_result_to_begin_with(bench, fork):
    desk = Desk(Answer(text_content("mine")), Answer(text_content("also mine")))
    run(bench, fork, "ask", ask_twice(zone="UTC"), desk=desk)
    assert desk.questions[0].recorded.content.text == "noon"
    assert [r[:2] for r in results(bench, fork)] == [("mine", "typed"), ("also mine", "typed")]
    asked = [report for report in bench.reports if isinstance(report, Asked)]
    assert [report.question for report in asked] == desk.questions


def test_always_answers_all_that_come_later(bench, fork):
    desk = Desk(Answer(text_content("noon, always"), always=True))
    run(bench, fork, "ask", ask_twice(zone="UTC"), desk=desk)
    assert results(bench, fork) == [
        ("noon, always", "typed", "ask"),
        ("noon, always", "stubbed", "ask-always"),
    ]


def test_nobody_answers_in_time(bench, fork):
    class Asleep:
        async def answer(self, question):
            await asyncio.Event().wait()

    policy = {"default": "ask", "ask_seconds": 0.02}
    run(bench, fork, policy, ask_twice(zone="UTC"), desk=Asleep())
    expected = ("[Nobody answered within 0.02 seconds]", "stubbed", "ask-timeout")
    assert results(bench, fork) == [expected] * 2


@pytest.mark.parametrize(
    ("rules", "desk", "expected"),
    [
        ({"allow": ["clock"]}, Desk(), ("live noon", "resampled", "live")),
        ({"allow": ["mcp__home"]}, Desk(), ("live noon", "resampled", "live")),
        ({"deny": ["clock"]}, Desk(), ("[clock was denied by a rule]", "stubbed", "live-denied")),
        ({}, Desk(RUN, RUN), ("live noon", "resampled", "live")),
        (
            {},
            Desk(Answer(text_content("no")), Answer(text_content("no"))),
            ("no", "typed", "ask"),
        ),
    ],
)
def test_rules_decide_within_live(bench, fork, rules, desk, expected):
    toolbox = Toolbox()
    policy = {"default": "live", "permissions": rules}
    run(bench, fork, policy, ask_twice(zone="UTC"), desk=desk, toolbox=toolbox)
    assert results(bench, fork) == [expected] * 2
    assert len(toolbox.called) == (2 if expected[2] == "live" else 0)
    assert all(question.may_run for question in desk.questions)
    assert all(question.hints == ("only reads",) for question in desk.questions)


def test_what_cannot_run_here_goes_to_the_next_rung(bench, fork):
    provider = Scripted([*calls("rocket", "x"), *done()], [*says("ok"), *done()])
    outcome = run(bench, fork, ["live", "error"], provider, toolbox=Toolbox())
    assert outcome.ending is Ending.FINISHED
    assert results(bench, fork)[0][2] == "error"


def test_a_ladder_without_an_answer_needs_a_person(bench, fork):
    outcome = run(bench, fork, "recorded", ask_twice(zone="PST"))
    assert outcome.ending is Ending.NEEDS_PERSON
    assert "no rung of the policy answers the clock call #4 (recorded)" in outcome.reason


def test_a_call_that_was_never_answered_is_answered_as_interrupted(bench):
    (last,) = bench.store.store.open_calls(bench.sample)
    fork = bench.fork(last.index + 1)
    bench.run(fork, Scripted([*says("ok"), *done()]))
    kind, origin, text = bench.added(fork, last.index + 1)[0]
    assert (kind, origin) == ("tool_result", "synthetic")
    assert text.startswith("[Interrupted")
