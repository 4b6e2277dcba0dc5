"""What really goes over the wire: one request, its headers and body made here, byte for byte.

The SDKs build requests of their own; what they would send is replaced by what was shown and kept
as sent. So no default of a library can change a prompt, nothing is told about this machine, and
nothing is sent a second time behind the runner's back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from scrubber.version import __version__

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

CONNECT_S = 10.0
USER_AGENT = f"scrubber/{__version__}"


@dataclass(frozen=True, slots=True)
class Posting:
    """A body, where it goes, and as whom."""

    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """With the key in it: kept out of what is printed."""
    patience: float = 600.0
    """Seconds without a byte after which it is given up."""


class RepeatedError(httpx2.TransportError):
    """A library wanted to send something a second time."""


class RedirectedError(httpx2.TransportError):
    """The server says that it is somewhere else; keys are not sent after it."""


class _Once(httpx2.AsyncBaseTransport):
    """Sends a posting in the place of the first request, and refuses a second."""

    def __init__(self, posting: Posting, inner: httpx2.AsyncBaseTransport) -> None:
        self._posting: Posting | None = posting
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        posting, self._posting = self._posting, None
        if posting is None:
            raise RepeatedError("a request is sent once")
        headers = {
            "content-type": "application/json",
            "accept": "text/event-stream",
            "user-agent": USER_AGENT,
            **posting.headers,
        }
        made = httpx2.Request(
            "POST",
            posting.url,
            headers=headers,
            content=posting.body,
            extensions=request.extensions,
        )
        response = await self._inner.handle_async_request(made)
        if response.has_redirect_location:
            await response.aclose()
            raise RedirectedError(response.headers["location"])
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


def client_for(posting: Posting) -> httpx2.AsyncClient:
    """An HTTP client that sends the posting, whatever it is asked to send; to be closed."""
    timeout = httpx2.Timeout(posting.patience, connect=CONNECT_S)
    return httpx2.AsyncClient(transport=_Once(posting, _inner(posting.url)), timeout=timeout)


def plain_client(url: str, seconds: float) -> httpx2.Client:
    """A client for small questions to the server at an address; to be closed."""
    verify = True if is_loopback(url) else _certificates()
    proxy = None if is_loopback(url) else _proxy_for(url)
    headers = {"user-agent": USER_AGENT}
    return httpx2.Client(
        headers=headers, verify=verify, proxy=proxy, timeout=seconds, trust_env=False
    )


def _inner(url: str) -> httpx2.AsyncBaseTransport:
    """Through the proxy of the environment, if it names one; never to this machine itself."""
    if is_loopback(url):
        return httpx2.AsyncHTTPTransport(trust_env=False)
    return httpx2.AsyncHTTPTransport(verify=_certificates(), proxy=_proxy_for(url))


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Reading the certificates takes longer than a request to a near server."""
    return httpx2.create_ssl_context()


def _proxy_for(url: str) -> str | None:
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)


def is_loopback(url: str) -> bool:
    """Whether an address is of this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
