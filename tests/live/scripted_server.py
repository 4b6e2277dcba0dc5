"""A server on this machine that says what the test wrote, and keeps what it was asked.

    with ScriptedServer(Answer(chat(delta(content="hi"), finish("stop")))) as server:
        ...  # server.url, server.requests

It has a thread and an event loop of its own, so that tests of any kind can talk to it.
"""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Piece = bytes | float
"""Bytes that are sent in one go, or seconds to wait."""

DROP = b"DROP"
"""As a piece: the connection is cut here."""


@dataclass(frozen=True)
class Answer:
    """What one request gets."""

    pieces: Sequence[Piece] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/event-stream"
    is_chunked: bool = True
    """Without, the end of the answer is the end of the connection."""


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    is_gone: threading.Event
    """Set when whoever asked has hung up before the answer was over."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def refusal(status: int, body: Any, **headers: str) -> Answer:
    """An answer that is no stream."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Answer([data], status, named, "application/json")


class ScriptedServer:
    """Gives its answers one after the other, the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Asked] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="scripted server")
        self._ready = threading.Event()
        self._stop: asyncio.Event

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _read(reader)
            self.requests.append(asked)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            hung_up = asyncio.create_task(reader.read())
            told = asyncio.create_task(_tell(writer, answer))
            await asyncio.wait([hung_up, told], return_when=asyncio.FIRST_COMPLETED)
            if not told.done():
                asked.is_gone.set()
            for task in (hung_up, told):
                task.cancel()
            await asyncio.gather(hung_up, told, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled: the test is over; asyncio would log a handler that says so
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body, threading.Event())


async def _tell(writer: asyncio.StreamWriter, answer: Answer) -> None:
    headers = {"content-type": answer.kind, "connection": "close", **answer.headers}
    if answer.is_chunked:
        headers["transfer-encoding"] = "chunked"
    lines = [f"HTTP/1.1 {answer.status} Scripted", *(f"{k}: {v}" for k, v in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    for piece in answer.pieces:
        if isinstance(piece, (int, float)):
            await asyncio.sleep(piece)
        elif piece == DROP:
            writer.transport.abort()
            return
        else:
            writer.write(_chunk(piece) if answer.is_chunked else piece)
            await writer.drain()
    if answer.is_chunked:
        writer.write(b"0\r\n\r\n")
    await writer.drain()
    if not answer.is_chunked:
        writer.write_eof()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


# ------------------------------------------------------------------------ chat completions


def delta(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


def finish(reason: str | None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}


def call(index: int, arguments: str, name: str | None = None, id: str | None = None) -> Any:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    told = {"index": index, "function": function} | ({"id": id, "type": "function"} if id else {})
    return delta(tool_calls=[told])


def spent(prompt: int, completion: int, cached: int = 0, reasoning: int = 0) -> dict[str, Any]:
    return {
        "choices": [],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        },
    }


def chat(*chunks: dict[str, Any]) -> list[Piece]:
    """A stream of chat completions, a chunk a piece."""
    whole = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "served-1"}
    told = [{**whole, **chunk} for chunk in chunks]
    return [*(f"data: {json.dumps(one)}\n\n".encode() for one in told), b"data: [DONE]\n\n"]


# ------------------------------------------------------------------------------- messages


def block(index: int, start: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": one} for one in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def texts(index: int, *pieces: str) -> list[dict[str, Any]]:
    deltas = ({"type": "text_delta", "text": piece} for piece in pieces)
    return block(index, {"type": "text", "text": ""}, *deltas)


def uses(index: int, id: str, name: str, *pieces: str) -> list[dict[str, Any]]:
    start = {"type": "tool_use", "id": id, "name": name, "input": {}}
    deltas = ({"type": "input_json_delta", "partial_json": piece} for piece in pieces)
    return block(index, start, *deltas)


def claude(
    *blocks: Iterable[dict[str, Any]], stop: str | None = "end_turn", **usage: int
) -> list[Piece]:
    """A stream of Anthropic's messages, an event a piece."""
    counted = {"input_tokens": 10, "output_tokens": 1, **usage}
    message: dict[str, Any] = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "served-1", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": counted,
    }  # fmt: skip
    events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
    events += [event for one in blocks for event in one]
    if stop is not None:
        ended = {"stop_reason": stop, "stop_sequence": None}
        events.append({"type": "message_delta", "delta": ended, "usage": {"output_tokens": 7}})
        events.append({"type": "message_stop"})
    return [f"event: {e['type']}\ndata: {json.dumps(e)}\n\n".encode() for e in events]
