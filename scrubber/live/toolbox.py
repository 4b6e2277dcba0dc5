"""Real tools, for the ``live`` rung: what a runner asks for them, whoever runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.live.desk import Answer
    from scrubber.live.provider import Tool


class Toolbox(Protocol):
    """The tools that can really be run."""

    async def tools(self) -> tuple[Tool, ...]:
        """What there is, as a model is told of it; what cannot be reached is left out."""
        ...

    async def knows(self, name: str) -> bool:
        """Whether a call of this name can be run."""
        ...

    async def call(self, name: str, arguments: JSON) -> Answer:
        """Run a tool; what fails is told in the answer, never raised. May be cancelled."""
        ...

    async def close(self) -> None:
        """Stop whatever was started."""
        ...


class EmptyToolbox:
    """No tools."""

    async def tools(self) -> tuple[Tool, ...]:
        """None."""
        return ()

    async def knows(self, name: str) -> bool:
        """Never."""
        return False

    async def call(self, name: str, arguments: JSON) -> Answer:
        """Cannot happen: nothing is known."""
        raise NotImplementedError(name)

    async def close(self) -> None:
        """Nothing to stop."""
