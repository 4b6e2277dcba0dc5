"""A message as what a runtime tells of it: harn's agent events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Mark, Role
from scrubber.formats import own
from scrubber.formats.harn.events import call_event, result_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.sessions.listeners import AgentEvent
    from scrubber.sessions.messages import Said


def events_of(message: Said, records: Sequence[tuple[bytes, Draft]]) -> Iterator[AgentEvent]:
    """The events of a message that was added, as these records.

    What the user says is one event; what the model says one for each part of it; a result one
    update of its call. Words of a system or of a role that nobody knows are told as ``message``.
    """
    role = message["role"]
    for raw, draft in records:
        if draft.kind is Kind.TOOL_RESULT:
            yield _update(raw, draft)
        elif draft.kind is Kind.TOOL_CALL:
            yield _call(raw, draft)
        elif draft.role is Role.ASSISTANT:
            kind = "agent_thought_chunk" if draft.kind is Kind.REASONING else "agent_message_chunk"
            yield {"type": kind, "content": _content(raw).text}
        elif role == "user":
            yield {"type": "user_message", "message_id": None, "content": _blocks(message)}
        else:
            yield {"type": "message", "role": role, "content": _blocks(message)}


def _call(raw: bytes, draft: Draft) -> AgentEvent:
    return call_event(draft.call_id or "", draft.name or "", _content(raw).arguments)


def _update(raw: bytes, draft: Draft) -> AgentEvent:
    failed, text = bool(draft.marks & Mark.ERROR), _content(raw).text
    return result_event(draft.call_id or "", draft.name or "", text, failed)


def _content(raw: bytes) -> Any:
    return own.FORMAT.content(raw, 0)


def _blocks(message: Said) -> list[Any]:
    content = message.get("content")
    if isinstance(content, list):
        return content
    return [] if content is None else [{"type": "text", "text": content}]
