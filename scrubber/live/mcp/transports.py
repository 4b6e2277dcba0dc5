"""The streams that the SDK talks through: over a server's pipes, or over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import anyio
import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from scrubber.live.mcp.child import LONGEST_MESSAGE, Child
from scrubber.live.mcp.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

    from scrubber.live.mcp.environment import Launch
    from scrubber.live.mcp.server_log import ServerLog

_IDLE_SECONDS = 300.0
"""How long a stream may be silent; calls have their own limit."""

Streams = tuple[Any, Any]
"""To read from and to write to: anyio's, or the SDK's own that are like them."""


@asynccontextmanager
async def over_pipes(
    launch: Launch, log: ServerLog, ended: Callable[[str], None]
) -> AsyncIterator[Streams]:
    """Start a server and talk through its pipes; it is stopped at the end. Raises ServerError.

    ``ended`` is told why, in words, when the server itself brings it to an end.
    """
    incoming, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    child = await Child.start(launch, log)
    tasks = [
        asyncio.create_task(_read(child, incoming, log, ended), name="server's stdout"),
        asyncio.create_task(_write(child, outgoing), name="server's stdin"),
    ]
    try:
        yield read, write
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await child.stop()
        for stream in (incoming, read, write, outgoing):
            stream.close()


async def _read(
    child: Child,
    incoming: MemoryObjectSendStream[SessionMessage | Exception],
    log: ServerLog,
    ended: Callable[[str], None],
) -> None:
    try:
        async for line in child.lines():
            try:
                message = jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError:
                log.note(f"not a message: {line[:200].decode(errors='replace').rstrip()}")
                continue
            await incoming.send(SessionMessage(message))
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):
        pass  # we are the ones who stop
    except ServerError as error:
        ended(str(error))
    else:
        ended(await child.fate())
    finally:
        incoming.close()  # whoever waits for an answer hears that there will be none


async def _write(child: Child, outgoing: MemoryObjectReceiveStream[SessionMessage]) -> None:
    with contextlib.suppress(OSError):  # it reads no more; that it ended is noticed by the reader
        async for item in outgoing:
            json = item.message.model_dump_json(by_alias=True, exclude_unset=True)
            await child.write(json.encode() + b"\n")


@asynccontextmanager
async def over_http(
    address: tuple[str, Mapping[str, str]], seconds: float, refused: Callable[[str], None]
) -> AsyncIterator[Streams]:
    """Reach a server at a URL, with headers, by streamable HTTP. ``seconds``: its longest call.

    ``refused`` is told the status of a refusal, in words.
    """

    async def look(response: httpx2.Response) -> None:
        if response.status_code >= HTTPStatus.BAD_REQUEST and response.request.method == "POST":
            refused(f"{response.status_code} {response.reason_phrase}")

    url, headers = address
    timeout = httpx2.Timeout(30, read=max(seconds, _IDLE_SECONDS))
    hooks = {"response": [look]}
    try:
        client = httpx2.AsyncClient(headers=headers, timeout=timeout, event_hooks=hooks)
    except (ValueError, TypeError, httpx2.InvalidURL):
        raise ServerError("a header or the address is not as HTTP wants it") from None
    async with (
        client,
        streamable_http_client(
            url, http_client=client, max_sse_event_size=LONGEST_MESSAGE
        ) as streams,
    ):
        yield streams
