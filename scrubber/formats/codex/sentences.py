"""The sentence that tells what happened at a line that is no part of the conversation."""

from __future__ import annotations

from typing import Any

from scrubber.core import ages
from scrubber.core.events import Kind
from scrubber.formats.codex.records import Record, inner

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
    item = inner(payload, "item") or payload
    match kind:
        case Kind.SESSION_START:
            return _start(payload)
        case Kind.CONFIG_CHANGE:
            return _settings(inner(payload, "thread_settings") or item)
        case Kind.COMPACTION:
            return _compacted(payload)
        case Kind.REWIND:
            turns = payload.get("num_turns")
            number = turns if isinstance(turns, int) else 1
            return f"rolled back: {ages.count(number, 'turn was', 'turns were')} left behind"
        case Kind.USAGE:
            return _usage(payload)
        case Kind.TURN_END:
            return _end(payload)
        case Kind.PLAN:
            return _first(inner(item, "goal"), "objective") or _first(item, *_TELLING)
        case Kind.APPROVAL:
            return _approval(item)
        case Kind.TOOL_DETAIL:
            return _detail(item)
        case Kind.STATE:
            return ", ".join(inner(payload, "state"))
    return _first(item, *_TELLING)


def _first(item: Record, *keys: str) -> str:
    return next((str(item[k]) for k in keys if isinstance(item.get(k), str) and item[k]), "")


def _start(meta: Record) -> str:
    source = meta.get("source")
    where = source if isinstance(source, str) else next(iter(inner(meta, "source")), "")
    version = meta.get("cli_version")
    named = f"Codex {version}" if isinstance(version, str) else "Codex"
    return f"{named}, {where}" if where else named


def _settings(item: Record) -> str:
    """Model, effort and rights of a turn, or what else was set."""
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


def _usage(payload: Record) -> str:
    last = inner(payload, "info", "last_token_usage") or inner(payload, "usage")
    if not last:
        return "rate limits"
    numbers = [last.get(f"{key}_tokens") for key in ("input", "cached_input", "output")]
    told = [f"{n:,}" if isinstance(n, int) else "?" for n in numbers]
    return f"{told[0]} tokens in, {told[1]} of them cached, {told[2]} out"


def _end(payload: Record) -> str:
    if payload.get("type") == "turn_aborted":
        return f"turn aborted: {payload.get('reason', 'no reason given')}"
    if error := inner(payload, "error"):
        return f"turn failed: {_first(error, 'message')}"
    took = payload.get("duration_ms")
    return f"turn took {took / 1000:.1f} s" if isinstance(took, (int, float)) else ""


def _approval(item: Record) -> str:
    action = inner(item, "action")
    what = _first(action, "command", "tool_name", "type") or _first(item, "reason")
    return f"{_first(item, 'status') or 'asked'}: {what}".rstrip(": ")


def _detail(item: Record) -> str:
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
