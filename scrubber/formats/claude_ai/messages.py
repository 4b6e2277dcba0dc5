"""What a message of Claude.ai holds: a list of blocks; in older exports only a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.exports.conversation import Told, dict_of, list_of, millis, text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON, Block

Message = dict[str, Any]

_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
_PICTURES |= {"webp": "image/webp"}
_BESIDE = ("text", "citations", "type", "start_timestamp", "stop_timestamp", "flags")


def told_of(message: Message, name: str) -> list[Told]:
    """The events of a message; ``name`` is the message's own, for calls that have no id."""
    ts = millis(message.get("created_at"))
    blocks = [dict_of(block) for block in list_of(message.get("content"))]
    text = text_or_none(message.get("text"))
    if not blocks or (text and not _has_words(blocks)):
        blocks = [{"type": "text", "text": text or ""}]
    if message.get("sender") == "assistant":
        return _answer(blocks, name, ts, _marks(message))
    role = Role.USER if message.get("sender") in ("human", "user") else Role.NONE
    return _asked(message, blocks, ts, role)


def _has_words(blocks: list[Message]) -> bool:
    return any(block.get("type") != "text" or block.get("text") for block in blocks)


def _marks(message: Message) -> Mark:
    return Mark.TRUNCATED if message.get("truncated") is True else Mark.NONE


def _asked(message: Message, blocks: list[Message], ts: int | None, role: Role) -> list[Told]:
    """What a person said, with the files that they handed over, as one event."""
    said: list[Block] = [block for found in blocks for block in _plain(found)]
    content = Content((*said, *_files(message)))
    kind = Kind.MESSAGE if role is Role.USER else Kind.UNKNOWN
    seen = SEEN if role is Role.USER else SHOWN
    return [Told(Piece(kind, role, seen, None, _marks(message)), content, ts)]


def _plain(block: Message) -> list[Block]:
    if block.get("type") == "text":
        return [Text(words)] if (words := text_or_none(block.get("text"))) else []
    return [Data(block)] if block else []


def _files(message: Message) -> Iterator[Block]:
    """Attachments, whose text the model was given, and files, which an export only names."""
    for file in map(dict_of, list_of(message.get("attachments"))):
        name = text_or_none(file.get("file_name")) or "attachment"
        yield Document(name, "text/plain", text_or_none(file.get("extracted_content")) or "")
    for file in map(dict_of, list_of(message.get("files") or message.get("files_v2"))):
        name = text_or_none(file.get("file_name")) or "file"
        reference = text_or_none(file.get("file_uuid")) or text_or_none(file.get("uuid")) or name
        media = _PICTURES.get(name.rsplit(".", 1)[-1].lower())
        if media is not None:
            yield Image(media, reference=reference)
        else:
            yield Document(name, reference=reference)


def _answer(blocks: list[Message], name: str, ts: int | None, marks: Mark) -> list[Told]:
    """What the model said, block by block; calls without an id are answered in their order."""
    found, waiting = [], list[str]()
    for number, block in enumerate(blocks):
        call = text_or_none(block.get("id") or block.get("tool_use_id"))
        if block.get("type") == "tool_use":
            call = call or f"{name}:{number}"
            waiting.append(call)
        elif block.get("type") == "tool_result":
            call = text_or_none(block.get("tool_use_id")) or next(iter(waiting), None)
            waiting = [one for one in waiting if one != call]
        piece, content = _block(block, call)
        piece = piece._replace(marks=piece.marks | marks)
        found.append(Told(piece, content, millis(block.get("start_timestamp")) or ts, name))
    return found


def _block(block: Message, call: str | None) -> tuple[Piece, Content]:
    kind, name = block.get("type"), text_or_none(block.get("name"))
    if kind == "text":
        return Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, None), _text(block)
    if kind == "thinking":
        return Piece(Kind.REASONING, Role.ASSISTANT, SEEN, None), _thinking(block)
    if kind == "tool_use":
        piece = Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, None, name=name, call_id=call)
        return piece, Content(arguments=block.get("input"), detail=_rest(block, "input"))
    if kind == "tool_result":
        marks = Mark.ERROR if block.get("is_error") is True else Mark.NONE
        piece = Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, None, marks, name, call)
        return piece, Content(_result(block.get("content")), detail=_rest(block, "content"))
    if kind in ("token_budget", "flag"):
        return Piece(Kind.STATE, Role.NONE, HIDDEN, None, name=kind), Content((Data(block),))
    return Piece(Kind.UNKNOWN, Role.NONE, SHOWN, None), Content((Data(block),))


def _text(block: Message) -> Content:
    words, citations = block.get("text"), list_of(block.get("citations"))
    said = (Text(words),) if isinstance(words, str) else (Data(block),)
    return Content(said, detail={"citations": citations} if citations else None)


def _thinking(block: Message) -> Content:
    words = text_or_none(block.get("thinking"))
    seal = text_or_none(block.get("signature"))
    return Content((Text(words),) if words else (), signature=seal, detail=block.get("summaries"))


def _result(content: JSON) -> tuple[Block, ...]:
    if isinstance(content, str):
        return (Text(content),)
    blocks = [dict_of(block) or {"value": block} for block in list_of(content)]
    return tuple(_returned(block) for block in blocks)


def _returned(block: Message) -> Block:
    words, title = text_or_none(block.get("text")), text_or_none(block.get("title"))
    if words and block.get("type") in ("text", "knowledge"):
        return Text(f"{title}\n{words}" if title else words)
    return Data(block)


def _rest(block: Message, said: str) -> JSON:
    """What else a block holds, for people."""
    kept = {k: v for k, v in block.items() if k not in (*_BESIDE, said) and v not in (None, [], {})}
    return kept or None
