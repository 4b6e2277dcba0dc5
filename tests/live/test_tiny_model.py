"""Branches that run on with a real server and a real, tiny model: from the store to the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrubber.core.events import Kind, Origin
from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending, Params
from scrubber.live import context
from scrubber.live.endpoints import Endpoint
from scrubber.live.parts import Grew
from scrubber.live.provider import Tool
from scrubber.live.providers.model_provider import ModelProvider
from scrubber.live.reports import Sending, Streamed
from scrubber.live.run import Plan
from scrubber.live.wire.anthropic import ClaudeTraits, anthropic_body
from scrubber.live.wire.openai import ChatTraits, openai_body
from scrubber.transfer.exporting import StoredTranscript
from tests.helpers.parrot import ARGUMENTS, SAYS, SAYS_AFTER, TOOL
from tests.live.wire.rules import anthropic_faults, openai_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.live.providers.local import LocalServer

TOOLS = (Tool(TOOL, "Looks a word up.", {"type": "object", "properties": {"word": {}}}),)
POLICY = parse_policy({"default": {"rungs": ["recorded", "static"], "text": "a bird"}})
STRICT = ChatTraits(is_strict=True, reasoning=None)


@pytest.fixture
def tiny(parrot: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModelProvider]:
    """tiny("openai"): the parrot over one of its APIs."""
    monkeypatch.setenv("SCRUBBER_KEY_TINY", parrot.key.value)
    return lambda api: ModelProvider(Endpoint("tiny", parrot.url, api, "llamacpp", "parrot"))


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_call_its_result_and_the_answer(bench, short, tiny, api):
    plan = Plan(Params(temperature=0.0), POLICY, Budget(turns=3), tools=TOOLS, keep_bodies=True)
    branch = bench.store.fork(short, 2).session.id
    done = bench.run(branch, tiny(api), plan)
    assert (done.ending, done.turns) == (Ending.FINISHED, 2)
    events = [e for e in bench.store.events(branch, 2) if e.kind in _SAID]
    assert [(e.kind, e.origin) for e in events] == [
        (Kind.TOOL_CALL, Origin.RESAMPLED),
        (Kind.TOOL_RESULT, Origin.STUBBED),
        (Kind.MESSAGE, Origin.RESAMPLED),
    ]
    call, result, answer = (bench.store.content(event) for event in events)
    assert (call.arguments, result.text, answer.text) == (ARGUMENTS, "a bird", SAYS_AFTER)
    assert done.spent.output > 0
    assert done.spent.context > 0
    assert done.spent.cost_micros is None
    assert not bench.faults()


_SAID = (Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT)


def test_what_was_sent_is_kept_and_forecast(bench, short, tiny):
    branch = bench.store.fork(short, 2).session.id
    bench.run(branch, tiny("openai"), Plan(budget=Budget(turns=1), keep_bodies=True))
    (sent,) = (e for e in bench.store.events(branch) if e.kind is Kind.MODEL_CALL)
    facts = bench.store.content(sent).detail
    told = json.loads(facts["body"])
    assert told["model"] == "parrot"
    (sending,) = (report for report in bench.reports if isinstance(report, Sending))
    assert sending.sha256 == facts["sha256"]
    assert sending.forecast.tokens > 0
    assert sending.forecast.window is not None
    streamed = (r.part for r in bench.reports if isinstance(r, Streamed))
    assert "".join(part.text for part in streamed if isinstance(part, Grew)) == SAYS


def test_no_api_would_refuse_a_fork_of_the_sample_wherever_it_is(bench):
    session = bench.store.session(bench.sample)
    for at in range(1, session.events + 1):
        if bench.store.lint(session.id, at).open_calls:
            continue  # these are answered before anything is sent
        told = StoredTranscript(bench.store.store, session, at)
        request = context.build(told, Params(model="m"), TOOLS).request
        if request.messages:
            claude = json.loads(anthropic_body(request, ClaudeTraits()))
            assert anthropic_faults(claude) == [], at
            assert openai_faults(json.loads(openai_body(request, STRICT))) == [], at
