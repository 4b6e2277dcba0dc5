"""The whole content of an entry's events, in the words that pi gives to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core import kinds
from scrubber.core.content import Content, Data, Image, Text, text_content
from scrubber.core.events import Visibility
from scrubber.formats.pi.pieces import SUMMARY, pieces_of
from scrubber.formats.pi.records import Record, text_or_none

if TYPE_CHECKING:
    from scrubber.core.content import Block
    from scrubber.formats.pieces import Piece

COMPACTED = (
    "The conversation history before this point was compacted into the following summary:\n\n"
    "<summary>\n",
    "\n</summary>",
)
CAME_BACK = (
    "The following is a summary of a branch that this conversation came back from:\n\n<summary>\n",
    "</summary>",
)
"""What pi says in front of a summary and behind it, word for word."""


def content_of(record: Record, part: int) -> Content:
    """The content of one event of an entry; the whole entry where it has no such part."""
    pieces = pieces_of(record)
    return piece_content(pieces[part]) if 0 <= part < len(pieces) else Content((Data(record),))


def piece_content(piece: Piece) -> Content:
    """The content of a piece."""
    block = piece.block
    match piece.kind:
        case kinds.REASONING:
            words, seal = block.get("thinking"), block.get("thinkingSignature")
            return Content(_texts(words), signature=text_or_none(seal))
        case kinds.TOOL_CALL:
            seal = text_or_none(block.get("thoughtSignature"))
            return Content(arguments=block.get("arguments"), signature=seal)
        case kinds.TOOL_RESULT:
            return Content(blocks_of(block.get("content")), detail=block.get("details"))
        case kinds.COMMAND:
            return Content((Text(_ran(block)),), detail=block)
        case kinds.ERROR:
            words = text_or_none(block.get("errorMessage")) or f"{block.get('stopReason')}"
            return text_content(words)
        case kinds.BRANCH_SUMMARY:
            return _summary(block, CAME_BACK)
        case kinds.TITLE | kinds.LABEL:
            words = block.get("name") if piece.kind is kinds.TITLE else block.get("label")
            return Content(_texts(words), detail=block)
    return _other(piece)


def _other(piece: Piece) -> Content:
    if piece.kind is kinds.COMPACTION and piece.visibility is Visibility.UI_ONLY:
        before = piece.block.get("tokensBefore")
        words = f"compacted from {before:,} tokens" if isinstance(before, int) else "compacted"
        rest = {k: v for k, v in piece.block.items() if k not in ("summary", "systemMessage")}
        return Content((Text(words),), detail=rest)
    if piece.role is kinds.SYSTEM:
        return Content(_prompt(piece.block))
    if piece.role is kinds.USER and _is_summary(piece.block):
        return _summary(piece.block, COMPACTED)
    if piece.kind is kinds.MESSAGE and piece.role is kinds.ASSISTANT:
        return Content(blocks_of([piece.block]))
    if piece.kind is kinds.MESSAGE or piece.role is kinds.USER:
        return Content(blocks_of(piece.block.get("content")), detail=piece.block.get("details"))
    return Content((Data(piece.block),))


def _is_summary(block: Record) -> bool:
    return block.get("type") == "compaction" or block.get("role") == SUMMARY


def summary_of(content: Content) -> str:
    """A summary without the words around it."""
    text = content.text
    for before, after in (COMPACTED, CAME_BACK):
        if text.startswith(before):
            return text.removeprefix(before).removesuffix(after)
    return text


def _summary(block: Record, around: tuple[str, str]) -> Content:
    summary = block.get("summary")
    words = summary if isinstance(summary, str) else ""
    return Content((Text(f"{around[0]}{words}{around[1]}"),), detail=block.get("details"))


def _prompt(message: Record) -> tuple[Block, ...]:
    """The parts of a system prompt; of one that is only changed, what is new or gone."""
    found = [block for block in blocks_of(message.get("content")) if block != Text("")]
    sections = message.get("sections")
    for name, words in sections.items() if isinstance(sections, dict) else ():
        if words is None:
            found.append(Text(f'Removed system prompt section "{name}".'))
        else:
            found += _texts(words)
    return tuple(found)


def _ran(message: Record) -> str:
    """What pi tells a model of a command that the person ran."""
    output, code = message.get("output"), message.get("exitCode")
    text = f"Ran `{message.get('command')}`\n"
    text += f"```\n{output}\n```" if output else "(no output)"
    if message.get("cancelled"):
        text += "\n\n(command cancelled)"
    elif code not in (None, 0):
        text += f"\n\nCommand exited with code {code}"
    if message.get("truncated") and message.get("fullOutputPath"):
        text += f"\n\n[Output truncated. Full output: {message['fullOutputPath']}]"
    return text


def blocks_of(content: Any) -> tuple[Block, ...]:
    """The blocks of a message: a text, or a list of texts and pictures."""
    if not isinstance(content, list):
        return _texts(content)
    return tuple([_block(block) for block in content])


def _texts(words: Any) -> tuple[Block, ...]:
    if words is None:
        return ()
    return (Text(words),) if isinstance(words, str) else (Data(words),)


def _block(block: Any) -> Block:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind == "text" and isinstance(block.get("text"), str):
        return Text(block["text"])
    if kind == "image" and isinstance(block.get("data"), str):
        return Image(str(block.get("mimeType") or "image/png"), block["data"])
    return Data(block)
