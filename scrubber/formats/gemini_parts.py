"""Parts in the shape of the Gemini API: to content, and back.

``{"text"}``, ``{"text", "thought": true}``, ``{"inlineData": {"mimeType", "data"}}``,
``{"fileData": {"mimeType", "fileUri"}}``, ``{"functionCall": {"id", "name", "args"}}``,
``{"functionResponse": {"id", "name", "response"}}``; any of them may have a ``thoughtSignature``.
Gemini CLI and its descendants keep them in their sessions.
"""

from __future__ import annotations

import base64
from typing import Any

import orjson

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text
from scrubber.formats.openai_parts import plain

Part = dict[str, Any]

_PARTS = {"executableCode", "codeExecutionResult", "videoMetadata", "toolCall", "toolResponse"}
"""Parts that are kept as they are."""
_OUTPUTS = ("output", "error")
"""What a response is wrapped in that is only text: that of a tool that worked, or failed."""


def parts_of(content: JSON) -> list[Part]:
    """A message's content as parts: a string, one part, or a list of both."""
    if content is None or content == "":
        return []
    items = content if isinstance(content, list) else [content]
    return [item if isinstance(item, dict) else {"text": str(item)} for item in items]


def blocks_of_parts(parts: list[Part]) -> tuple[Block, ...]:
    """What parts say or show; blank texts say nothing."""
    return tuple(_block(part) for part in parts if part.get("text") != "")


def _block(part: Part) -> Block:
    if isinstance(part.get("text"), str):
        return Text(part["text"])
    for key, place in (("inlineData", "data"), ("fileData", "fileUri")):
        given = part.get(key)
        if isinstance(given, dict):
            return _file(given, str(given.get(place) or ""), key == "inlineData")
    return Data(part)


def _file(given: dict[str, Any], where: str, is_data: bool) -> Block:
    media, name = str(given.get("mimeType") or ""), str(given.get("displayName") or "file")
    data, reference = (where, "") if is_data else ("", where)
    if media.startswith("image/"):
        return Image(media, data, reference)
    return Document(name, media, plain(data) if media == "text/plain" else data, reference)


def call_content(call: dict[str, Any], seal: JSON = None) -> Content:
    """The arguments of a ``functionCall``, or of a call as the client records it."""
    arguments: JSON = call.get("args")
    return Content(
        arguments={} if arguments is None else arguments,
        signature=seal if isinstance(seal, str) and seal else None,
    )


def response_content(parts: list[Part], detail: JSON = None) -> Content:
    """What a tool gave back: ``functionResponse`` parts, and the files that came with them."""
    blocks: list[Block] = []
    for part in parts:
        response = part.get("functionResponse")
        if not isinstance(response, dict):
            blocks += blocks_of_parts([part])
            continue
        blocks += _said(response.get("response"))
        blocks += blocks_of_parts(parts_of(response.get("parts")))
    return Content(tuple(blocks), detail=detail)


def _said(response: JSON) -> list[Block]:
    if isinstance(response, dict) and len(response) == 1:
        ((key, value),) = response.items()
        response = value if key in _OUTPUTS and isinstance(value, str) else response
    if isinstance(response, str):
        return [Text(response)] if response else []
    return [Data(response)] if response not in (None, {}) else []


def is_failure(parts: list[Part]) -> bool:
    """Whether a tool's response says that it failed."""
    responses = [part.get("functionResponse") for part in parts]
    given = [r.get("response") for r in responses if isinstance(r, dict)]
    return any(isinstance(r, dict) and set(r) == {"error"} for r in given)


def to_part(block: Block) -> Part:
    """A block in the shape of the API."""
    match block:
        case Text(text):
            return {"text": text}
        case Image(media_type, data, reference):
            return _to_file(media_type, data, reference)
        case Document(_, media_type, data, reference):
            return _to_file(media_type, data, reference)
        case Data(value):
            is_part = isinstance(value, dict) and not _PARTS.isdisjoint(value)
            return value if is_part else {"text": _json_text(value)}


def _to_file(media_type: str, data: str, reference: str) -> Part:
    if data and media_type == "text/plain":
        data = base64.b64encode(data.encode()).decode()
    if data:
        return {"inlineData": {"mimeType": media_type, "data": data}}
    return {"fileData": {"mimeType": media_type, "fileUri": reference}}


def to_response(call_id: str, name: str, content: Content, failed: bool) -> list[Part]:
    """A tool's result as parts: the response, and behind it the files that came with it."""
    data = [block.value for block in content.blocks if isinstance(block, Data)]
    files = [to_part(b) for b in content.blocks if isinstance(b, (Image, Document))]
    response: JSON = {"error" if failed else "output": content.text}
    if len(data) == 1 and not content.text and isinstance(data[0], dict):
        response = data[0]
    elif data:
        response["output"] = "\n".join([content.text, *map(_json_text, data)]).strip()
    given = {"id": call_id, "name": name, "response": response}
    return [{"functionResponse": given}, *files]


def _json_text(value: JSON) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
