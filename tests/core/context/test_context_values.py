from __future__ import annotations

from typing import Any

from scrubber.core.context.blocks import PICTURE, Block, Share, blocks_of, estimate, share_of
from scrubber.core.context.budget import budget_of
from scrubber.core.context.calls import calls_in
from scrubber.core.context.delta import delta
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Usage, Visibility


def event(index: int, **more: Any) -> Event:
    fields: dict[str, Any] = {
        "index": index, "log": 1, "seq": index, "source": 1, "record": index, "part": 0,
        "kind": Kind.MESSAGE, "role": Role.USER, "visibility": Visibility.IN_CONTEXT,
        "origin": Origin.RECORDED, "marks": Mark.NONE, "ts": None, "name": None, "call_id": None,
        "group_id": None, "ref": None, "size": 360, "text": f"text {index}",
    }  # fmt: skip
    return Event(**(fields | more))


def blocks(*events: Event) -> tuple[Block, ...]:
    return tuple(blocks_of(([one] for one in events), 3.6))


def said(index: int, usage: Usage | None = None, **more: Any) -> Event:
    return event(index, role=Role.ASSISTANT, usage=usage, **more)


def test_each_event_has_its_share():
    assert share_of(event(0)) is Share.USER
    assert share_of(event(0, role=Role.DEVELOPER)) is Share.SYSTEM
    assert share_of(said(0, kind=Kind.TOOL_CALL)) is Share.ASSISTANT
    assert share_of(said(0, kind=Kind.REASONING)) is Share.REASONING
    assert share_of(event(0, kind=Kind.TOOL_RESULT, role=Role.TOOL)) is Share.RESULTS
    summary = event(0, kind=Kind.COMPACTION)
    assert share_of(summary) is Share.SUMMARY
    assert share_of(event(0, kind=Kind.COMPACTION, marks=Mark.DUPLICATE)) is Share.USER


def test_a_picture_counts_although_it_has_no_characters():
    assert estimate(event(0, size=0, marks=Mark.IMAGE), 3.6) == PICTURE


def test_the_records_of_one_message_are_one_call():
    calls = calls_in(
        [
            event(0),
            said(1, Usage(input=5, output=1, context=905, cache_read=900), group_id="m"),
            said(2, Usage(output=9), group_id="m"),
            event(3, kind=Kind.TOOL_RESULT, role=Role.TOOL),
            said(4, Usage(input=1, output=2, context=1_000), group_id="n"),
        ]
    )
    assert [(call.upto, call.usage.output, call.usage.context) for call in calls] == [
        (1, 10, 905),
        (4, 2, 1_000),
    ]


def test_usage_that_is_told_behind_the_answer_counts_the_prompt_in_front_of_it():
    usage = Usage(context=700, output=30)
    calls = calls_in(
        [
            event(0),
            said(1, kind=Kind.REASONING),
            said(2, kind=Kind.TOOL_CALL),
            event(3, kind=Kind.TOOL_RESULT, role=Role.TOOL),
            event(4, kind=Kind.USAGE, role=Role.NONE, usage=usage),
            said(5),
            event(6, kind=Kind.USAGE, role=Role.NONE, usage=usage),
        ]
    )
    assert [(call.upto, call.index) for call in calls] == [(1, 4), (5, 6)]


def test_without_usage_all_of_it_is_an_estimate():
    budget, _ = budget_of(blocks(event(0), said(1)), 50, [])
    assert budget.shares == {Share.TOOLS: 50, Share.USER: 100, Share.ASSISTANT: 100}
    assert (budget.total, budget.counted, budget.is_estimate) == (250, None, True)


def test_what_was_counted_is_taken_and_the_rest_estimated():
    """1,300 were counted in front of #2, of which 200 are seen: the rest is not recorded."""
    events = event(0), said(1), event(2), said(3)
    calls = calls_in(
        [event(0), said(1, Usage(context=1_200)), event(2), said(3, Usage(context=1_400))]
    )
    budget, fitted = budget_of(blocks(*events), 0, calls, opening=100)
    assert budget.counted == 1_400
    assert budget.counted_at == 3
    assert budget.shares[Share.UNSEEN] == 1_100
    assert budget.total == 1_400 + fitted[3].tokens == 1_500
    assert sum(budget.shares.values()) == budget.total


def test_an_estimate_is_bent_to_what_was_counted_but_not_beyond_reason():
    events = event(0), said(1)
    calls = calls_in([event(0), said(1, Usage(context=180))])
    budget, fitted = budget_of(blocks(*events), 0, calls, opening=0)
    assert Share.UNSEEN in budget.shares
    assert budget.shares[Share.UNSEEN] + fitted[0].tokens == 180
    assert 40 <= fitted[0].tokens <= 250


def test_prompts_in_front_of_a_summary_say_nothing_of_the_context_behind_it():
    calls = calls_in([event(0), said(1, Usage(context=90_000))])
    budget, _ = budget_of(blocks(event(2, kind=Kind.COMPACTION)), 0, calls, 90_000, since=2)
    assert (budget.counted, budget.total) == (None, 100)


def test_a_window_that_is_too_small_is_not_the_models():
    assert budget_of(blocks(event(0)), 0, [], window=50)[0].window is None
    assert budget_of(blocks(event(0)), 0, [], window=200)[0].window == 200


def test_changes():
    one, two, three, four = blocks(*(event(number) for number in range(4)))
    assert delta((one, two), (one, two)) == ()
    (added,) = delta((one,), (one, two))
    assert (added.word, added.added) == ("added", (two,))
    (dropped,) = delta((one, two, three), (one, three))
    assert (dropped.word, dropped.dropped) == ("dropped", (two,))
    (replaced,) = delta((one, two, three), (one, four, three))
    assert (replaced.word, replaced.dropped, replaced.added) == ("replaced", (two,), (four,))
    words = [change.word for change in delta((one, two, three), (one, three, two))]
    assert words == ["dropped", "added"], "what has moved back is gone and come"
