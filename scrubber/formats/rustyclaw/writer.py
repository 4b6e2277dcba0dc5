"""Writes a session as RustyClaw's JSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scrubber.core import ages
from scrubber.formats.document_writing import (
    pretty,
    written_messages,
)
from scrubber.formats.exported import sentences
from scrubber.formats.originals import Originals
from scrubber.formats.rustyclaw.session import FORMAT
from scrubber.formats.rustyclaw.shapes import MOST_MESSAGES, message_of, session_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript

_LOST = (
    "calls", "reasoning", "failed", "images", "rewound", "shown", "unsaid", "tools", "agents",
    "usage",
)  # fmt: skip


class RustyClawWriter:
    """Texts only: the shape has no calls. It is an active session, so that it can go on."""

    name = "rustyclaw"
    title = "RustyClaw session"
    suffix = ".json"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no text, and messages that are more than RustyClaw keeps."""
        found = sentences(Originals(transcript, FORMAT).losses(), _LOST)
        beyond = len(_messages(Originals(transcript, FORMAT))) - MOST_MESSAGES
        if beyond > 0:
            gone = ages.count(beyond, "older message is", "older messages are")
            found.append(f"{gone} left out: RustyClaw keeps the last {MOST_MESSAGES}")
        return found

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The session, in the layout of serde's pretty printer."""
        yield pretty(session_of(transcript))


def _messages(own: Originals) -> list[JSON]:
    make = partial(message_of, created_ms=own.transcript.session.created)
    return list(written_messages(own, make))


def session_of(transcript: Transcript) -> dict[str, Any]:
    """A session up to its cut; what was cut or edited has a key of its own, below the old one."""
    own, session = Originals(transcript, FORMAT), transcript.session
    messages, before = _messages(own), own.document()
    is_whole = transcript.index == session.events
    if is_whole and messages == (before.get("messages") or [] if before else None):
        return before
    agent = str(before.get("agentId") or "main")
    return session_object(
        f"agent:{agent}:subagent:{session.id}",
        agent,
        messages,
        created_ms=session.created,
        kind="subagent",
        label=session.title or None,
        task=before.get("task"),
        parentKey=before.get("key"),
    )


WRITER = RustyClawWriter()
