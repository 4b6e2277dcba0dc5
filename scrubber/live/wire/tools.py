"""Definitions of tools in the shape of an API: as recorded where that fits, else made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrubber.core.content import JSON
    from scrubber.live.provider import Tool

_OURS = (None, "function", "custom")


def offered(tools: Iterable[Tool]) -> list[Tool]:
    """The tools that may be offered: not those that the provider itself would run.

    Such a tool (a web search, say) runs before any policy is asked, and on no tape.
    """
    return [tool for tool in tools if not runs_at_provider(tool)]


def runs_at_provider(tool: Tool) -> bool:
    """Whether a tool is the provider's own: its definition has a type of its own, and no schema."""
    kind = tool.definition.get("type") if isinstance(tool.definition, dict) else None
    return kind not in _OURS and not tool.schema


def anthropic_tool(tool: Tool) -> JSON:
    """``{"name", "description", "input_schema"}``."""
    known = tool.definition
    if isinstance(known, dict) and "input_schema" in known and known.get("name") == tool.name:
        return {key: value for key, value in known.items() if key != "function"}
    return _named(tool) | {"input_schema": tool.schema or {"type": "object"}}


def openai_tool(tool: Tool) -> JSON:
    """``{"type": "function", "function": {"name", "description", "parameters"}}``."""
    known = tool.definition
    if isinstance(known, dict) and set(known) in ({"type", "function"}, {"type", "custom"}):
        inner = known[str(known["type"])] if known["type"] in known else None
        if isinstance(inner, dict) and inner.get("name") == tool.name:
            return known
    schema = tool.schema or {"type": "object", "properties": {}}
    return {"type": "function", "function": _named(tool) | {"parameters": schema}}


def _named(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name} | ({"description": tool.description} if tool.description else {})
