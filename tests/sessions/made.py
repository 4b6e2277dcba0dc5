"""Events for sessions of tests, without a format or a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role, Usage
from scrubber.formats import own

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.content import Content

Item = tuple[Draft, "Content"]


def said(text: str, role: Role = Role.USER, **facts: Any) -> Item:
    """A message."""
    return Draft(Kind.MESSAGE, text, role, size=len(text), **facts), text_content(text)


def cost(model: str | None, usage: Usage, text: str = "used", **facts: Any) -> Item:
    """What a live call has used."""
    facts = {"origin": Origin.SYNTHETIC, **facts}
    return Draft(Kind.USAGE, text, name=model, usage=usage, **facts), text_content("")


def add(store: OpenStore, session: str, *items: Item | str) -> None:
    """Put these at the end of a session."""
    pairs = [said(item) if isinstance(item, str) else item for item in items]
    store.store.append(session, [(own.encode(d, c), d) for d, c in pairs])


def texts(store: OpenStore, session: str) -> list[str]:
    """What the events of a session say, in order."""
    return [event.text for event in store.events(session)]
