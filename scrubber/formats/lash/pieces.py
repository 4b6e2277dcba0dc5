"""What a row of a lash session holds.

A node is ``{"node_id", "parent_node_id", "agent_frame_id", "timestamp", "caused_by", "kind":
"event"|"plugin"}`` with an ``event``, ``{"Conversation": message}`` or ``{"Protocol": …}``, or a
``plugin_type`` and its ``body``. A message has a role and parts; each part has been left as it
was, or pruned, which ``prune_state`` tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind, Role
from scrubber.formats.lash import rows
from scrubber.formats.lash.parts import part_pieces
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.content import JSON

Row = dict[str, Any]

_ROLES = {"User": Role.USER, "Assistant": Role.ASSISTANT, "System": Role.SYSTEM, "Event": Role.USER}
INITIAL = "initial"


def pieces_of(record: Row) -> list[Piece]:
    """The pieces of a row; none of what only leads to others."""
    row, table = record.get("row"), record.get("table")
    if not isinstance(row, dict):
        return [_unknown(record)]
    return list(_TABLES.get(str(table), _other)(row))


def _unknown(value: JSON) -> Piece:
    return Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(value),)))


def _other(row: Row) -> Iterator[Piece]:
    yield _unknown(row)


def _meta(row: Row) -> Iterator[Piece]:
    text = text_or_none(row.get("session_name")) or str(row.get("session_id"))
    yield Piece(Kind.SESSION_START, Role.NONE, HIDDEN, Content((Text(text),), detail=row))


def _head(row: Row) -> Iterator[Piece]:
    head = row.get("head_json")
    told = head.get("head_revision") if isinstance(head, dict) else None
    text = f"head, revision {row.get('head_revision', told)}"
    yield Piece(Kind.STATE, Role.NONE, HIDDEN, Content((Text(text),), detail=row))


def _leaf(row: Row) -> Iterator[Piece]:
    leaf = row.get("node_id")
    text = f"the session goes on from here: {leaf}" if leaf else "the session goes on from nothing"
    yield Piece(Kind.LABEL, Role.NONE, SHOWN, Content((Text(text),)))


def _usage(row: Row) -> Iterator[Piece]:
    name = text_or_none(row.get("model"))
    yield Piece(Kind.USAGE, Role.NONE, HIDDEN, Content(detail=row), name=name)


def _waiting(row: Row) -> Iterator[Piece]:
    """An input or a piece of work that waits for its turn."""
    given = row.get("input_json")
    items = given.get("items") if isinstance(given, dict) else None
    texts = [
        Text(item["text"])
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("text"), str)
    ]
    state = str(row.get("state") or row.get("delivery_policy") or "queued")
    content = Content(tuple(texts) or (Text(state),), detail=row)
    yield Piece(Kind.QUEUE, Role.NONE, SHOWN, content, name=state)


def _node(row: Row) -> Iterator[Piece]:
    frame, node = row.get("frame"), row.get("node")
    if isinstance(frame, dict):
        yield _frame(frame)
    if not isinstance(node, dict):
        yield _unknown(row)
        return
    event = node.get("event")
    said = event.get("Conversation") if isinstance(event, dict) else None
    if node.get("kind") == "plugin":
        name = text_or_none(node.get("plugin_type"))
        yield Piece(Kind.STATE, Role.NONE, HIDDEN, Content((Data(node.get("body")),)), name=name)
    elif isinstance(said, dict):
        yield from _message(said, node, isinstance(frame, dict) and not _is_initial(frame))
    elif isinstance(event, dict) and isinstance(event.get("Protocol"), dict):
        told = event["Protocol"]
        content = Content((Data(told.get("payload")),), detail=_around(node))
        name = text_or_none(told.get("plugin_id"))
        yield Piece(Kind.STATE, Role.NONE, HIDDEN, content, name=name)
    else:
        yield _unknown(node)


def _is_initial(frame: Row) -> bool:
    """Whether it is the frame that a session begins with; of one without a record the id tells."""
    reason = text_or_none(frame.get("reason"))
    return reason == INITIAL or (reason is None and str(frame.get("frame_id")).endswith(INITIAL))


def _frame(frame: Row) -> Piece:
    reason = text_or_none(frame.get("reason"))
    content = Content((Text(f"frame: {reason or frame.get('frame_id')}"),), detail=frame)
    return Piece(Kind.SPAN_BEGIN, Role.NONE, SHOWN, content, name=reason)


def _around(node: Row) -> Row | None:
    """What caused a node, and what it is told beside."""
    found = {key: node[key] for key in ("caused_by", "agent_frame_id") if node.get(key)}
    return found or None


def _message(said: Row, node: Row, opens_frame: bool) -> Iterator[Piece]:
    """The parts of a message. The first that a new frame begins with stands for what was before."""
    role = _ROLES.get(str(said.get("role")))
    parts = said.get("parts")
    if role is None or not isinstance(parts, list):
        yield _unknown(said)
        return
    origin = said.get("origin") if isinstance(said.get("origin"), dict) else None
    beside = {**(_around(node) or {}), **({"origin": origin} if origin else {})}
    found = list(part_pieces(parts, role)) or [Piece(Kind.MESSAGE, role, SEEN, Content())]
    for number, piece in enumerate(found):
        kind, seen = piece.kind, piece.visibility
        if kind is Kind.MESSAGE and said.get("role") == "Event":
            kind = Kind.CONTEXT
        if not number and opens_frame and kind in (Kind.MESSAGE, Kind.CONTEXT):
            kind = Kind.COMPACTION
        if origin and origin.get("transient") is True:
            seen = HIDDEN
        told = _beside(piece.block, beside)
        name = piece.name or (text_or_none(origin.get("plugin_id")) if origin else None)
        yield piece._replace(kind=kind, visibility=seen, block=told, name=name)


def _beside(content: Content, beside: Row) -> Content:
    detail = content.detail if isinstance(content.detail, dict) else {}
    return replace(content, detail={**detail, **beside} or None)


_TABLES: dict[str, Callable[[Row], Iterator[Piece]]] = {
    rows.META: _meta,
    rows.HEAD: _head,
    rows.NODES: _node,
    rows.LEAF: _leaf,
    rows.USAGE: _usage,
    rows.INPUTS: _waiting,
    rows.WORK: _waiting,
}
