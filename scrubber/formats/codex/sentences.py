"""The sentence that tells what happened at a line that is no part of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core import ages
from scrubber.core.events import Kind
from scrubber.formats.codex.records import Record, inner

if TYPE_CHECKING:
    from collections.abc import Callable

_TELLING = (
    "thread_name",
    "text",
    "message",
    "reason",
    "explanation",
    "rationale",
    "aggregated_output",
    "formatted_output",
    "stdout",
    "query",
    "prompt",
    "path",
    "user_facing_hint",
    "unified_diff",
    "delta",
    "last_agent_message",
    "kind",
    "status",
    "type",
)


def sentence(kind: Kind, payload: Record) -> str:
    """The words for a payload of this kind; empty where there is nothing to say."""
    words = _WORDS.get(kind)
    return words(payload) if words is not None else _first(_item(payload), *_TELLING)


def _item(payload: Record) -> Record:
    return inner(payload, "item") or payload


def _first(item: Record, *keys: str) -> str:
    for key in keys:
        if key in item and isinstance(words := item[key], str) and words:
            return words
    return ""


def _start(meta: Record) -> str:
    source = meta.get("source")
    where = source if isinstance(source, str) else next(iter(inner(meta, "source")), "")
    version = meta.get("cli_version")
    named = f"Codex {version}" if isinstance(version, str) else "Codex"
    return f"{named}, {where}" if where else named


def _settings(payload: Record) -> str:
    """Model, effort and rights of a turn, or what else was set."""
    item = inner(payload, "thread_settings") or _item(payload)
    told = [_first(item, "model"), _first(item, "effort", "reasoning_effort")]
    told += [_first(item, "approval_policy"), _first(inner(item, "sandbox_policy"), "type", "mode")]
    if any(told):
        return ", ".join(word for word in told if word)
    review = inner(item, "review_output")
    return _first(review, "overall_explanation") or _first(item, *_TELLING)


def _compacted(payload: Record) -> str:
    items: Any = payload.get("replacement_history")
    if not isinstance(items, list):
        return "context compacted"
    told = ages.count(len(items), "item takes", "items take")
    return f"context compacted: {told} the place of what was before"


def _rollback(payload: Record) -> str:
    turns = payload.get("num_turns")
    number = turns if isinstance(turns, int) else 1
    return f"rolled back: {ages.count(number, 'turn was', 'turns were')} left behind"


def _usage(payload: Record) -> str:
    last = inner(payload, "info", "last_token_usage") or inner(payload, "usage")
    if not last:
        return "rate limits"
    numbers = map(last.get, ("input_tokens", "cached_input_tokens", "output_tokens"))
    told = [f"{n:,}" if isinstance(n, int) else "?" for n in numbers]
    return f"{told[0]} tokens in, {told[1]} of them cached, {told[2]} out"


def _end(payload: Record) -> str:
    if payload.get("type") == "turn_aborted":
        return f"turn aborted: {payload.get('reason', 'no reason given')}"
    if error := inner(payload, "error"):
        return f"turn failed: {_first(error, 'message')}"
    took = payload.get("duration_ms")
    return f"turn took {took / 1000:.1f} s" if isinstance(took, (int, float)) else ""


def _plan(payload: Record) -> str:
    item = _item(payload)
    return _first(inner(item, "goal"), "objective") or _first(item, *_TELLING)


def _approval(payload: Record) -> str:
    item = _item(payload)
    action = inner(item, "action")
    what = _first(action, "command", "tool_name", "type") or _first(item, "reason")
    return f"{_first(item, 'status') or 'asked'}: {what}".rstrip(": ")


def _detail(payload: Record) -> str:
    item = _item(payload)
    if changes := inner(item, "changes"):
        return "\n".join(changes)
    result = inner(item, "result")
    if failure := result.get("Err"):
        return str(failure)
    content: Any = (inner(result, "Ok") or result).get("content")
    if isinstance(content, list):
        texts = [_first(part, "text") for part in content if isinstance(part, dict)]
        return "\n".join(text for text in texts if text)
    return _first(item, *_TELLING)


def _state(payload: Record) -> str:
    return ", ".join(inner(payload, "state"))


_WORDS: dict[Kind, Callable[[Record], str]] = {
    Kind.SESSION_START: _start,
    Kind.CONFIG_CHANGE: _settings,
    Kind.COMPACTION: _compacted,
    Kind.REWIND: _rollback,
    Kind.USAGE: _usage,
    Kind.TURN_END: _end,
    Kind.PLAN: _plan,
    Kind.APPROVAL: _approval,
    Kind.TOOL_DETAIL: _detail,
    Kind.STATE: _state,
}
