"""Writes a session as an envelope of fluers. Its file is to be called ``<uuid>.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Kind, Role
from scrubber.formats.documents import document_of, own_piece, pretty, written_messages
from scrubber.formats.exported import count_losses, sentences
from scrubber.formats.fluers import FORMAT
from scrubber.formats.fluers.shapes import envelope, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
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
        return sentences(count_losses(transcript), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, in the layout of serde's pretty printer."""
        yield pretty(envelope_of(transcript))


def envelope_of(transcript: Transcript) -> dict[str, Any]:
    """The envelope of a session up to its cut."""
    messages = list(written_messages(transcript, FORMAT, message_of))
    if before := document_of(transcript, FORMAT):
        prompt = before.get("system_message") if _has_prompt(transcript) else _system(messages)
        return {**before, "system_message": prompt, "messages": messages}
    model = transcript.session.model or ""
    return envelope(messages, model=model, system_message=_system(messages))


def _has_prompt(transcript: Transcript) -> bool:
    """Whether the envelope's system prompt is still that of the session: it may be edited."""
    return any(
        event.kind is Kind.MESSAGE and event.role is Role.SYSTEM
        for event in transcript.events()
        if (piece := own_piece(transcript, FORMAT, event)) is not None and piece.message < 0
    )


def _system(messages: list[JSON]) -> str | None:
    """The system prompt, if the first message is one of nothing but text: it leaves the list."""
    content = messages[0].get("content", []) if messages else []
    if not messages or messages[0]["role"] != "system" or any("text" not in b for b in content):
        return None
    messages.pop(0)
    return "\n".join(block["text"] for block in content)


WRITER = FluersWriter()
