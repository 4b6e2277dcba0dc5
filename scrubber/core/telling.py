"""The one argument that tells what a tool call does, for one-line summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_TELLING = (
    "command",
    "cmd",
    "file_path",
    "path",
    "notebook_path",
    "pattern",
    "query",
    "url",
    "description",
    "prompt",
    "code",
    "input",
    "text",
)


def telling_argument(arguments: JSON) -> str:
    """The most telling argument of a call as text, the first one if none is known to be."""
    if isinstance(arguments, str):
        return arguments
    if not isinstance(arguments, dict):
        return "" if arguments is None else str(arguments)
    for name in _TELLING:
        if name in arguments and (words := _words(arguments[name])) is not None:
            return words
    for value in arguments.values():
        if (words := _words(value)) is not None:
            return words
    if todos := arguments.get("todos"):
        return f"{len(todos)} items" if isinstance(todos, list) else str(todos)
    return ", ".join(f"{name}={value}" for name, value in list(arguments.items())[:4])


def _words(value: JSON) -> str | None:
    """A text that is not empty, or a list of texts as one."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return None
