"""The result of an MCP call as what a model was shown of such results by the agents of the field.

Text stays text, pictures that the models' APIs take stay pictures, and PDFs documents. What no API
takes (sound, other files, links) is told in words, and kept whole in the detail. Structured
content repeats the text, by the protocol, and so is shown only where there is nothing else.
"""

from __future__ import annotations

from typing import Any

import orjson

from scrubber.core.content import JSON, Block, Content, Document, Image, Text
from scrubber.core.events import Origin
from scrubber.live.desk import Answer

LONGEST = 400_000
"""Characters of text in one result, about 100,000 tokens; the rest is cut, and that is said."""
RUNG = "live"

_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def answer_of(result: dict[str, Any], server: str) -> Answer:
    """What a result (``CallToolResult``, as JSON) answers."""
    blocks, kept = list[Block](), list[JSON]()
    for item in result.get("content") or ():
        block = _block(item, server)
        blocks.append(block)
        if isinstance(block, Text) and item.get("type") != "text":
            kept.append(item)
    structured = result.get("structuredContent")
    if not blocks and structured is not None:
        blocks.append(Text(_json_text(structured)))
    detail = {
        "server": server,
        "structuredContent": structured,
        "content": kept or None,
        "_meta": result.get("_meta"),
    }
    detail = {key: value for key, value in detail.items() if value is not None}
    return live_answer(Content(_bounded(blocks), detail=detail), bool(result.get("isError")))


def failure(text: str, server: str) -> Answer:
    """What a call that gave no result is answered with."""
    return live_answer(Content((Text(text),), detail={"server": server}), is_error=True)


def live_answer(content: Content, is_error: bool = False) -> Answer:
    """An answer of the ``live`` rung."""
    return Answer(content, is_error, Origin.RESAMPLED, RUNG)


def _block(item: dict[str, Any], server: str) -> Block:
    kind, media_type = item.get("type"), str(item.get("mimeType") or "")
    if kind == "text":
        return Text(str(item.get("text", "")))
    if kind == "image" and media_type in _PICTURES:
        return Image(media_type, str(item.get("data", "")))
    if kind == "resource" and isinstance(item.get("resource"), dict):
        return _resource(item["resource"], server)
    if kind == "resource_link":
        words = f"[Resource link: {item.get('title') or item.get('name')}] {item.get('uri')}"
        about = item.get("description")
        return Text(f"{words} ({about})" if about else words)
    if isinstance(item.get("data"), str):
        return Text(f"[{kind} from {server}: {_told(media_type, item['data'])}]")
    return Text(_json_text(item))


def _resource(resource: dict[str, Any], server: str) -> Block:
    address, media_type = str(resource.get("uri", "")), str(resource.get("mimeType") or "")
    if isinstance(resource.get("text"), str):
        return Text(f"[Resource from {server} at {address}] {resource['text']}")
    data = str(resource.get("blob", ""))
    if media_type in _PICTURES:
        return Image(media_type, data)
    if media_type == "application/pdf":
        return Document(address, media_type, data)
    return Text(f"[Resource from {server} at {address}: {_told(media_type, data)}]")


def _told(media_type: str, data: str) -> str:
    size = len(data) * 3 // 4 - data[-2:].count("=")
    return f"{media_type or 'data'}, {size:,} bytes, not shown"


def _bounded(blocks: list[Block]) -> tuple[Block, ...]:
    left, bounded = LONGEST, list[Block]()
    for block in blocks:
        if isinstance(block, Text):
            if len(block.text) > left:
                cut = len(block.text) - left
                block = Text(f"{block.text[:left]}\n[… {cut:,} characters cut]")
            left = max(left - len(block.text), 0)
        bounded.append(block)
    return tuple(bounded)


def _json_text(value: JSON) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
