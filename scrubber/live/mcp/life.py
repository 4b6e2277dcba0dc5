"""One life of a server: from its start, or the first contact, until it is stopped or ends."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import anyio
import mcp_types as types
from mcp.client.session import ClientSession
from mcp.shared.exceptions import MCPError

from scrubber.live.mcp import sdk_log
from scrubber.live.mcp.environment import address_of, launch_of
from scrubber.live.mcp.errors import ServerError
from scrubber.live.mcp.meaning import is_break, meaning
from scrubber.live.mcp.offers import Greeting, Offer, offer_of
from scrubber.live.mcp.transports import over_http, over_pipes
from scrubber.version import __version__

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from scrubber.live.mcp.server_log import ServerLog
    from scrubber.live.mcp.transports import Streams
    from scrubber.live.references import Lookup
    from scrubber.live.servers import Server

_MOST_PAGES = 100
_STOP_SECONDS = 6.0
_END_SECONDS = 0.5
"""How long to wait for an end to say why it came."""


class Life:
    """Runs in a task of its own, so that no caller's cancellation reaches the server."""

    def __init__(self, server: Server, log: ServerLog, lookup: Lookup) -> None:
        self._server = server
        self._log = log
        self._lookup = lookup
        self._session: ClientSession | None = None
        self._over = asyncio.Event()
        self._error: BaseException | None = None
        self._fate = ""
        self._refusal = ""
        self._is_stale = False
        self._start = anyio.CancelScope()
        self._greeting: Greeting | None = None
        self.ready: asyncio.Future[Greeting] = asyncio.get_running_loop().create_future()
        """Done when the server can be called; a ServerError if it never will."""
        self.ready.add_done_callback(asyncio.Future.exception)  # nobody may be left to hear it
        self._task = asyncio.create_task(self._live(), name=f"MCP server {server.name}")

    @property
    def is_over(self) -> bool:
        """Whether it can be called no more."""
        return self._over.is_set() or self._task.done()

    def end(self) -> None:
        """Stop it soon."""
        self._start.cancel()
        self._over.set()

    async def stopped(self) -> None:
        """Stop it, and wait until nothing is left of it."""
        self.end()
        if not (await asyncio.wait({self._task}, timeout=_STOP_SECONDS))[0]:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def greeting(self) -> Greeting:
        """What it says about itself and its tools, as of now."""
        greeting = await asyncio.shield(self.ready)
        if self._is_stale and self._session is not None:
            self._is_stale = False
            offers = await self._offers(self._session)
            self._greeting = Greeting(greeting.name, greeting.version, greeting.protocol, offers)
        return self._greeting or greeting

    async def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The result of a call, as JSON; what the SDK raises if there is none."""
        assert self._session is not None
        sdk_log.current.set(self._log)
        params = types.CallToolRequestParams(name=tool, arguments=arguments)
        request = types.CallToolRequest(params=params)
        result = await self._session.send_request(request, types.CallToolResult)
        return result.model_dump(by_alias=True, mode="json", exclude_none=True)

    async def is_there(self) -> bool:
        """Whether it still answers."""
        assert self._session is not None
        with contextlib.suppress(MCPError):
            await self._session.send_ping()
            return True
        return False

    async def words(self, error: BaseException) -> str:
        """What an error of a call means; completes "server NAME: …"."""
        if isinstance(error, MCPError) and error.message == "Session terminated":
            self.end()  # by a server that has forgotten us: the next call begins anew
        if self.is_over or is_break(error):
            await asyncio.wait({self._task}, timeout=_END_SECONDS)
        return self._meaning(self._error or error)

    def _meaning(self, error: BaseException | None) -> str:
        words = self._fate or meaning(error, self._refusal)
        last = self._log.last_words() if self.is_over else ""
        return f'{words}; its last words: "{last}"' if last else words

    async def _live(self) -> None:
        sdk_log.current.set(self._log)
        self._log.begin()
        try:
            transport = await self._transport()
            async with transport as streams, self._talk(*streams) as session:
                greeting = await self._greeted(session)
                self._session = session
                self.ready.set_result(greeting)
                await self._over.wait()
        except Exception as error:
            self._error = error
        finally:
            self._over.set()
            if not self.ready.done():
                self.ready.set_exception(ServerError(self._meaning(self._error)))

    async def _transport(self) -> AbstractAsyncContextManager[Streams]:
        """Looks things up beside the loop: the key ring may have to be unlocked first."""
        if self._server.url:
            address = await asyncio.to_thread(address_of, self._server, self._lookup)
            return over_http(address, self._server.call_seconds, self._on_refused)
        launch = await asyncio.to_thread(launch_of, self._server, self._lookup)
        return over_pipes(launch, self._log, self._on_ended)

    def _talk(self, read: Any, write: Any) -> ClientSession:
        about = types.Implementation(name="scrubber", version=__version__)
        return ClientSession(
            read,
            write,
            client_info=about,
            logging_callback=self._on_log,
            message_handler=self._on_message,
        )

    async def _greeted(self, session: ClientSession) -> Greeting:
        seconds = self._server.start_seconds
        self._start.deadline = anyio.current_time() + seconds
        with self._start:
            return await self._greet(session)
        if self._over.is_set():
            raise ServerError("it was stopped")
        raise ServerError(f"it did not answer within {seconds:g} seconds of its start")

    async def _greet(self, session: ClientSession) -> Greeting:
        try:
            await session.initialize()
        except MCPError as error:
            if error.code != types.METHOD_NOT_FOUND:
                raise
            await session.discover()  # a server that knows only the protocol of 2026-07-28 on
        about = session.server_info
        return Greeting(
            about.name if about else "",
            about.version if about else "",
            session.protocol_version or "",
            await self._offers(session),
        )

    async def _offers(self, session: ClientSession) -> tuple[Offer, ...]:
        capabilities = session.server_capabilities
        if capabilities is None or capabilities.tools is None:
            return ()
        offers, cursor = list[Offer](), None
        for _ in range(_MOST_PAGES):
            page = await session.list_tools(params=types.PaginatedRequestParams(cursor=cursor))
            offers += (offer_of(tool.model_dump(by_alias=True, mode="json")) for tool in page.tools)
            cursor = page.next_cursor
            if not cursor:
                break
        return tuple(offers)

    def _on_ended(self, fate: str) -> None:
        self._fate = fate
        self._over.set()

    def _on_refused(self, status: str) -> None:
        self._refusal = status

    async def _on_message(self, message: types.ServerNotification | Exception) -> None:
        self._is_stale |= isinstance(message, types.ToolListChangedNotification)

    async def _on_log(self, params: types.LoggingMessageNotificationParams) -> None:
        self._log.note(f"{params.level}: {params.data}"[:2000])
