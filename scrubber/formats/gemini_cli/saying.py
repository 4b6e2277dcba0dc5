"""The line of each message in a new session file: copied as it is, or written in its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import orjson

from scrubber.core.content import Content, Text
from scrubber.core.events import Event, Kind, Origin, Role, Usage
from scrubber.formats.gemini_cli import made
from scrubber.formats.gemini_cli.kept import NAME, Found, Plan, found_at
from scrubber.formats.gemini_cli.messages import CONTEXTS, answered_call, calls_of, own_parts
from scrubber.formats.gemini_cli.thread import key_of
from scrubber.formats.gemini_parts import Part, parts_of, to_response

if TYPE_CHECKING:
    from scrubber.core.messages import Message
    from scrubber.core.transcript import Transcript

_WORDS = ("content", "parts", "thoughts", "toolCalls", "displayContent")
_OUTCOME = ("result", "resultDisplay", "status", "agentId")


def to_line(record: dict[str, Any]) -> bytes:
    """A record as the client writes it."""
    return orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS) + b"\n"


class Sayer:
    """Writes the messages of one session, each with an id that no other has."""

    def __init__(self, transcript: Transcript, plan: Plan, session: UUID) -> None:
        self._transcript = transcript
        self._plan = plan
        self._session = session
        self._ids: set[str] = set()
        self._last = transcript.session.created

    def shown(self, event: Event) -> bytes | None:
        """The line of what the client shows and does not send."""
        found = found_at(self._transcript, event)
        if found is None or not found.is_record or len(found.pieces) != 1:
            return None
        return self._copied(found, event)

    def message(self, message: Message) -> bytes | None:
        """A message's line; None for what has no line of its own.

        A result stands with its call, and system prompts are the client's own.
        """
        if message.role is Role.USER:
            return self._prompt(*message.items[0])
        return self._reply(message) if message.role is Role.ASSISTANT else None

    def _prompt(self, event: Event, content: Content) -> bytes | None:
        if event.kind is Kind.CONTEXT and content.text.lstrip().startswith(CONTEXTS):
            return None  # the client puts its own in front
        found = found_at(self._transcript, event)
        if found is not None and len(found.pieces) == 1 and found.value.get("type") == "user":
            return self._copied(found, event)
        if all(isinstance(b, Text) and not b.text.strip() for b in content.blocks):
            return None
        said = {"type": "user", "content": made.prompt(content)}
        return to_line(self._envelope(event, {}) | said)

    def _reply(self, message: Message) -> bytes | None:
        event = message.items[-1][0]
        found = found_at(self._transcript, event)
        if found is not None and self._is_whole(found, message):
            return self._copied(found, event)
        recorded = found.value if found is not None else {}
        said = made.said(message.items, recorded)
        calls = [self._call(e, c, recorded) for e, c in message.items if e.kind is Kind.TOOL_CALL]
        if not said["content"] and not said.get("thoughts") and not calls:
            return None
        line = self._envelope(message.items[0][0], recorded) | {"type": "gemini", **said}
        for key, value in self._told(message):
            line.setdefault(key, value)
        return to_line(line | ({"toolCalls": calls} if calls else {}))

    def _told(self, message: Message) -> list[tuple[str, Any]]:
        """The model and the tokens of a message, so far as they are known."""
        usage = next((event.usage for event, _ in message.items if event.usage), None)
        found = [("tokens", _tokens(usage))] if usage is not None else []
        model = self._transcript.session.model
        return [*found, ("model", model)] if model else found

    def _is_whole(self, found: Found, message: Message) -> bool:
        """Whether a recorded message says just this, each call with its own result."""
        if any(self._transcript.format_of(event) != NAME for event, _ in message.items):
            return False  # an edit, even if it says the same
        own = [key_of(p, p.block) for p in found.pieces if p.kind is not Kind.TOOL_RESULT]
        if own != [key_of(event, content) for event, content in message.items]:
            return False
        answers = [piece for piece in found.pieces if piece.kind is Kind.TOOL_RESULT]
        given = {piece.call_id: key_of(piece, piece.block) for piece in answers}
        calls = [event for event, _ in message.items if event.kind is Kind.TOOL_CALL]
        meant = {call.call_id: self._result_key(call) for call in calls}
        return given == meant and all(map(_has_own_result, calls_of(found.value)))

    def _result_key(self, call: Event) -> bytes | None:
        result = self._plan.results.get(call.index)
        if result is None or self._transcript.format_of(result) != NAME:
            return None
        return key_of(result, self._transcript.content(result))

    def _call(self, call: Event, content: Content, recorded: dict[str, Any]) -> dict[str, Any]:
        """A call as the client notes it beside a message, with its result."""
        noted = made.recorded_call(recorded, call.call_id)
        result = self._plan.results.get(call.index)
        is_own = result is not None and result.origin is Origin.RECORDED and "result" in noted
        told = {key: noted[key] for key in noted if is_own or key not in _OUTCOME}
        told |= {"id": made.call_id(call), "name": call.name or "unknown"}
        told |= {"args": made.arguments(content)}
        if result is None:
            told |= {"result": made.interrupted(call), "status": "cancelled"}
        else:
            told["result"] = self._response(call, result)
            told.setdefault("status", "error" if result.is_error else "success")
        ts = result.ts if result is not None else call.ts
        told.setdefault("timestamp", made.iso(ts or self._last))
        return told

    def _response(self, call: Event, result: Event) -> list[Part]:
        """The parts of a result: as they were recorded, or made of its content."""
        found = found_at(self._transcript, result)
        if found is not None:
            recorded = made.recorded_call(found.value, result.call_id).get("result")
            if isinstance(recorded, list):
                return own_parts({"id": result.call_id}, recorded)
            parts = parts_of(found.value.get("content"))
            if len(found.pieces) == len(parts):  # nothing but responses
                return [part for part in parts if answered_call(part) == result.call_id]
        content = self._transcript.content(result)
        return to_response(made.call_id(call), call.name or "unknown", content, result.is_error)

    def _copied(self, found: Found, event: Event) -> bytes:
        """A recorded message byte for byte, if it has a line of its own."""
        self._last = event.ts or self._last
        name = found.value.get("id")
        if not isinstance(name, str) or name in self._ids:
            return to_line(found.value | {"id": self._new_id(event)})
        self._ids.add(name)
        raw = self._transcript.raw(event).strip(b", \t\r\n")
        is_line = found.is_record and b"\n" not in raw and raw.startswith(b"{")
        return raw + b"\n" if is_line else to_line(found.value)

    def _envelope(self, event: Event, recorded: dict[str, Any]) -> dict[str, Any]:
        """What stands around a message's words: an id that no other has, a time."""
        self._last = event.ts or self._last
        name = recorded.get("id")
        if not isinstance(name, str) or name in self._ids:
            name = self._new_id(event)
        self._ids.add(name)
        kept = {key: value for key, value in recorded.items() if key not in _WORDS}
        return {"id": name, "timestamp": made.iso(self._last)} | kept | {"id": name}

    def _new_id(self, event: Event) -> str:
        place = f"{event.source} {event.record} {event.part} {len(self._ids)}"
        return str(uuid5(self._session, place))


def _has_own_result(call: dict[str, Any]) -> bool:
    """Whether a call is noted with its own response and no other's."""
    result = call.get("result")
    return isinstance(result, list) and own_parts(call, result) == result


def _tokens(usage: Usage) -> dict[str, int]:
    prompt = usage.input + usage.cache_read + usage.cache_write
    return {
        "input": prompt,
        "output": usage.output - usage.reasoning,
        "cached": usage.cache_read,
        "thoughts": usage.reasoning,
        "tool": 0,
        "total": prompt + usage.output,
    }
