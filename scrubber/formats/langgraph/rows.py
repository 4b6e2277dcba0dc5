"""LangGraph's checkpoints as lines of JSON: each with what it adds to the one it follows.

A checkpoint holds the whole state of a graph, all messages included. Here a line tells how many
messages of its parent it keeps, the messages behind them, and the other channels that changed. Ids
of checkpoints rise with time, so what is new stands behind what was there.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from scrubber.formats.langgraph.msgpack import unpack
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

COLUMNS = frozenset(
    {"thread_id", "checkpoint_ns", "checkpoint_id", "parent_checkpoint_id", "checkpoint"}
)
_KEPT = 64
"""Checkpoints whose digests are remembered; one that is left for a fork is decoded again."""


class _State(NamedTuple):
    """Digests of a checkpoint's messages, and of its other channels."""

    messages: list[bytes]
    channels: dict[str, bytes]


class Checkpoints:
    """Makes the lines of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._states: OrderedDict[tuple[Any, ...], _State] = OrderedDict()

    def lines(self) -> Iterator[bytes]:
        """The lines, oldest first."""
        keys = self._database.rows(
            "SELECT thread_id, checkpoint_ns, checkpoint_id FROM checkpoints "
            "ORDER BY checkpoint_id, thread_id, checkpoint_ns"
        )
        for key in [tuple(row.values()) for row in keys]:
            for row in self._row(key):
                yield _line({"checkpoint": self._told(row, key)})

    def _row(self, key: tuple[Any, ...]) -> Iterator[Row]:
        return self._database.rows(
            "SELECT * FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ? "
            "AND checkpoint_id = ?",
            key,
        )

    def _told(self, row: Row, key: tuple[Any, ...]) -> Row:
        thread, space, name = key
        told: Row = {"thread": thread, "ns": space, "id": name}
        told |= {"parent": row["parent_checkpoint_id"], "metadata": _json(row.get("metadata"))}
        value, fault = decoded(row.get("type"), row["checkpoint"])
        if fault:
            return told | {"fault": fault}
        told["ts"] = value.get("ts")
        messages, channels = parts_of(value)
        state = self._remember(key, messages, channels)
        before = self._before((thread, space, row["parent_checkpoint_id"]))
        keep = _shared(before.messages, state.messages)
        changed = {
            name: channels[name]
            for name, digest in state.channels.items()
            if before.channels.get(name) != digest
        }
        told |= {"had": len(before.messages), "keep": keep, "messages": messages[keep:]}
        return told | {"channels": changed}

    def _before(self, key: tuple[Any, ...]) -> _State:
        """The digests of a parent; empty where there is none."""
        if key in self._states:
            self._states.move_to_end(key)
            return self._states[key]
        for row in self._row(key) if key[2] is not None else ():
            value, fault = decoded(row.get("type"), row["checkpoint"])
            if not fault:
                return self._remember(key, *parts_of(value))
        return _State([], {})

    def _remember(self, key: tuple[Any, ...], messages: list[JSON], channels: Row) -> _State:
        state = _State(
            [_digest(message) for message in messages],
            {name: _digest(value) for name, value in channels.items()},
        )
        self._states[key] = state
        while len(self._states) > _KEPT:
            self._states.popitem(last=False)
        return state


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    return Checkpoints(database).lines()


def decoded(kind: JSON, data: JSON) -> tuple[Row, str]:
    """(state, why it cannot be read) of a checkpoint's column."""
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, bytes):
        return {}, "no state"
    try:
        value = _revived(loads(data)) if kind == "json" or data[:1] == b"{" else unpack(data)
    except ValueError as error:
        return {}, f"{kind}: {error}"
    return (value, "") if isinstance(value, dict) else ({}, f"{kind}: no state")


def parts_of(state: Row) -> tuple[list[JSON], Row]:
    """(messages, other channels) of a state."""
    values = state.get("channel_values")
    channels = dict(values) if isinstance(values, dict) else {}
    name = next((n for n in ("messages", *channels) if _is_messages(channels.get(n))), None)
    messages = channels.pop(name) if name is not None else []
    return messages, {n: v for n, v in channels.items() if not n.startswith("branch:to:")}


def _is_messages(value: JSON) -> bool:
    return isinstance(value, list) and bool(value) and all(is_message(one) for one in value)


def is_message(value: JSON) -> bool:
    """Whether a value is a message of LangChain, or one as dicts have it."""
    if not isinstance(value, dict) or "content" not in value:
        return False
    is_named = str(value.get("$class", "")).endswith(("Message", "MessageChunk"))
    return is_named or isinstance(value.get("role"), str)


def _revived(value: JSON) -> JSON:
    """LangChain's own JSON (``lc``, ``id``, ``kwargs``) in the shape of ``unpack``."""
    if isinstance(value, list):
        return [_revived(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "lc" in value and isinstance(value.get("id"), list):
        kwargs = _revived(value.get("kwargs"))
        inner = kwargs if isinstance(kwargs, dict) else {"value": kwargs}
        return {"$class": ".".join(map(str, value["id"])), **inner}
    return {key: _revived(one) for key, one in value.items()}


def _shared(before: list[bytes], now: list[bytes]) -> int:
    if before == now[: len(before)]:
        return len(before)
    pairs = zip(before, now, strict=False)
    return next((at for at, (old, new) in enumerate(pairs) if old != new), len(now))


def _digest(value: JSON) -> bytes:
    return blake2b(_line(value), digest_size=16).digest()


def _line(value: JSON) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=repr) + b"\n"


def _json(value: JSON) -> JSON:
    data = value.encode() if isinstance(value, str) else value
    try:
        return loads(data) if isinstance(data, bytes) else None
    except orjson.JSONDecodeError:
        return repr(data)
