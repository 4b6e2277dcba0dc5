"""What a message of ChatGPT holds: its events without their place in the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.exports.conversation import Told, dict_of, list_of, millis, text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from scrubber.core.content import JSON, Block

Message = dict[str, Any]

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.TOOL, "system": Role.SYSTEM}
_TEXTS = ("text", "result", "output_str", "content", "snippet", "model_set_context", "summary")
"""Fields of contents that hold what is said, the best first."""


def told_of(message: Message, call_id: str | None, group: str | None) -> list[Told]:
    """The events of a message. ``call_id`` is that of the call it makes, or that it answers."""
    piece, content = _told(message, call_id)
    detail = dict_of(message.get("metadata")) or None
    files = _attachments(message)
    content = Content((*content.blocks, *files), content.arguments, detail=content.detail or detail)
    if piece.visibility is SEEN and not is_seen(message, content):
        piece = piece._replace(visibility=HIDDEN, call_id=None)
    return [Told(piece, content, millis(message.get("create_time")), group)]


def is_call(message: Message) -> bool:
    """Whether the model speaks to a tool."""
    recipient = message.get("recipient")
    return role_of(message) is Role.ASSISTANT and recipient not in (None, "", "all")


def role_of(message: Message) -> Role:
    """Whose message it is."""
    return _ROLES.get(str(dict_of(message.get("author")).get("role")), Role.NONE)


def is_seen(message: Message, content: Content) -> bool:
    """Whether a model sees it: a weight of nothing says no, and so does the lack of any word."""
    has_weight = message.get("weight") not in (0, 0.0)
    return has_weight and bool(content.blocks or content.arguments is not None)


def _told(message: Message, call_id: str | None) -> tuple[Piece, Content]:
    role, content = role_of(message), dict_of(message.get("content"))
    kind = str(content.get("content_type"))
    if kind == "thoughts":
        return Piece(Kind.REASONING, Role.ASSISTANT, SEEN, None), Content(_thoughts(content))
    if kind == "reasoning_recap":
        return Piece(Kind.NOTICE, Role.NONE, SHOWN, None), Content(_texts(content))
    if kind == "system_error" and role is not Role.TOOL:
        return Piece(Kind.ERROR, Role.NONE, SHOWN, None, Mark.ERROR), Content(_texts(content))
    if kind == "user_editable_context":
        return Piece(Kind.CONTEXT, Role.USER, SEEN, None, name=kind), Content(_profile(content))
    if kind == "model_editable_context":
        return Piece(Kind.CONTEXT, Role.SYSTEM, SEEN, None, name=kind), Content(_texts(content))
    if is_call(message):
        name = text_or_none(message.get("recipient"))
        piece = Piece(Kind.TOOL_CALL, role, SEEN, None, name=name, call_id=call_id)
        return piece, Content(arguments=_arguments(content))
    return _said(role, kind, message, call_id)


def _said(role: Role, kind: str, message: Message, call_id: str | None) -> tuple[Piece, Content]:
    content = dict_of(message.get("content"))
    said = Content(_blocks(content))
    if role is Role.TOOL:
        name = text_or_none(dict_of(message.get("author")).get("name"))
        marks = Mark.ERROR if kind == "system_error" else Mark.NONE
        return Piece(Kind.TOOL_RESULT, role, SEEN, None, marks, name, call_id), said
    if role is Role.NONE:
        return Piece(Kind.UNKNOWN, role, SHOWN, None), Content((Data(message),))
    event = Kind.CONTEXT if role is Role.SYSTEM else Kind.MESSAGE
    return Piece(event, role, SEEN, None), said


def _thoughts(content: dict[str, JSON]) -> tuple[Block, ...]:
    found: list[Block] = []
    for thought in map(dict_of, list_of(content.get("thoughts"))):
        words = [text_or_none(thought.get(key)) for key in ("summary", "content")]
        found += [Text("\n".join(filter(None, words)))] if any(words) else []
    return tuple(found) or _texts(content)


def _profile(content: dict[str, JSON]) -> tuple[Block, ...]:
    """What a person told of themselves, and how they want to be answered."""
    keys = ("user_profile", "user_instructions")
    found = [Text(words) for key in keys if (words := text_or_none(content.get(key)))]
    return (*found,) or _texts(content)


def _arguments(content: dict[str, JSON]) -> JSON:
    """What a tool is told: an object where the text is one."""
    words = "\n".join(block.text for block in _blocks(content) if isinstance(block, Text))
    try:
        value = orjson.loads(words)
    except orjson.JSONDecodeError:
        return words
    return value if isinstance(value, dict) else words


def _blocks(content: dict[str, JSON]) -> tuple[Block, ...]:
    parts = content.get("parts")
    found = [block for part in list_of(parts) if (block := _part(part)) is not None]
    if screenshot := dict_of(content.get("screenshot")):
        found += [block for block in [_part(screenshot)] if block is not None]
    for asset in list_of(content.get("assets")):
        found += [block for block in [_part(asset)] if block is not None]
    return (*found,) if found else _texts(content)


def _texts(content: dict[str, JSON]) -> tuple[Block, ...]:
    """The words of a content that has no parts; all of it where there are none."""
    for key in _TEXTS:
        if words := text_or_none(content.get(key)):
            title = text_or_none(content.get("title") or content.get("url"))
            return (Text(f"{title}\n{words}" if title else words),)
    rest = {key: value for key, value in content.items() if value not in (None, "", [], {})}
    rest.pop("content_type", None)
    rest.pop("language", None)
    return (Data(content),) if rest else ()


def _part(part: JSON) -> Block | None:
    """A part of a message: words, a picture, a recording; pictures are only named in an export."""
    if isinstance(part, str):
        return Text(part) if part else None
    pointer = text_or_none(dict_of(part).get("asset_pointer"))
    kind = str(dict_of(part).get("content_type"))
    if pointer and "audio" not in kind and "video" not in kind:
        return Image("image/png", reference=pointer)
    if words := text_or_none(dict_of(part).get("text")):
        return Text(words)
    if pointer:
        return Document(kind, f"audio/{dict_of(part).get('format') or 'wav'}", reference=pointer)
    return Data(part) if part else None


def _attachments(message: Message) -> list[Block]:
    """Files that a person handed over; pictures among them are parts of the message."""
    found: list[Block] = []
    for file in map(dict_of, list_of(dict_of(message.get("metadata")).get("attachments"))):
        media = str(file.get("mime_type") or file.get("mimeType") or "")
        if not media.startswith("image/"):
            name, reference = str(file.get("name") or "file"), str(file.get("id") or "")
            found.append(Document(name, media, reference=reference))
    return found
