"""An account as charts and rows; plain values, made on the store's thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from scrubber.core.ages import amount, span
from scrubber.core.context.blocks import Share
from scrubber.core.usage import sums
from scrubber.core.usage.words import cost_text, details, sum_text
from scrubber.models.row_list import ListRow, Rows
from scrubber.ui.inspector.budget_bar import Part
from scrubber.ui.inspector.chart import Series, series_of

if TYPE_CHECKING:
    from scrubber.api.usage import Used
    from scrubber.core.usage.account import Account, Answer
    from scrubber.core.usage.sums import Sum

CACHED, WRITTEN, FRESH, OUTPUT = Share.USER.name, Share.RESULTS.name, "", Share.ASSISTANT.name


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of a whole session."""

    tokens: Series
    cost: Series
    time: Series


def charts_of(account: Account, length: int) -> Charts:
    """What each answer and each call took, along the timeline."""
    answers = account.answers
    tokens = ((one.index, _layers(one)) for one in answers)
    cost = ((one.index, ((one.cost_micros or 0) / 1e6,)) for one in answers)
    answering = ((one.index, (float(one.ms or 0), 0.0)) for one in answers)
    working = ((one.index, (0.0, float(one.ms or 0))) for one in account.calls)
    return Charts(
        series_of((CACHED, WRITTEN, FRESH, OUTPUT), tokens, length, is_sum=False),
        series_of((Share.SYSTEM.name,), cost, length),
        series_of((Share.ASSISTANT.name, Share.RESULTS.name), chain(answering, working), length),
    )


def _layers(answer: Answer) -> tuple[float, ...]:
    usage = answer.usage
    parts = usage.cache_read, usage.cache_write, usage.input, usage.output
    return tuple(map(float, parts))


def token_parts(found: Sum) -> tuple[Part, ...]:
    """What the tokens of a sum are, with their amounts."""
    usage = found.usage
    parts = (
        ("cached", CACHED, usage.cache_read),
        ("written", WRITTEN, usage.cache_write),
        ("fresh", FRESH, usage.input),
        ("output", OUTPUT, usage.output),
    )
    return tuple(Part(name, tone, n, amount(n)) for name, tone, n in parts if n)


def time_parts(found: Sum) -> tuple[Part, ...]:
    """What the time of a sum was spent on."""
    parts = (
        ("model", Share.ASSISTANT.name, found.model_ms),
        ("tools", Share.RESULTS.name, found.tool_ms),
    )
    return tuple(Part(name, tone, ms, span(ms)) for name, tone, ms in parts if ms)


def rows_of(used: Used, view: int) -> Rows:
    """The rows of one view: turns, models, tools or answers, up to the playhead."""
    if view == 3:
        return _answers(used.upto)
    found = (sums.by_turn, sums.by_model, sums.by_tool)[view](used.upto)
    most = max((_weight(one) for one in found), default=0)
    icon = ("user", "model", "tool")[view]
    return Rows.of(_sum_row(number, one, icon, most) for number, one in enumerate(found))


def _weight(found: Sum) -> int:
    return found.usage.total if found.answers else found.calls


def _sum_row(number: int, found: Sum, icon: str, most: int) -> ListRow:
    tones = {"user": Share.USER.name, "model": Share.ASSISTANT.name, "tool": Share.RESULTS.name}
    target = found.index + 1 if found.index is not None else found.last
    return ListRow(
        (number, found.name),
        found.name or "no text",
        sum_text(found) if found.answers or found.calls else "—",
        icon,
        tones[icon],
        _weight(found) / most if most else 0.0,
        target + 1 if found.index is None and target is not None else target,
        tip="\n".join([found.name[:400], *details(found)]),
    )


def _answers(account: Account) -> Rows:
    answers = account.answers
    most = max((one.usage.total for one in answers), default=0)

    def make(number: int) -> ListRow:
        found = sums.Sum(f"#{answers[number].index + 1:,}  {answers[number].model or ''}")
        found.answer(answers[number])
        return ListRow(
            answers[number].index,
            found.name,
            f"{sum_text(found)}",
            "model",
            Share.ASSISTANT.name,
            found.usage.total / most if most else 0.0,
            answers[number].index + 1,
            tip="\n".join([found.name, *details(found)]),
        )

    return Rows(tuple(answer.index for answer in answers), make)


def cost_words(found: Sum) -> str:
    """The cost of a sum; a dash where no usage is recorded."""
    return cost_text(found) or "—"
