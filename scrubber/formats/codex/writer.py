"""Writes a session as a rollout that Codex resumes: ``codex resume <session id>``.

What the client needs was tried with versions 0.44 to 0.169: the facts of the session first, under
an id that is a UUID and in the file's name, its own items as they were, lines numbered without
gaps where they were numbered, compact JSON, a line end at the end, no byte order mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from scrubber.core import ages
from scrubber.core.events import Kind
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.base import Handoff
from scrubber.formats.codex.copying import Copy
from scrubber.formats.codex.facts import Address
from scrubber.formats.codex.ids import file_name, random_id
from scrubber.formats.codex.kept import NAME, Outline, meta_of, outline_of
from scrubber.formats.codex.places import OPENAI, codex_home, providers
from scrubber.formats.exported import count_losses, sentences, traits_of
from scrubber.formats.resuming import missing_program, shell_command, working_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

_BESIDE = ("hidden", "shown", "unsaid", "agents", "failed")
_LOST = ("reasoning", "rewound", "tools", *_BESIDE, "stray")


class CodexWriter:
    """Copies lines of Codex as they are, and writes other events in their shape."""

    name = NAME
    title = "Codex CLI"
    suffix = ".jsonl"

    def __init__(self, new_id: Callable[[Transcript], UUID] = random_id) -> None:
        self._new_id = new_id

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
        yield from Copy(transcript, Address(self._new_id(transcript))).lines()

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A new rollout where the client looks for them, whatever folder it is started in."""
        folder, warnings = working_folder(transcript.session, cwd)
        id = self._new_id(transcript)
        provider = meta_of(transcript).get("model_provider")
        if isinstance(provider, str) and provider not in providers().known:
            warnings.append(f"the model provider {provider!r} is not in {codex_home()}/config.toml")
        return Handoff(
            codex_home() / "sessions" / file_name(id),
            str(id),
            folder,
            shell_command(folder, ["codex", "resume", str(id)]),
            (*warnings, *missing_program("codex")),
        )

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The lines of the rollout, for the user's own model provider if the session has none."""
        address = Address(UUID(handoff.native_id), handoff.cwd, providers().chosen)
        yield from Copy(transcript, address).lines()


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
