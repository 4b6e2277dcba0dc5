"""Events of Inspect's transcript: what kind each is, and a sentence for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Kind, Mark, Role, Usage, Visibility, one_line
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.content import JSON

Event = dict[str, Any]

_KINDS: dict[str, tuple[Kind, Visibility]] = {
    "sample_init": (Kind.STATE, HIDDEN),
    "sample_limit": (Kind.TURN_END, SHOWN),
    "interrupt": (Kind.TURN_END, SHOWN),
    "sandbox": (Kind.TOOL_DETAIL, SHOWN),
    "state": (Kind.STATE, HIDDEN),
    "store": (Kind.STATE, HIDDEN),
    "model": (Kind.MODEL_CALL, SHOWN),
    "tool": (Kind.TOOL_DETAIL, SHOWN),
    "approval": (Kind.APPROVAL, SHOWN),
    "review": (Kind.APPROVAL, SHOWN),
    "input": (Kind.NOTICE, SHOWN),
    "score": (Kind.SCORE, SHOWN),
    "score_edit": (Kind.SCORE, SHOWN),
    "error": (Kind.ERROR, SHOWN),
    "logger": (Kind.NOTICE, HIDDEN),
    "info": (Kind.NOTICE, SHOWN),
    "span_begin": (Kind.SPAN_BEGIN, HIDDEN),
    "span_end": (Kind.SPAN_END, HIDDEN),
    "step": (Kind.SPAN_BEGIN, HIDDEN),
    "subtask": (Kind.TOOL_DETAIL, SHOWN),
    "compaction": (Kind.COMPACTION, SHOWN),
    "anchor": (Kind.LABEL, HIDDEN),
    "branch": (Kind.BRANCH_POINT, SHOWN),
    "checkpoint": (Kind.FILE_SNAPSHOT, HIDDEN),
    "sentinel": (Kind.NOTICE, HIDDEN),
}
_MOST = 2**40
"""More tokens than there are; a number beyond it must not break the sums."""


def is_event(value: JSON) -> bool:
    """Whether a value is one of Inspect's events."""
    return isinstance(value, dict) and str(value.get("event")) in _KINDS


def event_piece(event: JSON) -> Piece:
    """What an event is."""
    name = event.get("event") if isinstance(event, dict) else None
    if not isinstance(name, str) or name not in _KINDS:
        return Piece(Kind.UNKNOWN, Role.NONE, SHOWN, event)
    kind, seen = _KINDS[name]
    if name == "step" and event.get("action") == "end":
        kind = Kind.SPAN_END
    if name in ("step", "span_begin", "span_end") and event.get("type") in _TOLD:
        seen = SHOWN
    if name == "logger" and _level(event) in ("warning", "error", "critical"):
        seen = SHOWN
    is_fault = name == "error" or (name == "model" and bool(event.get("error")))
    marks = Mark.ERROR if is_fault else Mark.NONE
    return Piece(kind, Role.NONE, seen, event, marks, name=_name(event), call_id=_call(event))


_TOLD = ("agent", "solver", "scorer", "branch")


def _name(event: Event) -> str | None:
    for key in ("model", "function", "name", "approver", "reviewer", "score_name", "source"):
        if isinstance(event.get(key), str) and event[key]:
            return str(event[key])
    return None


def _call(event: Event) -> str | None:
    if event.get("event") == "tool":
        call = event.get("id")
    else:
        inner = event.get("call")
        call = inner.get("id") if isinstance(inner, dict) else None
    return call if isinstance(call, str) and call else None


def _level(event: Event) -> str:
    message = event.get("message")
    return str(message.get("level")) if isinstance(message, dict) else ""


def usage_of(event: JSON) -> Usage | None:
    """What a model event adds to the bill; what came from the cache costs nothing."""
    output = event.get("output") if isinstance(event, dict) else None
    given = output.get("usage") if isinstance(output, dict) else None
    if not isinstance(given, dict) or event.get("event") != "model":
        return None
    input, output_tokens = _count(given, "input_tokens"), _count(given, "output_tokens")
    read = _count(given, "input_tokens_cache_read")
    written = _count(given, "input_tokens_cache_write")
    if read and input >= read and _count(given, "total_tokens") == input + output_tokens:
        input -= read  # some providers count what was cached as input
    context = input + read + written
    if event.get("cache") == "read":
        return Usage(context=context)
    cost = given.get("total_cost")
    is_cost = isinstance(cost, (int, float)) and not isinstance(cost, bool) and 0 <= cost < 1e9
    return Usage(
        input,
        read,
        written,
        output_tokens,
        min(_count(given, "reasoning_tokens"), output_tokens),
        context,
        round(cost * 1e6) if is_cost and cost is not None else None,
    )


