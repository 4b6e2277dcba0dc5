"""What the errors of the SDK and of its transports mean, in words; none holds a secret."""

from __future__ import annotations

import httpx2
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

_REFUSALS = ("Server returned an error response", "Not Found", "Session terminated")
"""The SDK's words for an HTTP status that it does not tell."""
_BREAKS = ("Connection closed", "SSE stream ended without a response")


def meaning(error: BaseException | None, refusal: str = "") -> str:
    """Completes "server NAME: …". ``refusal``: the last HTTP status of a refusal, in words."""
    error = cause(error)
    if isinstance(error, MCPError):
        if refusal and error.message in _REFUSALS:
            hint = "; is there an Authorization header?" if refusal[:3] in ("401", "403") else ""
            return f"it answered {refusal}{hint}"
        if is_break(error):
            return "the connection broke off before it answered"
        return f"MCP error {error.code}: {error.message}"
    if isinstance(error, ValidationError):
        return "its answer is not as the protocol asks"
    if isinstance(error, httpx2.TimeoutException):
        return "it did not answer in time"
    if isinstance(error, httpx2.TransportError):
        return f"it cannot be reached: {error}"
    if error is None:
        return "it was stopped"
    return str(error).strip() or type(error).__name__


def is_break(error: BaseException | None) -> bool:
    """Whether all that is known is that the connection broke off."""
    return isinstance(error, MCPError) and error.message in _BREAKS


def cause(error: BaseException | None) -> BaseException | None:
    """The error itself, of one that task groups have wrapped."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
