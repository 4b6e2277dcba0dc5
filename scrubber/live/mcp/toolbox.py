"""The tools of all servers that the user has enabled, for the branches of one run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.live.keys import value_of
from scrubber.live.mcp.connection import Connection
from scrubber.live.mcp.errors import ServerError
from scrubber.live.mcp.names import Directory, could_be_of, is_of
from scrubber.live.mcp.offers import Greeting
from scrubber.live.mcp.results import failure
from scrubber.live.mcp.server_log import ServerLog
from scrubber.live.provider import Tool
from scrubber.live.toolbox import Known
from scrubber.places import log_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.live.desk import Answer
    from scrubber.live.mcp.names import Place
    from scrubber.live.mcp.offers import Offer
    from scrubber.live.references import Lookup
    from scrubber.live.servers import Server


class McpToolbox:
    """A ``Toolbox``. Nothing is started before it is needed; all branches share what was."""

    def __init__(
        self,
        servers: Iterable[Server],
        logs: Path | None = None,
        lookup: Lookup = value_of,
    ) -> None:
        """``lookup`` gives the values of references; servers that are not enabled are left out."""
        folder = logs or log_folder()
        self._connections = {
            server.name: Connection(server, ServerLog(folder, server.name), lookup)
            for server in servers
            if server.enabled
        }
        self._offers: dict[Place, Offer] = {}
        self._listed: dict[str, Greeting | ServerError] = {}
        self._directory = Directory(())

    @property
    def problems(self) -> tuple[str, ...]:
        """Why servers could not be used when they were last needed, a sentence each."""
        return tuple(
            f"server {name}: {error}"
            for name, error in self._listed.items()
            if isinstance(error, ServerError)
        )

    async def tools(self, recorded: Collection[str] = ()) -> tuple[Tool, ...]:
        """All tools; starts the servers. One that fails is left out, see ``problems``.

        A tool that one of the ``recorded`` names means is called by that name, else by its full
        name, ``mcp__SERVER__TOOL``.
        """
        await self._list(self._connections)
        names = self._directory.called(recorded)
        return tuple(
            Tool(names[place], offer.description, offer.schema)
            for place, offer in self._offers.items()
        )

    @property
    def offers(self) -> tuple[tuple[str, Offer], ...]:
        """The tools of all servers that were asked so far, each with its full name."""
        return tuple((self._directory.names[at], offer) for at, offer in self._offers.items())

    async def find(self, name: str) -> Known | None:
        """The tool of an enabled server that a name means, even if that cannot be used now.

        Starts those servers that may have it and have not yet said which tools they have.
        """
        if place := await self._place(name):
            return Known(self._directory.names[place], self._offers[place].hints)
        return Known(name) if self._broken(name) else None

    async def call(self, name: str, arguments: JSON) -> Answer:
        """Call a tool; what fails is told in the answer."""
        if place := await self._place(name):
            return await self._connections[place[0]].call(place[1], arguments)
        if server := self._broken(name):
            return failure(f"The server {server} cannot be used: {self._listed[server]}.", server)
        return failure(f"No enabled server has a tool {name!r}.", "")

    async def close(self) -> None:
        """Stop the servers, all at once; waits until nothing is left of them."""
        await asyncio.gather(*(one.close() for one in self._connections.values()))

    async def greeting(self, server: str) -> Greeting:
        """What a server says about itself; starts it. A ServerError says why it cannot."""
        await self._list([server])
        found = self._listed[server]
        if isinstance(found, ServerError):
            raise found
        return found

    async def _place(self, name: str) -> Place | None:
        """The tool that a name means; asks the servers that may have it and have not answered."""
        maybe = [server for server in self._connections if could_be_of(server, name)]
        await self._list(s for s in maybe if not isinstance(self._listed.get(s), Greeting))
        if found := self._directory.find(name):
            return found
        await self._list(maybe)  # their lists may have changed
        return self._directory.find(name)

    def _broken(self, name: str) -> str | None:
        """The server that a name has in front, if it could not be used."""
        broken = (s for s, found in self._listed.items() if isinstance(found, ServerError))
        return next((server for server in broken if is_of(server, name)), None)

    async def _list(self, servers: Iterable[str]) -> None:
        names = list(servers)
        if not names:
            return
        found = await asyncio.gather(*(self._ask(name) for name in names))
        self._listed.update(zip(names, found, strict=True))
        self._offers = {
            (server, offer.name): offer
            for server, greeting in self._listed.items()
            if not isinstance(greeting, ServerError)
            for offer in greeting.offers
        }
        self._directory = Directory(self._offers)

    async def _ask(self, server: str) -> Greeting | ServerError:
        try:
            return await self._connections[server].greeting()
        except ServerError as error:
            return error