def _count(given: Event, key: str) -> int:
    value = given.get(key)
    return min(value, _MOST) if type(value) is int and value > 0 else 0


def event_text(event: JSON) -> str:
    """A sentence for an event."""
    if not isinstance(event, dict):
        return ""
    words = _WORDS.get(str(event.get("event")))
    return words(event) if words is not None else ""


def _model(event: Event) -> str:
    output = event.get("output")
    choices = output.get("choices") if isinstance(output, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    stop = first.get("stop_reason") if isinstance(first, dict) else None
    usage = usage_of(event)
    tokens = f"{usage.context:,} in, {usage.output:,} out" if usage else None
    cached = "from the cache" if event.get("cache") == "read" else None
    pending = "not answered yet" if event.get("pending") else None
    return _joined(
        event.get("model"), event.get("role"), tokens, stop, cached, pending, _seconds(event),
        event.get("error"),
    )  # fmt: skip


def _tool(event: Event) -> str:
    error = event.get("error")
    failed = (error.get("message") or error.get("type")) if isinstance(error, dict) else None
    cut = "truncated" if event.get("truncated") else None
    name = event.get("function") or event.get("name")
    return _joined(name, event.get("agent"), _seconds(event), cut, failed)


def _sandbox(event: Event) -> str:
    code = event.get("result")
    done = f"exit code {code}" if isinstance(code, int) else None
    what = event.get("cmd") or event.get("file")
    return _joined(event.get("action"), what, done)


def _score(event: Event) -> str:
    score = event.get("score")
    return _joined("intermediate" if event.get("intermediate") else None, score_text(score))


def score_text(score: JSON) -> str:
    """A score in words: its value, the answer and why."""
    if not isinstance(score, dict):
        return _plain(score)
    answer = score.get("answer")
    told = f"answer: {one_line(answer, 60)}" if isinstance(answer, str) and answer else None
    return _joined(_plain(score.get("value")), told, score.get("explanation"))


def _logger(event: Event) -> str:
    message = event.get("message")
    if not isinstance(message, dict):
        return ""
    return _joined(message.get("level"), message.get("name"), message.get("message"))


def _error(event: Event) -> str:
    error = event.get("error")
    return str(error.get("message") or "") if isinstance(error, dict) else str(error or "")


def _compaction(event: Event) -> str:
    before, after = event.get("tokens_before"), event.get("tokens_after")
    size = f"{before:,} → {after:,} tokens" if type(before) is type(after) is int else None
    return _joined(f"compaction by {event.get('type') or 'summary'}", size)


def _changes(event: Event) -> str:
    changes = event.get("changes")
    paths = [
        f"{change.get('op')} {change.get('path')}"
        for change in (changes if isinstance(changes, list) else ())
        if isinstance(change, dict)
    ]
    return ", ".join(paths)


def _input(event: Event) -> str:
    return _joined(event.get("message"), event.get("input"), event.get("outcome"))


_WORDS: dict[str, Callable[[Event], str]] = {
    "model": _model,
    "tool": _tool,
    "subtask": _tool,
    "sandbox": _sandbox,
    "score": _score,
    "score_edit": lambda event: _joined(event.get("score_name"), _plain(event.get("edit"))),
    "error": _error,
    "logger": _logger,
    "info": lambda event: _joined(event.get("source"), _plain(event.get("data"))),
    "compaction": _compaction,
    "state": _changes,
    "store": _changes,
    "input": _input,
    "sample_limit": lambda event: _joined(event.get("type"), "limit", event.get("message")),
    "interrupt": lambda event: _joined(event.get("source"), event.get("interrupted")),
    "approval": lambda event: _joined(event.get("decision"), event.get("explanation")),
    "review": lambda event: _joined(event.get("decision"), event.get("explanation")),
    "span_begin": lambda event: _joined(event.get("type"), event.get("name")),
    "span_end": lambda event: _joined(event.get("type"), event.get("name")),
    "step": lambda event: _joined(event.get("type"), event.get("name")),
    "anchor": lambda event: _plain(event.get("anchor_id")),
    "branch": lambda event: _joined("branches off", event.get("from_anchor")),
    "checkpoint": lambda event: _plain(event.get("checkpoint_id")),
    "sample_init": lambda event: "the state at the beginning",
}


def _seconds(event: Event) -> str | None:
    time = event.get("working_time")
    return f"{time:.1f} s" if type(time) in (int, float) else None


def _joined(*words: JSON) -> str:
    return " · ".join(str(word) for word in words if word)


def _plain(value: JSON) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
