"""harn's agent events: what each is in a transcript, and how one is written.

A line of the log is ``{"index", "emitted_at_ms", "frame_depth", "type", "session_id", …}``. The
generalised event log of later versions has the event in ``payload.event``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.openai_parts import part_blocks
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.events import Visibility

AgentEvent = dict[str, Any]

ENVELOPE = ("index", "emitted_at_ms", "frame_depth", "type", "session_id")
_PLAIN: dict[str, tuple[Kind, Visibility, str]] = {
    "plan": (Kind.PLAN, SHOWN, "plan"),
    "turn_start": (Kind.TURN_START, HIDDEN, ""),
    "turn_end": (Kind.TURN_END, HIDDEN, ""),
    "iteration_end": (Kind.TURN_END, HIDDEN, ""),
    "budget_exhausted": (Kind.ERROR, SHOWN, ""),
    "loop_stuck": (Kind.ERROR, SHOWN, "tail_excerpt"),
    "daemon_watchdog_tripped": (Kind.ERROR, SHOWN, ""),
    "skill_activated": (Kind.CONFIG_CHANGE, HIDDEN, "skill_name"),
    "skill_deactivated": (Kind.CONFIG_CHANGE, HIDDEN, "skill_name"),
    "skill_scope_tools": (Kind.CONFIG_CHANGE, HIDDEN, "skill_name"),
    "tool_search_query": (Kind.TOOL_DETAIL, HIDDEN, "name"),
    "tool_search_result": (Kind.TOOL_DETAIL, HIDDEN, "strategy"),
    "transcript_compacted": (Kind.COMPACTION, SHOWN, "strategy"),
    "handoff": (Kind.LINK, SHOWN, "artifact_id"),
    "fs_watch": (Kind.FILE_CHANGE, HIDDEN, "subscription_id"),
    "worker_update": (Kind.NOTICE, SHOWN, "worker_name"),
    "session_closed": (Kind.SESSION_END, SHOWN, "status"),
    "hitl_requested": (Kind.APPROVAL, SHOWN, "kind"),
}
"""(kind, who sees it, the field that is its text) of events that nobody said."""

_ROLES = {"system": Role.SYSTEM, "developer": Role.DEVELOPER, "assistant": Role.ASSISTANT}
_FAILURES = ("budget_exhausted", "loop_stuck", "daemon_watchdog_tripped")
_DONE = ("completed", "failed")


def event_of(record: AgentEvent) -> AgentEvent:
    """The event of a line: the line itself, or what its payload holds."""
    payload = record.get("payload")
    inner = payload.get("event") if isinstance(payload, dict) else None
    if isinstance(payload, dict) and isinstance(inner, dict):
        return {"session_id": payload.get("session_id"), **inner}
    return record


def pieces_of(record: AgentEvent) -> list[Piece]:
    """The one piece of a line."""
    event = event_of(record)
    word = str(event.get("type"))
    if word in _SPOKEN:
        return [_SPOKEN[word](event)]
    kind, seen, key = _PLAIN.get(word, (Kind.UNKNOWN, SHOWN, ""))
    told = event.get(key)
    blocks = (Text(told),) if isinstance(told, str) and told else (Text(word),)
    if kind is Kind.PLAN and not isinstance(told, str):
        blocks = (Data(told),)  # type: ignore[assignment]
    marks = Mark.ERROR if word in _FAILURES else Mark.NONE
    return [Piece(kind, Role.NONE, seen, Content(blocks, detail=_rest(event)), marks)]


def _rest(event: AgentEvent) -> AgentEvent:
    return {key: value for key, value in event.items() if key not in ENVELOPE}


def _said(kind: Kind, role: Role, event: AgentEvent) -> Piece:
    name = text_or_none(event.get("kind")) if kind is Kind.CONTEXT else None
    return Piece(kind, role, SEEN, Content(part_blocks(event.get("content"))), name=name)


def _message(event: AgentEvent) -> Piece:
    role = event.get("role")
    if role in ("tool", "tool_result"):
        return _result({**event, "raw_output": event.get("content"), "status": _DONE[0]})
    return _said(Kind.MESSAGE, _ROLES.get(str(role), Role.USER), event)


def _call(event: AgentEvent) -> Piece:
    """A call; one whose arguments still come in (later versions) is only announced."""
    return _detail(event, "announced") if event.get("parsing") is True else _settled(event)


def _settled(event: AgentEvent) -> Piece:
    return Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        SEEN,
        Content(arguments=event.get("raw_input"), detail=_rest(event)),
        name=text_or_none(event.get("tool_name")),
        call_id=text_or_none(event.get("tool_call_id")),
    )


def _update(event: AgentEvent) -> Piece:
    """An update: the result, if the call is done with it; else how far it is."""
    if event.get("status") in _DONE:
        return _result(event)
    return _detail(event, str(event.get("status") or ""))


def _detail(event: AgentEvent, text: str) -> Piece:
    content = Content((Text(text),), detail=_rest(event))
    return _settled(event)._replace(
        kind=Kind.TOOL_DETAIL, role=Role.NONE, visibility=HIDDEN, block=content
    )


def _result(event: AgentEvent) -> Piece:
    failed = event.get("status") == "failed"
    given, error = event.get("raw_output"), event.get("error")
    blocks = () if given is None else part_blocks(given)
    if failed and error is not None:
        blocks = (*blocks, *part_blocks(error))
    return Piece(
        Kind.TOOL_RESULT,
        Role.TOOL,
        SEEN,
        Content(blocks, detail=_rest(event)),
        Mark.ERROR if failed else Mark.NONE,
        text_or_none(event.get("tool_name")),
        text_or_none(event.get("tool_call_id")),
    )


_SPOKEN: dict[str, Callable[[AgentEvent], Piece]] = {
    "agent_message_chunk": lambda event: _said(Kind.MESSAGE, Role.ASSISTANT, event),
    "agent_thought_chunk": lambda event: _said(Kind.REASONING, Role.ASSISTANT, event),
    "user_message": lambda event: _said(Kind.MESSAGE, Role.USER, event),
    "feedback_injected": lambda event: _said(Kind.CONTEXT, Role.USER, event),
    "message": _message,
    "tool_call": _call,
    "tool_call_update": _update,
}


def envelope(index: int, emitted_at_ms: int, session: str, event: AgentEvent) -> AgentEvent:
    """A line of the log; the sink always writes null for the depth."""
    head = (index, emitted_at_ms, None, event.get("type"), session)
    return {**dict(zip(ENVELOPE, head, strict=True)), **event}


def call_event(call: str, name: str, arguments: JSON) -> AgentEvent:
    """A tool call as it begins."""
    return {
        "type": "tool_call",
        "tool_call_id": call,
        "tool_name": name,
        "kind": None,
        "status": "pending",
        "raw_input": arguments,
    }


def result_event(call: str, name: str, output: JSON, failed: bool) -> AgentEvent:
    """The end of a tool call."""
    return {
        "type": "tool_call_update",
        "tool_call_id": call,
        "tool_name": name,
        "status": "failed" if failed else "completed",
        "raw_output": None if failed else output,
        "error": output if failed else None,
    }
