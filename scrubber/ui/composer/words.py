"""What a run would use, is doing, and has done, in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrubber.core.ages import amount, count
from scrubber.core.events import Kind
from scrubber.core.policy import Matching, Rung
from scrubber.core.running import Ending

if TYPE_CHECKING:
    from scrubber.core.events import Usage
    from scrubber.core.policy import Ladder, Policy
    from scrubber.core.running import Outcome
    from scrubber.live.provider import Forecast
    from scrubber.models.live_runs import LiveRun
    from scrubber.models.preview import Preview

RUNGS = {
    Rung.RECORDED: "recorded",
    Rung.STATIC: "fixed text",
    Rung.ERROR: "error",
    Rung.ASK: "ask me",
    Rung.LIVE: "live",
}
ENDINGS = {
    Ending.FINISHED: "Finished",
    Ending.BUDGET: "Paused",
    Ending.CANCELLED: "Stopped",
    Ending.NEEDS_PERSON: "Waits for you",
    Ending.UNMATCHED: "The recording does not fit any more",
    Ending.FAILED: "Failed",
}
_NOTE_S = 6.0
"""Seconds for which what was noted last is told beside how the run stands."""

_DOING = {
    Kind.MESSAGE: "writing",
    Kind.REASONING: "thinking",
    Kind.TOOL_CALL: "calling a tool",
}


def capital(words: str) -> str:
    """Words that begin a sentence."""
    return words[:1].upper() + words[1:]


def dollars(micros: int) -> str:
    """A cost: ``$0.0213``, ``$12.40``, ``free``."""
    if micros == 0:
        return "free"
    value = micros / 1e6
    if value < 0.0001:
        return "less than $0.0001"
    return f"${value:,.2f}" if value >= 1 else f"${value:.4f}"


def forecast_words(forecast: Forecast) -> str:
    """What a request would use."""
    about = "about " if forecast.is_estimate else ""
    parts = [f"{about}{amount(forecast.tokens)} tokens in"]
    if forecast.cached:
        parts.append(f"{amount(forecast.cached)} of them cached")
    cost = forecast.cost_micros
    parts.append("price unknown" if cost is None else dollars(cost))
    if forecast.window:
        share = 100 * forecast.tokens / forecast.window
        parts.append(f"{share:.0f} % of {amount(forecast.window)}")
    return " · ".join(parts)


def preview_words(preview: Preview) -> str:
    """What happens when one continues."""
    if preview.error and preview.forecast is None:
        return preview.error
    if preview.left is not None:
        left = count(preview.left, "event")
        more = (
            f"the recording goes on for {left}" if preview.left else "the recording is at its end"
        )
        return f"Offline, free · {more}"
    if preview.forecast is None:
        return "Offline, free · you write what the model says"
    return forecast_words(preview.forecast)


def doing(live: LiveRun) -> str:
    """What a run is doing just now."""
    if live.stopping:
        return "stopping"
    if live.waits:
        waiting = live.inquiries[0]
        return "waits for your reply" if waiting.question is None else "waits for your answer"
    open_parts = [part for part in live.reply.parts if part.settled is None]
    if open_parts:
        return _DOING.get(open_parts[-1].kind, "working")
    if live.queued:
        return "waits for its turn"
    if live.replays:
        return "replays"
    return "waits for the model" if live.turn else "starts"


def run_words(live: LiveRun) -> str:
    """How a run stands."""
    seconds = int(time.monotonic() - live.began)
    parts = [f"Turn {live.turn}"] if live.turn else []
    parts.append(doing(live))
    parts.append(f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s")
    if live.spent.total:
        parts.append(spent_words(live.spent))
    if live.notes and time.monotonic() - live.noted < _NOTE_S:
        parts.append(live.notes[-1])
    return capital(" · ".join(parts))


def spent_words(spent: Usage) -> str:
    """Tokens and cost."""
    total = spent.input + spent.cache_read + spent.cache_write
    words = f"{amount(total)} tokens in, {amount(spent.output)} out"
    return words if spent.cost_micros is None else f"{words} · {dollars(spent.cost_micros)}"


def outcome_words(outcome: Outcome) -> str:
    """How a run ended, and what it used."""
    parts = [f"{ENDINGS[outcome.ending]}: {outcome.reason}"]
    if outcome.ending is Ending.CANCELLED:
        parts = ["Stopped; what had come is kept"]
    if outcome.events:
        turns = f"{count(outcome.turns, 'turn')}, " if outcome.turns else ""
        parts.append(f"{turns}{count(outcome.events, 'event')}")
    if outcome.spent.total:
        parts.append(spent_words(outcome.spent))
    return " · ".join(parts)


def failure_words(outcome: Outcome) -> str:
    """The same of a failure, whose reason is told elsewhere."""
    parts = ["Failed" if not outcome.retryable else "Failed; trying again may help"]
    if outcome.spent.total:
        parts.append(spent_words(outcome.spent))
    return " · ".join(parts)


def ladder_words(ladder: Ladder) -> str:
    """The rungs of a ladder, in order."""
    words = [RUNGS[rung] for rung in ladder.rungs]
    if Rung.RECORDED in ladder.rungs and ladder.matching is Matching.ORDER:
        words[ladder.rungs.index(Rung.RECORDED)] = "recorded in order"
    return " → ".join(words)


def policy_words(policy: Policy) -> str:
    """Who answers tool calls, in few words."""
    words = ladder_words(policy.default)
    return f"{words}, {len(policy.tools)} of their own" if policy.tools else words
