"""An MCP server of the SDK on streamable HTTP, on the loopback: prints its port, runs until killed.

Refuses whoever does not send the header ``X-Key: open``.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import anyio
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.types import ImageContent
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

server = MCPServer("loopback")


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool()
def fail() -> str:
    """Fail."""
    raise ValueError("this is how it fails")


@server.tool()
def picture() -> ImageContent:
    """A picture."""
    return ImageContent(type="image", data="iVBORw0KGgo=", mime_type="image/png")


@server.tool()
async def slow() -> str:
    """Take a while."""
    await anyio.sleep(60)
    return "done"


@server.tool()
def leave() -> str:
    """End the server in the middle of a call."""
    os._exit(1)


class Doorkeeper(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.headers.get("X-Key") != "open":
            return PlainTextResponse("closed", status_code=401)
        return await call_next(request)


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    app = server.streamable_http_app()
    app.add_middleware(Doorkeeper)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


if __name__ == "__main__":
    main()
