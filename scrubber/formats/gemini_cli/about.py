"""Events that are told about a record, and not in it: their parts, drafts and words."""

from __future__ import annotations

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Kind, Mark, Usage, Visibility, one_line

REWIND, MIRROR, EDIT = -1, -2, -3
AGENTS = -10
"""Part of the first sub-agent of a record; that of the next one is smaller by one, and so on."""

_WORDS = {
    REWIND: "what came after this point is no longer part of the conversation",
    MIRROR: "repeats what the log holds already",
    EDIT: "a message was replaced to which others are attached: the model sees the new one",
}


def content_about(part: int) -> Content:
    """The content of an event that is told about a record."""
    return text_content(_WORDS.get(part, "a sub-agent has ended"))


def rewind(ref: int) -> Draft:
    """The conversation goes on from in front of the log's event ``ref``."""
    return Draft(Kind.REWIND, _WORDS[REWIND], visibility=Visibility.UI_ONLY, ref=ref, part=REWIND)


def mirror(ref: int, usage: Usage | None) -> Draft:
    """The record repeats what begins at the log's event ``ref``."""
    hidden, again = Visibility.HIDDEN, Mark.DUPLICATE
    return Draft(
        Kind.MIRROR, _WORDS[MIRROR], visibility=hidden, marks=again, ref=ref, usage=usage,
        part=MIRROR,
    )  # fmt: skip


def edit(ref: int) -> Draft:
    """A message in the middle, the one at ``ref``, was replaced."""
    shown = Visibility.UI_ONLY
    return Draft(Kind.CONTEXT_EDIT, _WORDS[EDIT], visibility=shown, ref=ref, part=EDIT)


def agent_end(agent: str, call: int, title: str, number: int, ts: int | None) -> Draft:
    """The ``number``-th sub-agent of a record has ended; ``call`` started it."""
    return Draft(
        Kind.SUBAGENT_END, one_line(title or "sub-agent"), visibility=Visibility.UI_ONLY, ts=ts,
        name=agent, ref=call, part=AGENTS - number,
    )  # fmt: skip
