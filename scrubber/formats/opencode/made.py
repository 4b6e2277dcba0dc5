"""Parts in the shape of OpenCode for events that it did not record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Block, Content, Data, Document, Image, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.exported import to_json

if TYPE_CHECKING:
    from scrubber.core.content import JSON

Part = dict[str, Any]


def parts_of(event: Event, content: Content) -> list[Part]:
    """The parts for an event; none for what the client takes from elsewhere.

    A system prompt is its own; reasoning of other agents is sealed for them, or worth nothing.
    """
    if event.role in (Role.SYSTEM, Role.DEVELOPER) or event.kind is Kind.REASONING:
        return []
    if event.kind is Kind.TOOL_CALL:
        return [_call(event, content)]
    files = [_file(block) for block in content.blocks if isinstance(block, (Image, Document))]
    text = _text(tuple(b for b in content.blocks if not isinstance(b, (Image, Document))))
    return ([{"type": "text", "text": text}] if text or not files else []) + files


def _call(event: Event, content: Content) -> Part:
    start = event.ts or 0
    return {
        "type": "tool",
        "tool": event.name or "tool",
        "callID": event.call_id or f"call_{event.source}_{event.record}_{event.part}",
        "state": {
            "status": "error",
            "input": _arguments(content.arguments),
            "error": INTERRUPTED,
            "time": {"start": start, "end": start},
        },
    }


def result_state(event: Event, content: Content, state: Part) -> Part:
    """The state of a call once it has a result that the client did not record."""
    time = state.get("time") or {}
    start = time.get("start") or event.ts or 0
    done: Part = {
        "input": state.get("input") or {},
        "time": {"start": start, "end": event.ts or start},
    }
    text = _text(content.blocks)
    if event.is_error:
        return {"status": "error", "error": text, **done}
    attachments = [_file(block) for block in content.blocks if isinstance(block, (Image, Document))]
    done |= {"output": text, "title": event.name or "", "metadata": {}}
    return {"status": "completed", **done} | ({"attachments": attachments} if attachments else {})


def _arguments(arguments: JSON) -> Part:
    if isinstance(arguments, dict):
        return arguments
    return {} if arguments is None else {"input": arguments}


def _text(blocks: tuple[Block, ...]) -> str:
    texts = []
    for block in blocks:
        match block:
            case Text(text):
                texts.append(text)
            case Data(value):
                texts.append(to_json(value).decode())
            case Image(_, _, reference) | Document(_, _, _, reference):
                texts.append(f"[file] {reference}".rstrip())
    return "\n".join(texts)


def _file(block: Image | Document) -> Part:
    data = f"data:{block.media_type};base64,{block.data}" if block.data else block.reference
    name = block.title if isinstance(block, Document) else "image"
    mime = block.media_type or "application/octet-stream"
    return {"type": "file", "mime": mime, "filename": name, "url": data}
