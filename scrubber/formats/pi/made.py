"""Messages in the shape of pi for events that it did not record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.events import Event, Kind, Usage
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.anthropic_messages import SEALED_BLOCKS

if TYPE_CHECKING:
    from scrubber.core.content import Block
    from scrubber.core.transcript import Transcript
    from scrubber.formats.pi.records import Record

_PROVIDERS = (
    ("claude", "anthropic", "anthropic-messages"),
    ("gpt", "openai", "openai-responses"),
    ("gemini", "google", "google-generative-ai"),
)


class Maker:
    """Makes the messages of one export; learns from pi's own who speaks through which API."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._speaker = _speaker(transcript.session.model or "unknown")

    def learn(self, message: Record) -> None:
        """Take note of an answer that pi recorded."""
        if all(isinstance(message.get(key), str) for key in self._speaker):
            self._speaker = {key: message[key] for key in self._speaker}

    def answer(self, blocks: list[Record], usage: Usage | None, ts: int) -> Record:
        """What a model said."""
        calls = any(block.get("type") == "toolCall" for block in blocks)
        return {
            "role": "assistant",
            "content": blocks,
            **self._speaker,
            "usage": usage_block(usage),
            "stopReason": "toolUse" if calls else "stop",
            "timestamp": ts,
        }

    def block(self, event: Event) -> Record | None:
        """The block of a part of an answer; None if it cannot be said."""
        content = self._transcript.content(event)
        if event.kind is Kind.TOOL_CALL:
            return self._call(event, content)
        if event.kind is Kind.REASONING:
            return self._thinking(event, content)
        text = "\n".join(filter(None, (_words(block) for block in content.blocks)))
        return {"type": "text", "text": text} if text else None

    def _call(self, event: Event, content: Content) -> Record:
        given = content.arguments
        arguments = given if isinstance(given, dict) else {"input": given} if given else {}
        name, call = event.name or "unknown", call_id(event)
        return {"type": "toolCall", "id": call, "name": name, "arguments": arguments}

    def _thinking(self, event: Event, content: Content) -> Record | None:
        """Reasoning that Anthropic sealed: pi gives it back with its seal."""
        if not content.signature or self._transcript.format_of(event) not in SEALED_BLOCKS:
            return None
        seal = content.signature
        if not content.text:
            return {"type": "thinking", "thinking": "", "thinkingSignature": seal, "redacted": True}
        return {"type": "thinking", "thinking": content.text, "thinkingSignature": seal}

    def user(self, event: Event, ts: int) -> Record | None:
        """What the model is told by a person, or by a program in its place."""
        blocks = parts(self._transcript.content(event))
        return {"role": "user", "content": blocks, "timestamp": ts} if blocks else None

    def result(self, event: Event, ts: int) -> Record:
        """What a tool gave."""
        content = self._transcript.content(event)
        told = _result(event, parts(content), event.is_error, ts)
        return told if content.detail is None else told | {"details": content.detail}

    def interrupted(self, call: Event, ts: int) -> Record:
        """The result of a call that nothing answers."""
        return _result(call, [{"type": "text", "text": INTERRUPTED}], True, ts)


def _result(event: Event, content: list[Record], is_error: bool, ts: int) -> Record:
    return {
        "role": "toolResult",
        "toolCallId": call_id(event),
        "toolName": event.name or "unknown",
        "content": content,
        "isError": is_error,
        "timestamp": ts,
    }


def _speaker(model: str) -> dict[str, str]:
    """Who gives a model, as far as its name tells."""
    name = model.rsplit("/", 1)[-1]
    for start, provider, api in _PROVIDERS:
        if name.startswith(start):
            return {"api": api, "provider": provider, "model": name}
    return {"api": "openai-completions", "provider": "unknown", "model": model}


def call_id(event: Event) -> str:
    """The id of a call, and of its result; made up where the source has none."""
    if event.call_id:
        return event.call_id
    return f"call_{event.ref if event.kind is Kind.TOOL_RESULT and event.ref else event.seq}"


def parts(content: Content) -> list[Record]:
    """What is said, as texts and pictures."""
    return [part for block in content.blocks if (part := _part(block)) is not None]


def _part(block: Block) -> Record | None:
    if isinstance(block, Image) and block.data:
        return {"type": "image", "data": block.data, "mimeType": block.media_type}
    words = _words(block)
    return {"type": "text", "text": words} if words else None


def _words(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case Image(reference=reference):
            return f"[image {reference}]".replace(" ]", "]")
        case Document(title=title):
            return f"[document {title}]"
        case Data(value):
            return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def usage_block(usage: Usage | None) -> dict[str, Any]:
    """Tokens and cost as pi asks for them with every answer; zeros where nothing is known."""
    told = usage or Usage()
    cost = (told.cost_micros or 0) / 1e6
    return {
        "input": told.input,
        "output": told.output,
        "cacheRead": told.cache_read,
        "cacheWrite": told.cache_write,
        "totalTokens": told.total,
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0, "total": cost},
    }
