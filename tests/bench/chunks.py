"""A server on this machine that streams one reply, so many chunks a second: a process of its own.

    python -m tests.bench.chunks CHUNKS RATE

Prints its address, answers one request as an OpenAI-compatible server does, and ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from random import Random

_SAYS = (
    "The redirect keeps its **query** now; `safe_next` returns the whole target, and the test that "
    "failed before passes. I looked at each caller of it as well: none of them relies on the path "
    "alone, so nothing else has to change there."
)
_CODE = """

```python
def safe_next(target):
    return urlunsplit(urlsplit(target)[2:4])
```

"""


def pieces(count: int) -> list[str]:
    """So many pieces of Markdown, a word or so each, with code here and there."""
    random, found, words = Random(5), list[str](), _SAYS.split()
    while len(found) < count:
        found += [f"{random.choice(words)} " for _ in range(random.randrange(40, 120))]
        found += [line + "\n" for line in _CODE.split("\n")] if random.random() < 0.4 else ["\n\n"]
    return found[:count]


def event(text: str) -> bytes:
    """One chunk as it goes over the wire."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return _line({"choices": [choice]})


def _line(fields: dict[str, object]) -> bytes:
    whole = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    return b"data: " + json.dumps({**whole, **fields}).encode() + b"\n\n"


async def serve(count: int, rate: float) -> None:
    """Answer one request."""
    answered = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        await reader.readexactly(int(length or 0))
        if not head.startswith("post"):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
        writer.write(b"Connection: close\r\n\r\n")
        await _stream(writer, [event(text) for text in pieces(count)], rate)
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        writer.write(_line({"choices": [end]}) + b"data: [DONE]\n\n")
        await writer.drain()
        writer.close()
        answered.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await answered.wait()
    server.close()


async def _stream(writer: asyncio.StreamWriter, events: list[bytes], rate: float) -> None:
    began, sent = time.monotonic(), 0
    while sent < len(events):
        due = min(len(events), int((time.monotonic() - began) * rate) + 1)
        for one in events[sent:due]:
            writer.write(one)
            await writer.drain()
        sent = max(sent, due)
        await asyncio.sleep(0.001)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
