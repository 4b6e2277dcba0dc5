from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Role, Usage
from scrubber.core.usage.sums import by_model, by_tool, by_turn, total
from scrubber.core.usage.walk import UsageWalk
from scrubber.core.usage.words import cost_text, details, dollars, sum_text
from tests.core.context.test_context_values import event, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.usage.account import Account


def price(usage: Usage, model: str | None) -> int | None:
    return usage.total * 10 if model != "mine" else None


def account(
    *events: Event,
    model: str | None = "known",
    model_of: Callable[[Event], str | None] | None = None,
) -> Account:
    walk = UsageWalk(model, model_of or (lambda _: None), price)
    for one in events:
        walk.see(one)
    return walk.account


STORY = (
    event(0, ts=0, text="do it"),
    said(1, Usage(input=10, context=10), ts=2_000, group_id="m", kind=Kind.REASONING),
    said(2, Usage(output=5), ts=3_000, group_id="m"),
    said(3, kind=Kind.TOOL_CALL, ts=3_500, group_id="m", name="Bash", call_id="c"),
    event(4, kind=Kind.TOOL_RESULT, role=Role.TOOL, ts=9_500, call_id="c"),
    said(5, Usage(input=20, context=20), ts=10_000, group_id="n"),
    event(6, ts=60_000, text="wait"),
    event(7, ts=61_000, text="more"),
    said(8, Usage(input=1, context=1), ts=62_000, group_id="o"),
)


def test_answers_calls_and_turns():
    found = account(*STORY)
    assert [(a.index, a.turn, a.usage.total, a.ms) for a in found.answers] == [
        (1, 0, 15, 3_500),
        (5, 0, 20, 500),
        (8, 1, 1, 1_000),
    ]
    assert [(c.index, c.tool, c.ms, c.answered) for c in found.calls] == [(3, "Bash", 6_000, 4)]
    assert [(t.index, t.text) for t in found.turns] == [(0, "do it"), (6, "wait")]


def test_in_front_of_an_index_nothing_is_known_of_what_comes():
    found = account(*STORY).up_to(4)
    assert [one.index for one in found.answers] == [1]
    assert (found.calls[0].answered, found.calls[0].ms) == (None, None)
    assert [turn.index for turn in found.turns] == [0]


def test_sums():
    found = account(*STORY)
    assert (total(found).usage.total, total(found).cost_micros) == (36, 360)
    assert [(one.name, one.usage.total) for one in by_turn(found)] == [("do it", 35), ("wait", 1)]
    assert [(one.name, one.answers) for one in by_model(found)] == [("known", 3)]
    assert [(one.name, one.calls, one.tool_ms) for one in by_tool(found)] == [("Bash", 1, 6_000)]


def test_what_came_before_the_first_turn_has_a_sum_of_its_own():
    found = account(said(0, Usage(input=3)), event(1))
    assert [one.usage.total for one in by_turn(found)] == [3, 0]


def test_the_model_is_that_of_the_record_or_of_the_last_change():
    names = {2: "second", 4: "mine"}
    events = (
        said(0, Usage(input=1)),
        event(2, kind=Kind.CONFIG_CHANGE, role=Role.NONE),
        said(3, Usage(input=1)),
        said(4, Usage(input=1)),
    )
    found = account(*events, model="first", model_of=lambda one: names.get(one.index))
    assert [one.model for one in found.answers] == ["first", "second", "mine"]


def test_an_unknown_price_is_no_price():
    found = total(account(*STORY, model="mine"))
    assert (found.cost_micros, found.unpriced, found.is_cost_known) == (0, 3, False)
    assert cost_text(found) == "cost unknown"
    assert sum_text(found) == "36 · cost unknown"


def test_the_account_stays_the_same_value_until_something_is_added():
    walk = UsageWalk(None, lambda _: None, price)
    for one in STORY:
        walk.see(one)
    before = walk.account
    walk.see(event(9, kind=Kind.NOTICE, role=Role.NONE))
    assert walk.account is before
    walk.see(said(10, Usage(input=1)))
    assert walk.account is not before


def test_words():
    assert [dollars(n) for n in (0, 1_234_567, 95_000, 4_200)] == [
        "$0.00",
        "$1.23",
        "$0.10",
        "$0.0042",
    ]
    found = total(account(*STORY))
    assert details(found)[0].startswith("3 answers, $")
    assert sum_text(by_tool(account(*STORY))[0]) == "1× · 6.00 s"
