"""MessagePack as LangGraph writes it, and databases of checkpoints."""

from __future__ import annotations

import json
import struct
from typing import Any

Row = tuple[Any, ...]

SCHEMA = """\
CREATE TABLE checkpoints (thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '',
  checkpoint_id TEXT NOT NULL, parent_checkpoint_id TEXT, type TEXT, checkpoint BLOB, metadata BLOB,
  PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id));
CREATE TABLE writes (thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '',
  checkpoint_id TEXT NOT NULL, task_id TEXT NOT NULL, idx INTEGER NOT NULL, channel TEXT NOT NULL,
  type TEXT, value BLOB);
"""


class Ext:
    """An extension: its code, and the value packed in it."""

    def __init__(self, code: int, value: Any) -> None:
        self.code = code
        self.value = value


def pydantic(path: str, **fields: Any) -> Ext:
    """A model as LangGraph packs it."""
    module, _, name = path.rpartition(".")
    return Ext(5, [module, name, fields, "model_validate_json"])


def pack(value: Any) -> bytes:
    match value:
        case None | bool():
            return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
        case int():
            return bytes([value]) if 0 <= value < 128 else b"\xd3" + struct.pack(">q", value)
        case float():
            return b"\xcb" + struct.pack(">d", value)
        case str():
            data = value.encode()
            return (bytes([0xA0 | len(data)]) if len(data) < 32 else b"\xda" + _size(data)) + data
        case bytes():
            return b"\xc5" + _size(value) + value
        case list():
            return b"\xdc" + _size(value) + b"".join(map(pack, value))
        case dict():
            inner = b"".join(pack(key) + pack(item) for key, item in value.items())
            return b"\xde" + _size(value) + inner
        case Ext():
            data = pack(value.value)
            return b"\xc8" + _size(data) + bytes([value.code]) + data
    raise TypeError(type(value))


def _size(value: Any) -> bytes:
    return struct.pack(">H", len(value))


def state(number: int, **channels: Any) -> bytes:
    ts = f"2026-01-02T10:00:{number:02d}+00:00"
    return pack({"v": 4, "ts": ts, "id": name(number), "channel_values": channels})


def name(number: int) -> str:
    return f"1f0e0000-0000-6000-8000-{number:012d}"


def script(rows: list[Row]) -> str:
    """The SQL of a database; rows: (thread, namespace, number, parent, type, state, metadata)."""
    lines = [SCHEMA]
    for thread, space, number, parent, kind, data, metadata in rows:
        before = f"'{name(parent)}'" if parent is not None else "NULL"
        lines.append(
            f"INSERT INTO checkpoints VALUES ('{thread}', '{space}', '{name(number)}', {before}, "
            f"'{kind}', x'{data.hex()}', x'{json.dumps(metadata).encode().hex()}');"
        )
    return "\n".join(lines) + "\n"


_PACKAGE = "langchain_core.messages"


def system(text: str) -> Ext:
    return pydantic(f"{_PACKAGE}.system.SystemMessage", content=text, type="system", id="s")


def human(text: Any) -> Ext:
    return pydantic(f"{_PACKAGE}.human.HumanMessage", content=text, type="human", id="h")


def ai(content: Any, calls: list[Any] | None = None, **more: Any) -> Ext:
    usage = {"input_tokens": 20, "output_tokens": 5, "input_token_details": {"cache_read": 8}}
    return pydantic(
        f"{_PACKAGE}.ai.AIMessage", content=content, type="ai", tool_calls=calls or [],
        usage_metadata=usage, response_metadata={"model_name": "mock"}, **more,
    )  # fmt: skip


def tool(call: str, text: str, status: str = "success") -> Ext:
    return pydantic(
        f"{_PACKAGE}.tool.ToolMessage", content=text, type="tool", tool_call_id=call, name="add",
        status=status,
    )  # fmt: skip


def sample_rows() -> list[Row]:
    """A thread with a fork, a removed message, a subgraph, LangChain's JSON, and damage."""
    call = {"name": "add", "args": {"a": 1}, "id": "c1", "type": "tool_call"}
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    thought = {"type": "thinking", "thinking": "First I think.", "signature": "c2VhbA=="}
    said = [thought, {"type": "text", "text": "I add."}, {"type": "tool_use", "id": "c1"}]
    first = [system("be brief"), human([{"type": "text", "text": "Add one"}, picture])]
    second = [*first, ai(said, [call])]
    third = [*second, tool("c1", "no such number", "error")]
    fourth = [*third, ai("Two.", additional_kwargs={"reasoning_content": "Done."})]
    other = [*second, human("Another way")]
    old = {
        "lc": 2,
        "type": "constructor",
        "id": ["langchain", "schema", "messages", "HumanMessage"],
    }
    lc = {"channel_values": {"messages": [{**old, "kwargs": {"content": "Hello"}}]}, "ts": "x"}
    loop = {"source": "loop", "step": 1, "parents": {}}
    evil = Ext(0, ["os", "system", "true"])
    when = Ext(3, ["m", "C", "x", "f"])
    inner = {**loop, "parents": {"": name(3)}}
    return [
        ("t1", "", 1, None, "msgpack", state(1, messages=first, plan="a"), {**loop, "step": 0}),
        ("t1", "", 2, 1, "msgpack", state(2, messages=second, plan="a"), loop),
        ("t1", "", 3, 2, "msgpack", state(3, messages=third, plan=["b", evil]), loop),
        ("t1", "node:1", 4, None, "msgpack", state(4, messages=[human("inner")]), inner),
        ("t1", "", 5, 3, "msgpack", state(5, messages=fourth), loop),
        ("t1", "", 6, 2, "msgpack", state(6, messages=other), {**loop, "source": "fork"}),
        ("t1", "", 7, 5, "msgpack", state(7, messages=fourth[:1] + fourth[2:]), loop),
        ("t2", "", 8, None, "json", json.dumps(lc).encode(), loop),
        ("t2", "", 9, 8, "msgpack", b"\xc1 no state", loop),
        (
            "t3",
            "",
            10,
            None,
            "msgpack",
            state(10, count=1, when=when),
            loop,
        ),
    ]
