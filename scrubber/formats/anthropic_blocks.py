"""Content blocks in the shape of the Anthropic API: to content, and back.

Claude Code's records, Anthropic message files and several other agents' transcripts share it.
"""

from __future__ import annotations

from typing import Any

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text


def block_content(block: JSON, detail: JSON = None) -> Content:
    """The content of one block: text, reasoning, a call, or a result."""
    if not isinstance(block, dict):
        return Content(blocks_of(block), detail=detail)
    kind = block.get("type")
    if kind == "thinking":
        seal = block.get("signature")
        return Content(_text(block.get("thinking")), signature=seal if seal else None)
    if kind == "redacted_thinking":
        return Content((), signature=str(block.get("data", "")))
    if kind in ("tool_use", "server_tool_use"):
        return Content((), arguments=block.get("input"))
    if isinstance(kind, str) and kind.endswith("tool_result"):
        return Content(blocks_of(block.get("content")), detail=detail)
    return Content(blocks_of([block]), detail=detail)


def blocks_of(content: JSON) -> tuple[Block, ...]:
    """A message's content, a string or a list of blocks, as blocks."""
    if content is None:
        return ()
    if isinstance(content, str):
        return _text(content)
    if isinstance(content, list):
        return tuple([_block(item) for item in content])
    return (Data(content),)


def _text(value: Any) -> tuple[Block, ...]:
    return (Text(value),) if isinstance(value, str) and value else ()


def _block(item: JSON) -> Block:
    if isinstance(item, str):
        return Text(item)
    kind = item.get("type") if isinstance(item, dict) else None
    if kind == "text" and isinstance(item.get("text"), str):
        return Text(item["text"])
    if kind == "image" and isinstance(item.get("source"), dict):
        source = item["source"]
        return Image(
            str(source.get("media_type", "")),
            str(source.get("data", "")),
            str(source.get("url") or source.get("file_id") or ""),
        )
    if kind == "document" and isinstance(item.get("source"), dict):
        source = item["source"]
        return Document(
            str(item.get("title") or "document"),
            str(source.get("media_type", "")),
            str(source.get("data", "")),
            str(source.get("url") or source.get("file_id") or ""),
        )
    return Data(item)


def to_block(block: Block) -> dict[str, Any]:
    """A block in the shape of the API."""
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case Image(media_type, data, reference):
            return {"type": "image", "source": _source(media_type, data, reference)}
        case Document(title, media_type, data, reference):
            return {
                "type": "document",
                "title": title,
                "source": _source(media_type, data, reference),
            }
        case Data(value):
            if isinstance(value, dict) and isinstance(value.get("type"), str):
                return value
            return {"type": "text", "text": _json_text(value)}


def _source(media_type: str, data: str, reference: str) -> dict[str, str]:
    if data:
        shape = "text" if media_type == "text/plain" else "base64"
        return {"type": shape, "media_type": media_type, "data": data}
    return {"type": "url", "url": reference}


def _json_text(value: JSON) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
