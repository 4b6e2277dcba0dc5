"""Messages in the shape of Gemini CLI: anew, or from a recorded one of which parts are kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Text, text_content
from scrubber.core.events import Event, Kind, Origin
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.gemini_cli.messages import COMMANDS, CONTEXTS, calls_of, thought_text
from scrubber.formats.gemini_parts import Part, to_part, to_response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON

UNSEEN = "\u200b"
"""Put in front of a prompt that the client would take for a command, and drop."""

_ORDER = {Kind.REASONING: 0, Kind.MESSAGE: 1, Kind.TOOL_CALL: 2}


def call_id(call: Event) -> str:
    """The id of a call as it stands in the file."""
    return call.call_id or f"call_{call.seq}"


def iso(ts: int) -> str:
    """A time as the client writes it."""
    when = datetime.fromtimestamp(ts / 1000, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_skipped(text: str) -> bool:
    """Whether the client would leave a prompt out when it resumes."""
    return text.strip().startswith((*COMMANDS, *CONTEXTS))


def prompt(content: Content) -> list[Part]:
    """What a user says."""
    parts = [to_part(block) for block in content.blocks]
    if is_skipped("".join(part.get("text", "") for part in parts)):
        return [{"text": UNSEEN + str(parts[0].get("text", ""))}, *parts[1:]]
    return parts


def said(items: Sequence[tuple[Event, Content]], recorded: dict[str, Any]) -> dict[str, Any]:
    """What a model's message says: its words and thoughts, in the simplest shape that holds them.

    Thoughts, one text and calls in this order stand beside each other; anything else is a list of
    parts. What is sealed keeps its seal, unless a part of the message was edited.
    """
    ranks = [_ORDER.get(event.kind, 1) for event, _ in items]
    texts = [content for (_, content), rank in zip(items, ranks, strict=True) if rank == 1]
    is_plain = ranks == sorted(ranks) and len(texts) <= 1 and all(map(_is_text, texts))
    if is_plain and not any(content.signature for _, content in items):
        words = texts[0].text if texts else ""
        thoughts = [_thought(e, content, recorded) for e, content in items if _thinks(e)]
        return {"content": words, "thoughts": thoughts}
    is_edited = any(event.origin is Origin.EDITED for event, _ in items)
    parts = [part for event, content in items for part in _parts(event, content, is_edited)]
    return {"content": parts}


def _is_text(content: Content) -> bool:
    return len(content.blocks) == 1 and isinstance(content.blocks[0], Text)


def _thinks(event: Event) -> bool:
    return event.kind is Kind.REASONING


def _thought(event: Event, content: Content, recorded: dict[str, Any]) -> dict[str, Any]:
    """The thought as it was recorded, or one with the same words."""
    given = recorded.get("thoughts")
    for thought in given if isinstance(given, list) else ():
        if isinstance(thought, dict) and thought_text(thought) == content.text:
            return thought
    found = re.fullmatch(r"\*\*(.+?)\*\* (.*)", content.text, re.DOTALL)
    subject, description = found.groups() if found else ("", content.text)
    when = {"timestamp": iso(event.ts)} if event.ts is not None else {}
    return {"subject": subject, "description": description, **when}


def _parts(event: Event, content: Content, is_edited: bool) -> list[Part]:
    seal = {"thoughtSignature": content.signature} if content.signature and not is_edited else {}
    if event.kind is Kind.TOOL_CALL:
        call = {"id": call_id(event), "name": event.name or "unknown", "args": arguments(content)}
        return [{"functionCall": call, **seal}]
    if event.kind is Kind.REASONING:
        return [{"text": content.text, "thought": True, **seal}] if content.blocks or seal else []
    return [to_part(block) for block in content.blocks]


def arguments(content: Content) -> dict[str, Any]:
    """A call's arguments; they must be an object, so what is none becomes one's ``input``."""
    given: JSON = content.arguments
    return given if isinstance(given, dict) else {"input": given} if given else {}


def recorded_call(recorded: dict[str, Any], name: str | None) -> dict[str, Any]:
    """What the client noted of a call beside its message; empty if nothing."""
    return next((call for call in calls_of(recorded) if call.get("id") == name), {})


def interrupted(call: Event) -> list[Part]:
    """The response to a call that nothing answers."""
    return to_response(call_id(call), call.name or "unknown", text_content(INTERRUPTED), True)
