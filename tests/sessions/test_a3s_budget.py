"""Usage, cost and compaction of a3s-code (seed-systems, 5b and 5c)."""

from __future__ import annotations

import asyncio

import pytest

from scrubber.core.events import Kind, Role, Usage
from scrubber.core.running import Params
from scrubber.live import compaction
from scrubber.live.extend import extend
from scrubber.live.run import Plan
from scrubber.sessions.budget import MAX_TOKENS, THRESHOLD, ContextUsage
from tests.live.scripted import Scripted, done, says
from tests.sessions.made import add, cost, said

USED = Usage(100, 20, 30, 7, context=150)


@pytest.fixture
def session(store, runtime):
    return runtime.open("s")


def test_used_tokens_are_the_last_prompt_not_a_sum(store, runtime, session):
    add(store, session, "hi", cost("m", USED), "ho", cost("m", Usage(1, context=90)))
    found = runtime.context_usage(session, 1000)
    assert (found.used_tokens, found.max_tokens, found.percent) == (90, 1000, 0.09)


def test_turns_are_the_messages_whoever_added_or_replaced_them(store, runtime, session):
    add(store, session, "hi", said("ho", Role.ASSISTANT), cost("m", USED))
    assert runtime.context_usage(session).turns == 2
    runtime.replace_messages(session, [{"role": "user", "content": str(n)} for n in range(5)])
    assert runtime.context_usage(session).turns == 5
    runtime.trim(session, 2)
    assert runtime.context_usage(session).turns == 2


def test_the_window_is_the_models_and_200000_where_nobody_knows_it(store, runtime, session):
    assert runtime.context_usage(session).max_tokens == MAX_TOKENS == 200_000
    store.store.update(session, model="gpt-4o")
    assert runtime.context_usage(session).max_tokens == 128_000
    store.store.update(session, model="my own model")
    assert runtime.context_usage(session).max_tokens == MAX_TOKENS


def test_clearing_resets_the_context_and_neither_usage_nor_cost(store, runtime, session):
    add(store, session, "hi", cost("gpt-4o", USED))
    before = runtime.costs(session)
    runtime.reset(session)
    found = runtime.context_usage(session)
    assert (found.used_tokens, found.turns, found.max_tokens) == (0, 0, MAX_TOKENS)
    assert runtime.costs(session) == before != ()
    assert runtime.usage(session).usage.total == USED.total


def test_cached_tokens_are_summed_where_a3s_code_never_does(store, runtime, session):
    add(store, session, cost("m", USED), cost("m", USED))
    assert runtime.usage(session).usage.cache_read == 40
    assert runtime.usage(session).usage.cache_write == 60


def test_an_unknown_model_costs_null_never_nothing(store, runtime, session):
    add(store, session, cost("gpt-4o", Usage(1_000_000, output=1_000_000)), cost("mine", USED))
    known, unknown = runtime.costs(session).records
    assert (known.cost_usd, unknown.cost_usd) == (12.5, None)
    assert (runtime.costs(session).total_usd, runtime.costs(session).unknown) == (12.5, 1)
    assert unknown.as_json()["cost_usd"] is None


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("claude-sonnet-4-20250514", 18), ("claude-3-5-sonnet-20241022", 18),
        ("claude-3-haiku-20240307", 1.5), ("claude-3-opus-20240229", 90),
        ("gpt-4o", 12.5), ("gpt-4o-mini", 0.75), ("gpt-4-turbo", 40),
    ],
)  # fmt: skip
def test_a3s_codes_prices_are_those_of_the_list(store, runtime, session, model, price):
    add(store, session, cost(model, Usage(1_000_000, output=1_000_000)))
    assert runtime.costs(session).total_usd == price


