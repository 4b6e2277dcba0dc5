"""A session database of lash as lines of JSON: who it is, where its head is, then its nodes.

Nodes come in the order in which they were written, so that a parent stands in front of what
follows it. A node whose agent frame is another than its parent's has the frame's record beside it.
What was put away (tombstoned) is left out, as lash itself leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.parsing import loads
from scrubber.formats.sqlite_rows import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

META, HEAD, NODES = "session_meta", "session_head", "graph_nodes"
USAGE, INPUTS, WORK, LEAF = "usage_deltas", "pending_turn_inputs", "queued_work_batches", "leaf"
TELLING = frozenset({HEAD, NODES})


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    head = next(_rows(database, HEAD, "singleton"), {})
    state = parsed(head.get("head_json"))
    head["head_json"] = state if state is not None else head.get("head_json")
    known: Row = state if isinstance(state, dict) else {}
    for row in _rows(database, META, "singleton"):
        relation = parsed(row.get("relation_json"))
        yield record(META, {**row, "relation_json": relation})
    yield record(HEAD, head)
    yield from _nodes(database, _frames(known))
    yield record(LEAF, {"node_id": known.get("leaf_node_id")})
    for table, key in ((USAGE, "seq"), (INPUTS, "enqueue_seq"), (WORK, "enqueue_seq")):
        for row in _rows(database, table, key):
            yield record(table, {name: _plain(value) for name, value in row.items()})


def _rows(database: Database, table: str, key: str) -> Iterator[Row]:
    if table in database.tables:
        yield from database.rows(f"SELECT * FROM {table} ORDER BY {key}")


def _plain(value: JSON) -> JSON:
    """What a column of JSON text means; anything else as it is."""
    found = parsed(value) if isinstance(value, str) and value[:1] in ("{", "[") else None
    return value if found is None else found


def _frames(head: Row) -> dict[str, Row]:
    frames = head.get("agent_frames")
    found = [f for f in frames if isinstance(f, dict)] if isinstance(frames, list) else []
    return {str(frame.get("frame_id")): frame for frame in found}


def _nodes(database: Database, frames: dict[str, Row]) -> Iterator[bytes]:
    """The nodes that are still there; the frame stands where another one begins."""
    within: dict[str, str | None] = {}
    query = f"SELECT seq, node_id, node_json FROM {NODES} WHERE tombstoned = 0 ORDER BY seq"
    for row in database.rows(query):
        node = parsed(row["node_json"])
        if not isinstance(node, dict):
            yield record(NODES, row)
            continue
        told: Row = {"seq": row["seq"], "node_id": row["node_id"], "node": node}
        frame = node.get("agent_frame_id")
        above = node.get("parent_node_id")
        parent = within.get(str(above))
        within[str(row["node_id"])] = name = str(frame) if frame else parent
        begins = above is None or str(above) in within
        if begins and name != parent and name is not None:
            told["frame"] = frames.get(name, {"frame_id": name})
        yield record(NODES, told)


def parsed(text: JSON) -> JSON:
    """What a text means as JSON, None if it is none."""
    try:
        return loads(text.encode()) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
