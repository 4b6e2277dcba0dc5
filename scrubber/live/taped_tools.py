"""The tools of a recording, as a model is told of them on a branch.

Where the recording holds their definitions, those; a tool that was called and is not defined gets
a schema made from its calls, and a description that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    from scrubber.core.events import Event
    from scrubber.core.transcript import Transcript

MOST_CALLS = 200
"""Calls of one tool that are looked at."""
_SCHEMAS = ("input_schema", "inputSchema", "parameters", "parametersJsonSchema", "schema")


def taped_tools(*transcripts: Transcript) -> tuple[Tool, ...]:
    """The tools of transcripts: those that the first one to do so defines, then those called."""
    defined = definitions_in(*transcripts)
    called = calls_in(*transcripts)
    known = {tool.name for tool in defined}
    inferred = (calls.tool() for name, calls in called.items() if name not in known)
    return (*defined, *inferred)


def definitions_in(*transcripts: Transcript) -> tuple[Tool, ...]:
    """The tools that the first transcript that does so defines, each name once."""
    found = (tuple(defined_tools(tools_of(transcript))) for transcript in transcripts)
    return tuple({tool.name: tool for tool in next(filter(None, found), ())}.values())


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


@dataclass(slots=True)
class Calls:
    """The recorded calls of one tool."""

    name: str
    count: int = 0
    _samples: list[tuple[Transcript, Event]] = field(default_factory=list)

    def see(self, transcript: Transcript, event: Event) -> None:
        """Take note of a call."""
        self.count += 1
        if self.count <= MOST_CALLS:
            self._samples.append((transcript, event))

    def tool(self) -> Tool:
        """A tool that such calls fit."""
        shape = Shape()
        for transcript, event in self._samples:
            shape.see(transcript.content(event).arguments)
        return Tool(self.name, _words(self.count), _of_object(shape.schema()))


def calls_in(*transcripts: Transcript) -> dict[str, Calls]:
    """The calls of each tool; an event that transcripts share counts once."""
    found, seen = dict[str, Calls](), set[tuple[int, int]]()
    for transcript in transcripts:
        for event in spoken_events(transcript):
            if event.kind is Kind.TOOL_CALL and event.name and (event.log, event.seq) not in seen:
                seen.add((event.log, event.seq))
                found.setdefault(event.name, Calls(event.name)).see(transcript, event)
    return found


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