def test_a_record_is_as_a3s_code_writes_it(store, runtime, session):
    add(store, session, cost("mine", USED, ts=1_771_000_000_123))
    (record,) = runtime.costs(session).records
    assert record.as_json() == {
        "model": "mine",
        "provider": "",
        "prompt_tokens": 150,
        "completion_tokens": 7,
        "total_tokens": 157,
        "cost_usd": None,
        "timestamp": "2026-02-13T16:26:40.123000Z",
        "session_id": "s",
    }


def test_what_a_source_recorded_as_its_cost_goes_before_the_list(store, runtime, session):
    add(store, session, cost("gpt-4o", Usage(1_000_000, cost_micros=7)))
    assert runtime.costs(session).records[0].cost_usd == 0.000007


# Compaction


@pytest.mark.parametrize(
    ("used", "enabled", "expected"),
    [(799, True, False), (800, True, True), (1200, True, True), (800, False, False)],
)
def test_it_is_time_to_compact_from_80_percent_on_inclusive_when_enabled(used, enabled, expected):
    found = ContextUsage(used, 1000, 40)
    assert found.should_compact(enabled=enabled) is expected
    assert THRESHOLD == Plan().compact_at == 0.8


def run(store, session, provider, plan=None):
    return asyncio.run(extend(store.store, session, provider, plan or Plan(Params("scripted-1"))))


def talk(store, session, messages):
    pairs = [said(f"m{n}", (Role.USER, Role.ASSISTANT)[n % 2]) for n in range(messages)]
    add(store, session, *pairs)


def test_a_live_branch_compacts_by_opening_a_frame_and_nothing_is_deleted(store, runtime, session):
    talk(store, session, 41)
    add(store, session, cost("scripted-1", Usage(800, context=820)))
    assert runtime.context_usage(session, 1000).should_compact()
    provider = Scripted(
        [*says("Summed up."), *done(context=600)], [*says("ok"), *done(context=250)],
        window=500, tokens=10,
    )  # fmt: skip
    assert run(store, session, provider).ending == "finished"
    told = [event.text for event in store.events(session)]
    assert [f"m{n}" for n in range(41)] == [
        word for word in told if word[0] == "m" and word[1:2].isdigit()
    ]
    initial, frame = runtime.frames(session)
    assert (frame.reason, frame.status, initial.status) == ("compaction", "active", "superseded")
    assert frame.id.startswith("s:frame:compaction:")
    assert store.events(session)[frame.opens_at].kind is Kind.COMPACTION
    read = [message.items[0][1].text for message in runtime.read_view(session).messages()]
    assert read[0].startswith(compaction._HEAD + "Summed up.")
    assert read[1:] == [*(f"m{n}" for n in range(20, 41)), "ok"][-len(read) + 1 :]
    spent = runtime.usage(session).by_source
    assert spent["compaction"].total == 15
    assert ("compaction", "scripted-1") in runtime.usage(session).rows
    assert runtime.context_usage(session).used_tokens == 250


def test_it_does_not_trigger_again_before_another_prompt_was_sent(store, runtime, session):
    talk(store, session, 41)
    add(store, session, cost("scripted-1", Usage(800, context=820)))
    broken = Scripted([*says("Summed up."), *done()], [RuntimeError("stop here")], window=500)
    with pytest.raises(RuntimeError, match="stop here"):
        run(store, session, broken)
    found = runtime.context_usage(session, 1000)
    assert (found.percent, found.is_stale, found.should_compact()) == (0.82, True, False)
    add(store, session, cost("scripted-1", Usage(1, context=810)))
    assert runtime.context_usage(session, 1000).should_compact()


def test_without_a_model_nothing_is_lost_where_a3s_code_drops_all_but_20(store, runtime, session):
    talk(store, session, 41)
    from scrubber.live.errors import ProviderError

    provider = Scripted([ProviderError("no model")], [*says("ok"), *done()], window=400)
    outcome = run(store, session, provider)
    assert any("could not summarise" in note for note in outcome.notes)
    assert len(store.events(session)) > 41
    read = runtime.read_view(session).messages()
    assert "user: m0" in read[0].items[0][1].text
