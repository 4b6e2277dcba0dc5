"""Writes a session as an envelope of fluers. Its file is to be called ``<uuid>.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.document_writing import (
    pretty,
    take_prompt,
    written_messages,
)
from scrubber.formats.exported import sentences
from scrubber.formats.fluers import FORMAT
from scrubber.formats.fluers.shapes import envelope, message_of
from scrubber.formats.originals import Originals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

_LOST = (
    "open", "orphans", "reasoning", "failed", "rewound", "shown", "unsaid", "addresses", "tools",
    "agents", "times", "usage",
)  # fmt: skip


class FluersWriter:
    """Puts the messages into the envelope that the session came from, or into a new one."""

    name = "fluers"
    title = "fluers"
    suffix = ".json"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message: times, tokens, reasoning, marks of failure."""
        return sentences(Originals(transcript, FORMAT).losses(), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, in the layout of serde's pretty printer."""
        yield pretty(envelope_of(transcript))


def envelope_of(transcript: Transcript) -> dict[str, Any]:
    """The envelope of a session up to its cut."""
    own = Originals(transcript, FORMAT)
    messages = list(written_messages(own, message_of))
    if before := own.document():
        kept = own.has_prompt()
        prompt = before.get("system_message") if kept else take_prompt(messages)
        return {**before, "system_message": prompt, "messages": messages}
    model, prompt = transcript.session.model or "", take_prompt(messages)
    return envelope(messages, model=model, system_message=prompt)


WRITER = FluersWriter()
