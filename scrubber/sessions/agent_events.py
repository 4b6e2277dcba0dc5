"""What is said in a session as what a runtime tells of it: harn's agent events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Event, Kind, Mark, Role
from scrubber.formats import own
from scrubber.formats.anthropic_blocks import to_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.formats.harn.events import AgentEvent
    from scrubber.sessions.messages import Records, Said


def events_of(message: Said, records: Records) -> Iterator[AgentEvent]:
    """The events of a message that was added, as these records.

    What the user says is one event; what the model says one for each part of it; a result one
    update of its call. Words of a system or of a role that nobody knows are told as ``message``.
    """
    for raw, draft in records:
        yield event_of(draft, own.FORMAT.content(raw, 0), message["role"], _blocks(message))


def event_of(
    said: Draft | Event, content: Content, role: str, blocks: list[Any] | None = None
) -> AgentEvent:
    """The event of something that was said; ``blocks``: its content as it was given."""
    if said.kind is Kind.TOOL_RESULT:
        return _update(said, content)
    if said.kind is Kind.TOOL_CALL:
        return _call(said, content)
    if said.role is Role.ASSISTANT:
        kind = "agent_thought_chunk" if said.kind is Kind.REASONING else "agent_message_chunk"
        return {"type": kind, "content": content.text}
    shown = [to_block(block) for block in content.blocks] if blocks is None else blocks
    if role == "user":
        return {"type": "user_message", "message_id": None, "content": shown}
    return {"type": "message", "role": role, "content": shown}


def _call(said: Draft | Event, content: Content) -> AgentEvent:
    return {
        "type": "tool_call",
        "tool_call_id": said.call_id or "",
        "tool_name": said.name or "",
        "kind": None,
        "status": "pending",
        "raw_input": content.arguments,
    }


def _update(said: Draft | Event, content: Content) -> AgentEvent:
    failed = bool(said.marks & Mark.ERROR)
    return {
        "type": "tool_call_update",
        "tool_call_id": said.call_id or "",
        "tool_name": said.name or "",
        "status": "failed" if failed else "completed",
        "raw_output": None if failed else content.text,
        "error": content.text if failed else None,
    }


def _blocks(message: Said) -> list[Any]:
    content = message.get("content")
    if isinstance(content, list):
        return content
    return [] if content is None else [{"type": "text", "text": content}]
