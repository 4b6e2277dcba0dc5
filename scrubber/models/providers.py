"""What a branch can be run with, for menus and for runs: built in, or an endpoint of the user's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.live.provider import Provider
    from scrubber.live.settings import BranchSettings

REPLAY, PERSON = "replay", "person"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the menu of models."""

    provider: str
    model: str
    title: str
    tip: str = ""


BUILT_IN = (
    Choice(
        REPLAY, "", "Replay", "Offline: plays what the source's model said next, as long as it fits"
    ),
    Choice(PERSON, "", "You write the reply", "Offline: you are the model"),
)


def choices() -> list[Choice]:
    """All there are, the built-in ones first; reads the user's endpoints, so not for the window."""
    from scrubber.live.endpoints import endpoints

    found = [
        Choice(one.name, one.model, one.title, one.url or one.file) for one in endpoints().values()
    ]
    return [*BUILT_IN, *found]


def title_of(settings: BranchSettings) -> str:
    """What runs a branch, in a few words."""
    for one in BUILT_IN:
        if one.provider == settings.provider:
            return one.title
    model = settings.params.model
    return f"{settings.provider} · {model}" if model else settings.provider


def make(settings: BranchSettings) -> Provider | str:
    """The provider of a branch, or the name of a built-in one; may import much."""
    if settings.provider in (REPLAY, PERSON):
        return settings.provider
    from scrubber.live.providers.choosing import provider_for

    return provider_for(settings.provider, settings.params.model)
