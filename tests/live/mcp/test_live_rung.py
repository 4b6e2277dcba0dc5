"""A ladder that lets real tools run, by the rules and by the person who is asked."""

from __future__ import annotations

import os
from typing import Any

import pytest

from scrubber.core.content import Content
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.core.policy import parse_policy
from scrubber.live.desk import RUN
from scrubber.live.ladder import Answerer
from scrubber.live.tape import Tape
from tests.live.mcp.conftest import odd

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes as on Unix")
NOTHING: Any = None


class Desk:
    """Lets everything run that it is asked about."""

    def __init__(self):
        self.questions = []

    async def answer(self, question):
        self.questions.append(question)
        return RUN

    async def reply(self, session):
        raise AssertionError


def call(name):
    return Event(
        0, 1, 0, 1, 0, 0, Kind.TOOL_CALL, Role.ASSISTANT, Visibility.IN_CONTEXT, Origin.RESAMPLED,
        Mark.OPENS_CALL, None, name, "call-1", None, None, 2, "{}",
    )  # fmt: skip


def answered(using, name, **permissions):
    desk, told = Desk(), list[object]()

    async def work(toolbox):
        policy = parse_policy({"default": ["live", "error"], "permissions": permissions})
        tape = Tape(NOTHING, None)
        answerer = Answerer("session", policy, tape, toolbox, desk, told.append)
        return await answerer.answer(call(name), Content(arguments={"a": 1}))

    return using(work, odd()), desk.questions


def test_a_rule_allows_it(using):
    answer, questions = answered(using, "echo", allow=["mcp__odd"])
    assert (answer.content.text, answer.rung, questions) == ('{"a": 1}', "live", [])
    assert answer.origin is Origin.RESAMPLED


def test_a_rule_denies_it_whatever_it_is_called(using):
    answer, questions = answered(using, "odd__echo", deny=["mcp__odd__echo"], allow=["odd__echo"])
    assert (answer.rung, answer.is_error, questions) == ("live-denied", True, [])


def test_a_person_is_told_what_it_does_before_it_runs(using):
    answer, (question,) = answered(using, "environment")
    assert question.may_run
    assert question.hints == ("may change or delete what is there", "reaches the outside world")
    assert answer.rung == "live"


def test_what_is_no_live_tool_goes_to_the_next_rung(using):
    answer, questions = answered(using, "mcp__nobody__echo")
    assert (answer.rung, answer.is_error, questions) == ("error", True, [])
