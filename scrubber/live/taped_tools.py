"""The tools of a recording, as a model is told of them on a branch.

Where the recording holds their definitions, those; a tool that was called and is not defined gets
a schema made from its calls, and a description that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.ages import count
from scrubber.core.events import Kind
from scrubber.core.messages import spoken_events
from scrubber.formats.exported import tools_of
from scrubber.live.provider import Tool
from scrubber.live.schemas import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.policy import Policy
    from scrubber.core.transcript import Transcript
    from scrubber.live.toolbox import Toolbox

MOST_CALLS = 200
"""Calls of one tool that are looked at."""
_SCHEMAS = ("input_schema", "inputSchema", "parameters", "parametersJsonSchema", "schema")


async def tools_for(transcript: Transcript, policy: Policy, toolbox: Toolbox) -> tuple[Tool, ...]:
    """All tools that a model is told of: the recording's, then the live ones that it has not.

    A live tool has the name that the recording calls it by. No server is started where the policy
    lets nothing run.
    """
    taped = taped_tools(transcript)
    if not policy.may_run:
        return taped
    names = {tool.name for tool in taped}
    live = await toolbox.tools(names)
    return (*taped, *(tool for tool in live if tool.name not in names))


def taped_tools(transcript: Transcript) -> tuple[Tool, ...]:
    """The tools of a transcript: those defined, in their order, then those only called."""
    defined = {tool.name: tool for tool in defined_tools(tools_of(transcript))}
    return (*defined.values(), *_inferred(transcript, set(defined)))


def defined_tools(definitions: JSON) -> Iterator[Tool]:
    """Tools by their definitions, in the shape of any API; a tool of a namespace has both names."""
    if isinstance(definitions, dict):
        definitions = [definitions]
    for definition in definitions if isinstance(definitions, list) else ():
        yield from _tools(definition, "")


def _tools(definition: JSON, space: str) -> Iterator[Tool]:
    if not isinstance(definition, dict):
        return
    inner = definition.get("function")
    told = inner if isinstance(inner, dict) else definition
    name, description = told.get("name"), told.get("description")
    nested = definition.get("functionDeclarations") or definition.get("function_declarations")
    if isinstance(nested, list):  # Gemini
        for one in nested:
            yield from _tools(one, space)
    elif isinstance(definition.get("tools"), list) and isinstance(name, str):  # a Codex namespace
        for one in definition["tools"]:
            yield from _tools(one, f"{space}{name}__")
    elif isinstance(name, str) and name:
        words = description if isinstance(description, str) else ""
        yield Tool(f"{space}{name}", words, _schema(told), definition)


def _schema(told: dict[str, Any]) -> JSON:
    """The schema of the arguments; None where the provider itself knows the tool."""
    found = (told[key] for key in _SCHEMAS if isinstance(told.get(key), dict))
    return next(found, None)


def _inferred(transcript: Transcript, defined: set[str]) -> Iterator[Tool]:
    calls = dict[str, int]()
    shapes = dict[str, Shape]()
    for event in spoken_events(transcript):
        if event.kind is not Kind.TOOL_CALL or not event.name or event.name in defined:
            continue
        calls[event.name] = calls.get(event.name, 0) + 1
        if calls[event.name] <= MOST_CALLS:
            arguments = transcript.content(event).arguments
            shapes.setdefault(event.name, Shape()).see(arguments)
    for name, shape in shapes.items():
        yield Tool(name, _words(calls[name]), _of_object(shape.schema()))


def _words(calls: int) -> str:
    return (
        "The recording does not tell what this tool does. "
        f"Its arguments are as in {'the call' if calls == 1 else count(calls, 'call')} of it."
    )


def _of_object(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema as APIs want it: of an object. Raw text becomes its one property."""
    types = schema.get("type") or []
    if "object" in types:
        return {"properties": {}, **schema, "type": "object"}
    if types == "null":
        return {"type": "object", "properties": {}}
    return {"type": "object", "properties": {"input": schema}, "required": ["input"]}
