"""Events as content blocks of Anthropic's API: for its own message files and for Claude Code."""

from __future__ import annotations

import re
from typing import Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.formats.anthropic_blocks import to_block

SEALED_BLOCKS = frozenset({"anthropic", "claude-code", "scrubber"})
"""Formats whose signatures are Anthropic's: that of another provider would be refused."""

_NOT_IN_ID = re.compile(r"[^a-zA-Z0-9_-]")


def blocks_of_event(event: Event, content: Content, keeps_seal: bool) -> list[dict[str, Any]]:
    """The blocks of an event, none if nothing can be said of it.

    ``keeps_seal``: reasoning may stay, if it is sealed: without a seal the API refuses it.
    """
    if event.kind is Kind.REASONING:
        return reasoning_blocks(content) if keeps_seal else []
    if event.kind is Kind.TOOL_CALL:
        return [call_block(event, content)]
    if event.kind is Kind.TOOL_RESULT:
        return [result_block(event, content)]
    return plain_blocks(content)


def plain_blocks(content: Content) -> list[dict[str, Any]]:
    """What is said; blank texts, which the API refuses, are left out."""
    return [to_block(b) for b in content.blocks if not isinstance(b, Text) or b.text.strip()]


def reasoning_blocks(content: Content) -> list[dict[str, Any]]:
    """Sealed reasoning; without any text it is a redacted one, whose seal is all there is."""
    if not content.signature:
        return []
    if not content.blocks:
        return [{"type": "redacted_thinking", "data": content.signature}]
    return [{"type": "thinking", "thinking": content.text, "signature": content.signature}]


def call_block(event: Event, content: Content) -> dict[str, Any]:
    """A tool call; its input must be an object, so text that is none becomes one's ``input``."""
    given: JSON = content.arguments
    arguments = given if isinstance(given, dict) else {"input": given} if given else {}
    return {
        "type": "tool_use",
        "id": api_id(event),
        "name": event.name or "unknown",
        "input": arguments,
    }


def result_block(event: Event, content: Content) -> dict[str, Any]:
    """A tool's result, marked if it is a failure."""
    blocks = plain_blocks(content)
    only_text = len(blocks) == 1 and blocks[0]["type"] == "text"
    block: dict[str, Any] = {
        "type": "tool_result",
        "tool_use_id": api_id(event),
        "content": blocks[0]["text"] if only_text else blocks,
    }
    if event.is_error:
        block["is_error"] = True
    return block


def api_id(event: Event) -> str:
    """The id of a call, in the characters that the API takes."""
    if event.call_id:
        return _NOT_IN_ID.sub("_", event.call_id)
    return f"call_{event.ref if event.kind is Kind.TOOL_RESULT and event.ref else event.seq}"


def speaker(event: Event) -> str:
    """Who says it, as far as the API can tell: results are the user's."""
    return "assistant" if event.role is Role.ASSISTANT else "user"
