"""Real tools, for the ``live`` rung: what a runner asks for them, whoever runs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrubber.core.content import JSON
    from scrubber.live.desk import Answer
    from scrubber.live.provider import Tool


@dataclass(frozen=True, slots=True)
class Known:
    """A tool that can be run, for rules and for the person who is asked."""

    name: str
    """Its full name, such as ``mcp__git__status``, whatever a call calls it."""
    hints: tuple[str, ...] = ()
    """What it does, in words: its maker's, not checked by anybody."""


class Toolbox(Protocol):
    """The tools that can really be run."""

    async def tools(self, recorded: Collection[str] = ()) -> tuple[Tool, ...]:
        """What there is, as a model is told of it; what cannot be reached is left out.

        A tool that one of the ``recorded`` names means is called by that name.
        """
        ...

    async def find(self, name: str) -> Known | None:
        """The tool that a name means; None if no call of this name can be run."""
        ...

    async def call(self, name: str, arguments: JSON) -> Answer:
        """Run a tool; what fails is told in the answer, never raised. May be cancelled."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be used when it was last needed, a sentence each, for people."""
        ...

    async def close(self) -> None:
        """Stop whatever was started."""
        ...


class EmptyToolbox:
    """No tools."""

    async def tools(self, recorded: Collection[str] = ()) -> tuple[Tool, ...]:
        """None."""
        return ()

    async def find(self, name: str) -> Known | None:
        """None."""
        return None

    async def call(self, name: str, arguments: JSON) -> Answer:
        """Cannot happen: nothing is known."""
        raise NotImplementedError(name)

    @property
    def problems(self) -> tuple[str, ...]:
        """None."""
        return ()

    async def close(self) -> None:
        """Nothing to stop."""
