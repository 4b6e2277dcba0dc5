"""Writes a session as a rollout that Codex resumes: ``codex resume <session id>``.

What the client needs was tried with versions 0.44 to 0.169: the facts of the session first, under
an id that is a UUID and in the file's name, its own items as they were, lines numbered without
gaps where they were numbered, compact JSON, a line end at the end, no byte order mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core import ages
from scrubber.core.events import Kind
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.codex.copying import Copy
from scrubber.formats.codex.ids import random_id
from scrubber.formats.codex.kept import NAME, Outline, outline_of
from scrubber.formats.exported import count_losses, sentences, traits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from scrubber.core.transcript import Transcript

OPENAI = "openai"
"""The model provider that every Codex has; others stand in its user's configuration."""

_BESIDE = ("hidden", "shown", "unsaid", "agents", "failed")
_LOST = ("reasoning", "rewound", "tools", *_BESIDE, "stray")


class CodexWriter:
    """Copies lines of Codex as they are, and writes other events in their shape."""

    name = NAME
    title = "Codex CLI"
    suffix = ".jsonl"

    def __init__(
        self, new_id: Callable[[Transcript], UUID] = random_id, provider: str = OPENAI
    ) -> None:
        """``provider``: of the model of a session that names none, as other agents' do."""
        self._new_id = new_id
        self._provider = provider

    def losses(self, transcript: Transcript) -> list[str]:
        """What Codex keeps elsewhere, what was repaired, and what it could not take back."""
        outline, count = outline_of(transcript), count_losses(transcript)
        count["reasoning"], count["stray"] = 0, count["orphans"]
        for event in outline.plan.survey.kept(transcript.events()):
            is_native = transcript.format_of(event) == NAME
            if event.kind is Kind.REASONING:
                count["reasoning"] += not is_native or outline.is_stale(event)
            elif is_native and not outline.is_left_out(event, is_native):
                count.subtract(trait for trait in traits_of(event) if trait in _BESIDE)
        return [*sentences(+count, _LOST), *_repairs(outline)]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The lines of the rollout."""
        yield from Copy(transcript, self._new_id(transcript), self._provider).lines()


def _repairs(outline: Outline) -> Iterator[str]:
    if number := len(outline.plan.unanswered):
        closed = ages.count(number, "open call is", "open calls are")
        yield f'{closed} answered with "{INTERRUPTED}"'
    if outline.meta.get("history_base"):
        yield "what came before the session's file, in its parent's, is left out"
    provider = outline.meta.get("model_provider")
    if isinstance(provider, str) and provider != OPENAI:
        yield f"Codex only resumes it where the model provider {provider!r} is configured"


WRITER = CodexWriter()
