"""harn's event for a message: its blocks, its text on one line, who may see it.

Rules of ``agent_sessions.rs`` (harn 0.7.20): the kind is ``tool_result`` for that role, else
``message``; a block that is public makes the event public, else one that is internal makes it
internal, else the role decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_SAYS = ("text", "output_text", "reasoning")
_LABELS = ("name", "title", "path", "asset_id")


def event_of(message: dict[str, Any], id: str) -> dict[str, Any]:
    """The event of a message; ``id`` stays the same here, harn makes another at each rebuild."""
    role = message.get("role")
    role = role if isinstance(role, str) else "user"
    default = "internal" if role == "tool_result" else "public"
    blocks = [_block(block, default) for block in _blocks(message.get("content"))]
    return {
        "id": id,
        "kind": "tool_result" if role == "tool_result" else "message",
        "role": role,
        "visibility": _visibility(blocks, default),
        "text": " ".join(filter(None, map(_text, blocks))),
        "blocks": blocks,
    }


def _blocks(content: JSON) -> list[JSON]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if isinstance(content, list):
        return content
    return [content] if isinstance(content, dict) else []


def _block(block: JSON, default: str) -> dict[str, Any]:
    given = block if isinstance(block, dict) else {"text": str(block)}
    return {"type": "text", "visibility": default, **given}


def _visibility(blocks: list[dict[str, Any]], default: str) -> str:
    seen = {block.get("visibility") for block in blocks}
    return "public" if "public" in seen else "internal" if "internal" in seen else default


def _text(block: dict[str, Any]) -> str:
    kind = str(block.get("type"))
    if kind in _SAYS:
        return str(block.get("text") or block.get("content") or "")
    if kind in ("tool_call", "tool_result"):
        return f"<{kind}:{block.get('name') or ''}>"
    if kind in ("image", "file"):
        label = next((block[key] for key in _LABELS if block.get(key)), "")
        return f"<{kind}:{label}>"
    return f"<other-{kind}>"
