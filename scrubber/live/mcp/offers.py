"""What a server says about itself and its tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool, as its server describes it.

    The last four are the server's own word for what the tool does, and no more than hints: what is
    not said is None, and by the protocol counts as the worse of both.
    """

    name: str
    description: str
    schema: JSON
    definition: JSON
    """All that the server says of it."""
    title: str = ""
    read_only: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool | None = None

    @property
    def hints(self) -> tuple[str, ...]:
        """What it does, in words, by its server's word; the worst first."""
        if self.read_only:
            words = ["only reads"]
        elif self.destructive is False:
            words = ["adds, and changes nothing that is there"]
        elif self.destructive:
            words = ["may change or delete what is there"]
        else:
            words = ["does not say whether it changes anything"]
        if self.open_world:
            words.append("reaches the outside world")
        if self.idempotent and not self.read_only:
            words.append("a second call changes nothing more")
        return tuple(words)


@dataclass(frozen=True, slots=True)
class Greeting:
    """A server's answer to being started."""

    name: str
    version: str
    protocol: str
    """The version of the protocol that is spoken, such as ``2025-11-25``."""
    offers: tuple[Offer, ...]


def offer_of(definition: dict[str, Any]) -> Offer:
    """A tool from its JSON in ``tools/list``."""
    definition = {key: value for key, value in definition.items() if value is not None}
    hints = definition.get("annotations") or {}
    return Offer(
        definition["name"],
        definition.get("description") or "",
        definition.get("inputSchema") or {"type": "object"},
        definition,
        definition.get("title") or hints.get("title") or "",
        hints.get("readOnlyHint"),
        hints.get("destructiveHint"),
        hints.get("idempotentHint"),
        hints.get("openWorldHint"),
    )
