from __future__ import annotations

import time
from dataclasses import replace

import pytest

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Kind, Origin, Role, Usage
from scrubber.live import endpoints, forecasting, prices
from scrubber.live.endpoints import Endpoint
from scrubber.live.forecasting import Forecaster, SentBodies
from scrubber.live.provider import Tool
from tests.formats.reading import FakeTranscript, read
from tests.formats.test_quoting import record
from tests.live.asking import request

CLAUDE = endpoints.Endpoint("anthropic", "https://api.anthropic.com", "anthropic", "anthropic")
HERE = Endpoint("here", "http://127.0.0.1:9/v1")
MODEL = "claude-sonnet-4-5"


def cost(usage: Usage, model: str = MODEL) -> int:
    found = prices.cost_micros(usage, CLAUDE, model)
    assert found is not None
    return found


def test_tokens_of_each_kind_have_their_price():
    fresh = Usage(1_000_000)
    cached = Usage(0, cache_read=1_000_000)
    written = Usage(0, cache_write=1_000_000)
    said = Usage(0, output=1_000_000)
    costs = [cost(one) for one in (fresh, cached, written, said)]
    assert costs[1] < costs[0] < costs[2] < costs[3]
    assert costs[1] == 0.1 * costs[0]
    assert cost(fresh, f"{MODEL}-20250929") == costs[0]


def test_what_nobody_knows_is_unknown_and_not_free():
    usage = Usage(1000, output=10)
    assert prices.cost_micros(usage, HERE, "gpt-5") is None
    assert prices.cost_micros(usage, CLAUDE, "claude-of-tomorrow") is None
    assert prices.priced(usage, HERE, "m").cost_micros is None
    assert prices.window_of(HERE, "gpt-5") is None


def test_windows():
    assert prices.window_of(CLAUDE, MODEL) == 200_000
    assert prices.window_of(replace(HERE, window=7), "m") == 7


def claude_code(*, context: int = 30_000, words: int = 2_800) -> FakeTranscript:
    """A question and an answer, as Claude Code would record them: with no system prompt."""
    usage = {"input_tokens": 10, "cache_read_input_tokens": context - 10, "output_tokens": 5}
    told = FakeTranscript(
        read(
            "claude-code",
            record("user", "hi", 0)
            + record(
                "assistant",
                [{"type": "tool_use", "id": "t1", "name": "ls", "input": {}}],
                1,
                id="msg_1",
                model="claude-opus-4-6",
                usage=usage,
            )
            + record(
                "user",
                [{"type": "tool_result", "tool_use_id": "t1", "content": "x" * words}],
                2,
            ),
        )
    )
    told.session = replace(told.session, model="claude-opus-4-5")
    return told


def forecast(told: FakeTranscript, sent: SentBodies | None = None, **more):
    tools = more.pop("tools", ())
    asked = request(told, tools, **{"model": "claude-opus-4-6", **more})
    return Forecaster(CLAUDE, sent or SentBodies()).forecast(asked, b'{"messages":[]}', 200_000)


def test_what_the_recording_s_client_said_unseen_is_not_counted():
    found = forecast(claude_code())
    assert 1_000 <= found.tokens <= 1_050, "hi, a call, and 2,800 characters"
    assert found.is_estimate
    assert found.window == 200_000
    assert found.cost_micros == pytest.approx(found.tokens * 5, abs=1)


def test_with_tools_of_ones_own_it_counts_as_the_recording_did():
    tools = [Tool("ls", "", {"type": "object"})]
    assert 31_000 <= forecast(claude_code(), tools=tools).tokens <= 31_050


def test_another_kind_of_model_counts_otherwise():
    found = forecast(claude_code(words=280_000), model="gpt-5")
    assert 100_000 <= found.tokens <= 100_100


def own(*, ago_s: float = 10.0) -> FakeTranscript:
    """The same, gone on with here."""
    told = claude_code()
    now = time.time_ns() // 1_000_000 - round(ago_s * 1000)
    usage = Usage(200, cache_read=1_000, output=50, context=1_200)
    told.change(3, 3, [
        (Draft(Kind.MESSAGE, "ok", Role.ASSISTANT, origin=Origin.RESAMPLED, ts=now, size=2),
         text_content("ok")),
        (Draft(Kind.USAGE, "", ts=now, name="claude-opus-4-6", usage=usage), Content()),
        (Draft(Kind.MESSAGE, "go on", Role.USER, ts=now, size=28), text_content("x" * 28)),
    ])  # fmt: skip
    return told


def test_what_was_counted_here_is_known():
    found = forecast(own())
    assert found.tokens == 1_200 + 50 + 10
    assert found.cached == 1_250
    later = forecast(own(ago_s=3600)).cost_micros
    assert found.cost_micros is not None
    assert later is not None
    assert found.cost_micros < later


def test_what_was_sent_long_ago_is_cached_no_more():
    assert forecast(own(ago_s=3600)).cached == 0


def body(*messages: int) -> bytes:
    return b'{"model":"m","messages":[' + b",".join(b'"%d"' % m * 400 for m in messages) + b"]}"


def test_what_a_sibling_has_sent_is_cached(monkeypatch):
    sent = SentBodies()
    sent.note("anthropic", "m", body(1, 2))
    assert sent.share("anthropic", "m", body(1, 2)) == 1.0
    assert sent.share("anthropic", "m", body(1, 2, 3)) == pytest.approx(2 / 3, abs=0.01)
    assert sent.share("anthropic", "m", body(2)) < 0.05
    assert sent.share("openai", "m", body(1, 2)) == 0.0
    assert sent.share("anthropic", "other", body(1, 2)) == 0.0
    now = time.monotonic()
    monkeypatch.setattr(
        "scrubber.live.forecasting.time.monotonic", lambda: now + forecasting.CACHE_S + 1
    )
    assert sent.share("anthropic", "m", body(1, 2)) == 0.0


def test_only_the_last_bodies_are_kept():
    sent = SentBodies()
    for number in range(100):
        sent.note("anthropic", "m", b"%d" % number)
    assert len(sent._kept) == 32
    sent.note("anthropic", "m", bytes(65 * 1024 * 1024))
    assert len(sent._kept) == 1
