"""What a record of OpenHands holds: an event, a run with all of its events, a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Kind, Role, Visibility
from scrubber.formats.amounts import count_of, micros_of
from scrubber.formats.conversations import Piece, fields_piece, unknown_piece
from scrubber.formats.openai_messages import message_pieces, text_or_none
from scrubber.formats.openhands.actions import action_pieces
from scrubber.formats.openhands.observations import observation_pieces
from scrubber.formats.openhands.shapes import Event, dicts, inner, is_typed, is_untyped
from scrubber.formats.openhands.typed import typed_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN = frozenset({"history", "metrics", "git_patch", "error"})
_RUNS = ("instance_id", "instruction", "git_patch", "test_result", "issue")


class OpenHandsDialect:
    """Events of both versions, one a record or all of a run in one."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """Whether a value is a run of an evaluation, with its history."""
        return is_run(value)

    def is_message(self, value: JSON) -> bool:
        """Whether a value is an event, or the state of a conversation."""
        return is_typed(value) or is_untyped(value) or is_state(value)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a record."""
        if is_run(value):
            return list(_run(value))
        if is_state(value) and not is_typed(value):
            return [_state(value)._replace(source=value, message=0)]
        return event_pieces(value)


def is_run(value: JSON) -> bool:
    """Whether a value is a line of an evaluation's output."""
    if not isinstance(value, dict) or not isinstance(value.get("history"), list):
        return False
    return any(key in value for key in _RUNS) and bool(events_of(value)[:1])


def events_of(run: dict[str, Any]) -> list[Event]:
    """The events of a run; old ones are pairs of an action and what came of it."""
    found: list[Event] = []
    for item in run["history"]:
        for event in dicts(item) if isinstance(item, list) else dicts([item]):
            found.append(_numbered(event, found))
    return found


def _numbered(event: Event, before: list[Event]) -> Event:
    """An event as it is written today: in 2024, arguments stood in the event, which had no id."""
    number = len(before)
    if isinstance(event.get("action"), str) and "args" not in event:
        args = {key: value for key, value in event.items() if key != "action"}
        source = "user" if event["action"] == "message" and not number else "agent"
        return {"id": number, "source": source, "action": event["action"], "args": args}
    if "observation" not in event or "cause" in event or "tool_call_metadata" in event:
        return event
    last = before[-1].get("id") if before and "action" in before[-1] else None
    return {**event, "cause": last} if last is not None else event


def is_state(value: JSON) -> bool:
    """Whether a value is the state of a conversation of version 1."""
    if not isinstance(value, dict) or "agent" not in value or "id" not in value:
        return False
    return any(key in value for key in ("execution_status", "agent_status", "persistence_dir"))


def event_pieces(event: JSON) -> list[Piece]:
    """The events of one event of either version, at least one."""
    if is_typed(event):
        found = typed_pieces(event)
    elif is_untyped(event):
        found = action_pieces(event) if "action" in event else observation_pieces(event)
    elif isinstance(event, dict) and isinstance(event.get("role"), str):
        found = message_pieces(event, 0)
    else:
        found = [unknown_piece(event, -1)]
    told = (piece.source if piece.name == "tools" else event for piece in found)
    return [piece._replace(message=0, source=one) for piece, one in zip(found, told, strict=True)]


def _run(run: dict[str, Any]) -> Iterator[Piece]:
    yield from fields_piece(run, _KNOWN)
    for number, event in enumerate(events_of(run)):
        yield from (piece._replace(message=number) for piece in event_pieces(event))
    if patch := text_or_none(run.get("git_patch")):
        content = Content((Text(patch),))
        yield Piece(Kind.FILE_CHANGE, Role.NONE, content, Visibility.UI_ONLY, name="git_patch")
    if error := run.get("error"):
        content = Content((Text(str(error)),), detail=error)
        yield Piece(Kind.ERROR, Role.NONE, content, Visibility.UI_ONLY)
    if metrics := inner(run, "metrics"):
        cost = metrics.get("accumulated_cost")
        content = Content((Text(f"cost {cost}"),), detail=metrics)
        yield Piece(Kind.USAGE, Role.NONE, content, Visibility.HIDDEN)


def _state(state: dict[str, Any]) -> Piece:
    status = state.get("execution_status") or state.get("agent_status") or "conversation"
    content = Content((Text(str(status)),), detail=state)
    return Piece(Kind.SESSION_START, Role.NONE, content, Visibility.HIDDEN)


def bill_of(metrics: dict[str, Any]) -> tuple[int, ...]:
    """What was billed so far: prompt, cache read, cache write, output, reasoning, micros."""
    usage = inner(metrics, "accumulated_token_usage")
    counts = ("prompt", "cache_read", "cache_write", "completion", "reasoning")
    micros = micros_of(metrics.get("accumulated_cost")) or 0
    return (*(count_of(usage, f"{name}_tokens") for name in counts), micros)
