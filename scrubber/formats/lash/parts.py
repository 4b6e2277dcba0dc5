"""The parts of a message of lash: what was said, called, returned; whole, or pruned since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Block, Content, Data, Image, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.openai_messages import parse_arguments, text_or_none
from scrubber.formats.pieces import SEEN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Row = dict[str, Any]


def part_pieces(parts: list[JSON], role: Role) -> Iterator[Piece]:
    """A part each of what the model said; else one for what stands between calls and results."""
    blocks: list[Block] = []
    marks, pruned = Mark.NONE, list[Row]()
    for part in [*parts, None]:
        own = _own_part(part, role) if isinstance(part, dict) else None
        ends = part is None or own is not None or role is Role.ASSISTANT
        if blocks and ends:
            detail = {"pruned": pruned} if pruned else None
            yield Piece(Kind.MESSAGE, role, SEEN, Content(tuple(blocks), detail=detail), marks)
            blocks, marks, pruned = [], Mark.NONE, []
        if own is not None:
            yield own
        elif part is not None:
            block, mark = _block(part)
            blocks.append(block)
            marks |= mark
            pruned += [part] if mark & Mark.TRUNCATED else []


def _own_part(part: Row, role: Role) -> Piece | None:
    """A call, a result, or reasoning."""
    kind = part.get("kind")
    name, call = text_or_none(part.get("tool_name")), text_or_none(part.get("tool_call_id"))
    block, mark = _block(part)
    beside = {key: part[key] for key in part if key not in ("id", "kind", "content", "tool_name")}
    detail = (beside | {"content": part.get("content")}) if mark & Mark.TRUNCATED else beside
    if kind == "ToolCall":
        given = Content(arguments=parse_arguments(part.get("content")), detail=detail)
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, given, mark, name, call)
    if kind == "ToolResult":
        content = Content((block,), detail=detail)
        return Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, content, mark, name, call)
    if kind == "Reasoning":
        meta = part.get("reasoning_meta")
        seal = text_or_none(meta.get("signature")) if isinstance(meta, dict) else None
        marks = mark | (Mark.SEALED if seal else Mark.NONE)
        content = Content((block,), signature=seal, detail=detail)
        return Piece(Kind.REASONING, Role.ASSISTANT, SEEN, content, marks)
    if kind in ("Output", "Error") and role is Role.ASSISTANT:
        failed = Mark.ERROR if kind == "Error" else Mark.NONE
        content = Content((block,), detail=detail)
        return Piece(Kind.CONTEXT, Role.USER, SEEN, content, mark | failed, str(kind).lower())
    return None


def _block(part: JSON) -> tuple[Block, Mark]:
    """What a part says to the model now, and whether that is less than it was."""
    if not isinstance(part, dict):
        return Data(part), Mark.NONE
    state = part.get("prune_state")
    if state == "Cleared":
        return Text("[cleared]"), Mark.TRUNCATED
    if isinstance(state, dict):
        for key, told in (("Deleted", "breadcrumb"), ("Summarized", "summary")):
            if isinstance(state.get(key), dict):
                return Text(str(state[key].get(told) or f"[{key.lower()}]")), Mark.TRUNCATED
    content = part.get("content")
    if part.get("kind") == "Image":
        given = part.get("attachment")
        name = given.get("id") or given.get("attachment_id") if isinstance(given, dict) else given
        return Image("", reference=str(name or content or "")), Mark.IMAGE
    is_text = isinstance(content, str)
    return (
        Text(str(content)) if is_text else Data(content if "content" in part else part)
    ), Mark.NONE
