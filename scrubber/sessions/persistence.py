"""Saving sessions elsewhere, after fluers: an envelope goes through an adapter, whole.

Adapters: memory, a folder of fluers' own files, a store of slices. They share one contract: ids are
UUIDs, ``load`` gives None for what is not there, ``list`` is sorted, and one bad file never fails
it. What is wrong has an error of its own: ``BadSessionIdError``, ``SchemaVersionError``,
``PersistenceError``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

import orjson

from scrubber.core.errors import BadArgumentError, FormatError, ScrubberError
from scrubber.formats.fluers import shapes
from scrubber.sessions.messages import checked

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.sessions.messages import Said


class BadSessionIdError(BadArgumentError):
    """An id that is no UUID."""


class SchemaVersionError(FormatError):
    """An envelope of a version that nobody knows."""


class PersistenceError(ScrubberError):
    """What is there cannot be read, or not be written."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A session as fluers saves it; has no id inside, and no times."""

    messages: list[Said] = field(default_factory=list)
    model: str = ""
    max_turns: int = 0
    """0: as many as it takes."""
    system_message: str | None = None
    metadata: dict[str, JSON] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object of a session file, of schema version 1."""
        return shapes.envelope(
            self.messages,
            model=self.model,
            max_turns=self.max_turns,
            system_message=self.system_message,
            metadata=self.metadata,
        )

    @classmethod
    def from_json(cls, value: JSON, id: str) -> Self:
        """The same from JSON; the errors name the id, and what is wrong."""
        if not isinstance(value, dict):
            raise PersistenceError(f"persistence error: `{id}` holds no object")
        if value.get("schema_version") != shapes.SCHEMA_VERSION:
            try:
                shapes.check_version(value, id)
            except FormatError as error:
                raise SchemaVersionError(str(error)) from error
        try:
            return cls(**_fields(value))
        except (TypeError, ValueError) as error:
            raise PersistenceError(f"persistence error: `{id}`: {error}") from error


def _fields(value: dict[str, Any]) -> dict[str, Any]:
    """The fields that fluers writes, each of its type; a ValueError names the one that is not."""
    types: dict[str, tuple[type, ...]] = {
        "messages": (list,),
        "model": (str,),
        "max_turns": (int,),
        "system_message": (str, type(None)),
        "metadata": (dict,),
    }
    found = {name: value[name] for name in types if name in value}
    for name, given in found.items():
        if not isinstance(given, types[name]) or isinstance(given, bool):
            raise ValueError(f"its {name} is {orjson.dumps(given)[:40].decode()}")
    if found.get("max_turns", 0) < 0:
        raise ValueError(f"its max_turns is {found['max_turns']}")
    for message in found.get("messages", ()):
        checked(message)
    return found


def checked_id(id: str) -> str:
    """A UUID as fluers writes it; a BadSessionIdError if it is none."""
    try:
        return str(uuid.UUID(id))
    except (ValueError, AttributeError, TypeError) as error:
        raise BadSessionIdError(f"invalid persisted session id `{id}`: {error}") from error


class PersistenceAdapter(Protocol):
    """A place where sessions are kept. Any number of threads may use one."""

    def save(self, id: str, envelope: Envelope) -> None:
        """Keep an envelope under an id, in the place of the one before, whole or not at all."""
        ...

    def load(self, id: str) -> Envelope | None:
        """The envelope under an id, None if there is none; not connected to what is kept."""
        ...

    def list(self) -> list[str]:
        """The ids of all that is kept, sorted; what has no id that is a UUID is passed over."""
        ...
