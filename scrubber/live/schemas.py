"""A JSON Schema for values of which only examples are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON

DEEPEST = 4
"""Levels of objects in objects that are told apart."""
WIDEST = 64
"""Keys of one object that are named; one with more is a mapping rather than a record."""


@dataclass(slots=True)
class Shape:
    """What values have been seen at one place."""

    depth: int = 0
    seen: int = 0
    types: set[str] = field(default_factory=set)
    keys: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    objects: int = 0

    def see(self, value: JSON) -> None:
        """Take note of a value."""
        self.seen += 1
        self.types.add(_type(value))
        if self.depth >= DEEPEST:
            return
        if isinstance(value, dict):
            self.objects += 1
            for key, inner in value.items():
                self._inner(str(key)).see(inner)
        elif isinstance(value, list):
            self.items = self.items or Shape(self.depth + 1)
            for inner in value:
                self.items.see(inner)

    def _inner(self, key: str) -> Shape:
        if key not in self.keys and len(self.keys) > WIDEST:
            return Shape(DEEPEST)
        return self.keys.setdefault(key, Shape(self.depth + 1))

    def schema(self) -> dict[str, Any]:
        """The JSON Schema that all of them fit; a key that each object had is required."""
        types = sorted(self.types - ({"integer"} if "number" in self.types else set()))
        schema: dict[str, Any] = {}
        if types:
            schema["type"] = types[0] if len(types) == 1 else types
        if self.keys and len(self.keys) <= WIDEST:
            schema["properties"] = {key: inner.schema() for key, inner in self.keys.items()}
            required = [key for key, inner in self.keys.items() if inner.seen == self.objects]
            if required:
                schema["required"] = required
        if "array" in self.types:  # which APIs refuse without ``items``
            schema["items"] = self.items.schema() if self.items else {}
        return schema


def _type(value: JSON) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
