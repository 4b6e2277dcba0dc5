"""The content of chat messages: text, or parts such as pictures and files; to blocks, and back.

``{"type": "text", "text"}``, ``{"type": "image_url", "image_url": {"url"}}``, ``{"type":
"input_audio"}``, ``{"type": "file", "file": {"filename", "file_data" or "file_id"}}``. Data URLs
become data; any other address is kept and never fetched.
"""

from __future__ import annotations

import base64
import re
from typing import Any

import orjson

from scrubber.core.content import JSON, Block, Data, Document, Image, Text
from scrubber.formats.anthropic_blocks import blocks_of

_OWN_PARTS = {"input_audio", "audio", "video_url", "refusal", "file", "image_url"}
_DATA_URL = re.compile(r"data:([^;,]*)(?:;[^;,]*)*;base64,", re.IGNORECASE)


def part_blocks(content: JSON) -> tuple[Block, ...]:
    """A message's content, a string or parts, as blocks."""
    if not isinstance(content, list):
        return blocks_of(content)
    return tuple(_block(part) for part in content)


def _block(part: JSON) -> Block:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "image_url":
        given = part.get("image_url")
        return image(given.get("url") if isinstance(given, dict) else given)
    if kind in ("input_text", "output_text") and isinstance(part.get("text"), str):
        return Text(part["text"])
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        return Text(part["refusal"])
    if kind == "file" and isinstance(part.get("file"), dict):
        return _document(part["file"])
    return blocks_of([part])[0]


def image(address: JSON) -> Block:
    """A picture by its data URL, or by an address that is only kept."""
    if not isinstance(address, str):
        return Data(address)
    if found := _DATA_URL.match(address):
        return Image(found[1], address[found.end() :])
    return Image("", reference=address)


def _document(file: dict[str, Any]) -> Block:
    title, given = str(file.get("filename") or "document"), file.get("file_data")
    if isinstance(given, str) and (found := _DATA_URL.match(given)):
        data = given[found.end() :]
        return Document(title, found[1], plain(data) if found[1] == "text/plain" else data)
    return Document(title, reference=str(file.get("file_id") or given or ""))


def plain(data: str) -> str:
    """A text given in base64, as it is meant; what is no base64, as it stands."""
    try:
        return base64.b64decode(data).decode()
    except ValueError:
        return data


def to_parts(blocks: tuple[Block, ...]) -> JSON:
    """Blocks as a message's content: a string if they are one text, else parts."""
    if not blocks:
        return ""
    if len(blocks) == 1 and isinstance(blocks[0], Text):
        return blocks[0].text
    return [_part(block) for block in blocks]


def _part(block: Block) -> dict[str, Any]:
    match block:
        case Text(text):
            return {"type": "text", "text": text}
        case Image():
            return {"type": "image_url", "image_url": {"url": to_url(block)}}
        case Document(title, media_type, data, reference):
            if not data:
                return {"type": "file", "file": {"filename": title, "file_id": reference}}
            if media_type == "text/plain":
                data = base64.b64encode(data.encode()).decode()
            url = f"data:{media_type};base64,{data}"
            return {"type": "file", "file": {"filename": title, "file_data": url}}
        case Data(value):
            if isinstance(value, dict) and str(value.get("type")) in _OWN_PARTS:
                return value
            text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
            return {"type": "text", "text": text}


def to_url(picture: Image) -> str:
    """A picture's data as a URL, or its address."""
    if picture.data:
        return f"data:{picture.media_type};base64,{picture.data}"
    return picture.reference
