"""Writes a session as an envelope of fluers. Its file is to be called ``<uuid>.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.document_writing import (
    count_other_losses,
    document_of,
    has_own_prompt,
    pretty,
    take_prompt,
    written_messages,
)
from scrubber.formats.exported import sentences
from scrubber.formats.fluers import FORMAT
from scrubber.formats.fluers.shapes import envelope, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

_LOST = (
    "open", "orphans", "reasoning", "failed", "rewound", "shown", "unsaid", "tools", "agents",
    "times", "usage",
)  # fmt: skip


class FluersWriter:
    """Puts the messages into the envelope that the session came from, or into a new one."""

    name = "fluers"
    title = "fluers"
    suffix = ".json"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message: times, tokens, reasoning, marks of failure."""
        return sentences(count_other_losses(transcript, FORMAT), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, in the layout of serde's pretty printer."""
        yield pretty(envelope_of(transcript))


def envelope_of(transcript: Transcript) -> dict[str, Any]:
    """The envelope of a session up to its cut."""
    messages = list(written_messages(transcript, FORMAT, message_of))
    if before := document_of(transcript, FORMAT):
        kept = has_own_prompt(transcript, FORMAT)
        prompt = before.get("system_message") if kept else take_prompt(messages)
        return {**before, "system_message": prompt, "messages": messages}
    model, prompt = transcript.session.model or "", take_prompt(messages)
    return envelope(messages, model=model, system_message=prompt)


WRITER = FluersWriter()
