"""How an event came to be, in words: the same ones in every pane, on the command line, in help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Event, Origin, Role

if TYPE_CHECKING:
    from scrubber.core.content import Content

WORDS = {
    Origin.EDITED: "edited",
    Origin.RESAMPLED: "resampled",
    Origin.STUBBED: "stubbed",
    Origin.TYPED: "typed",
    Origin.SYNTHETIC: "synthetic",
}
OFF_POLICY = "off-policy"

EXPLAINED = {
    "edited": "Edited by hand: the original says something else",
    "resampled": "Drawn anew: a model, or a real tool, gave this on the branch",
    "stubbed": "Answered by the policy of the branch, not by the tool",
    "typed": "Typed by hand",
    "synthetic": "Put in by Scrubber, so that the conversation is whole",
    OFF_POLICY: "The model did not say this: what follows goes on from words put into its mouth",
}

RUNGS = {
    "static": "fixed text",
    "error": "fixed error",
    "ask-always": "always answered so",
    "ask-timeout": "nobody answered in time",
    "live-denied": "denied by a rule",
    "live": "the real tool",
}
"""Rungs of the ladder that say more than the origin does."""


def word(event: Event, content: Content | None = None) -> str:
    """The word for an event's origin, and the rung where that says more; empty if recorded."""
    found = WORDS.get(event.origin, "")
    rung = RUNGS.get(rung_of(content)) if content is not None else None
    return f"{found}: {rung}" if found and rung else found


def rung_of(content: Content) -> str:
    """Which rung of the ladder answered a call; empty where none is told."""
    detail = content.detail
    told = detail.get("told") if isinstance(detail, dict) else None
    return str(told.get("rung") or "") if isinstance(told, dict) else ""


def is_off_policy(event: Event) -> bool:
    """Whether a hand has put words into the model's mouth here."""
    return event.role is Role.ASSISTANT and event.origin in (Origin.EDITED, Origin.TYPED)


def explained(words: str) -> str:
    """What a word of these means, in a sentence; empty for any other."""
    return EXPLAINED.get(words.partition(":")[0], "")
