"""Writes a session as a file that Claude Code resumes: ``claude --resume <session id>``.

What the client needs was tried with versions 1.0 to 2.1, and is done by its own SDK's fork: new
uuids, each parent the nearest record that was kept, one ``message.id`` for all records of a
message, no sidechains, rising times, compact JSON, a line end at the end. The file's name must be
the ``sessionId`` of its records, in the folder of the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from scrubber.core import ages
from scrubber.core.events import Event, Kind, Mark
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.anthropic_messages import blocks_of_event
from scrubber.formats.base import Handoff
from scrubber.formats.claude_code.copying import NAME, Copy, has_seal
from scrubber.formats.claude_code.kept import is_kept, parse
from scrubber.formats.claude_code.places import project_name, projects_folder
from scrubber.formats.continuing import Plan, plan_of
from scrubber.formats.exported import count_losses, sentences, traits_of
from scrubber.formats.resuming import missing_program, shell_command, working_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

_NAMESPACE = UUID("6f0f4f0c-52f4-4d55-9d5e-5c2b1d2f7a10")
_BESIDE = ("hidden", "shown", "unsaid")
_LOST = ("reasoning", "rewound", "system", "tools", *_BESIDE, "agents")


def random_id(transcript: Transcript) -> UUID:
    """A session id that no other export has."""
    return uuid4()


def derived_id(transcript: Transcript) -> UUID:
    """The same session id for the same session and index."""
    return uuid5(_NAMESPACE, f"{transcript.session.id} {transcript.index}")


class ClaudeCodeWriter:
    """Copies records of Claude Code as they are, and writes other events in their shape."""

    name = NAME
    title = "Claude Code"
    suffix = ".jsonl"

    def __init__(self, new_id: Callable[[Transcript], UUID] = random_id) -> None:
        self._new_id = new_id

    def losses(self, transcript: Transcript) -> list[str]:
        """What the client keeps elsewhere, what was repaired, and what it could not take back."""
        count, plan = count_losses(transcript), plan_of(transcript, NAME)
        count["reasoning"] = 0
        for event in plan.survey.kept(transcript.events()):
            if event.kind is Kind.REASONING:
                count["reasoning"] += not _is_resumable(transcript, event, plan)
            beside = [trait for trait in traits_of(event) if trait in _BESIDE]
            if beside and _is_in_chain(transcript, event):
                count.subtract(beside)
        found = sentences(count, _LOST)
        if plan.unanswered:
            closed = ages.count(len(plan.unanswered), "open call is", "open calls are")
            found.append(f'{closed} answered with "{INTERRUPTED}"')
        return found

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The records, one a line."""
        yield from Copy(transcript, self._new_id(transcript)).lines()

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A new file in the folder that the client looks in when it is started in ``cwd``."""
        folder, warnings = working_folder(transcript.session, cwd)
        name = str(self._new_id(transcript))
        model = transcript.session.model
        if model and any(event.kind is Kind.REASONING for event in transcript.events()):
            warnings.append(f"only the same model takes its reasoning up: add --model {model}")
        return Handoff(
            projects_folder() / project_name(folder) / f"{name}.jsonl",
            name,
            folder,
            shell_command(folder, ["claude", "--resume", name]),
            (*warnings, *missing_program("claude")),
        )

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The records, one a line."""
        yield from Copy(transcript, UUID(handoff.native_id)).lines()


def _is_in_chain(transcript: Transcript, event: Event) -> bool:
    """Whether an event's record is copied, although the model never saw it as a message."""
    if event.marks & Mark.DUPLICATE or transcript.format_of(event) != NAME:
        return False
    return is_kept(parse(transcript.raw(event)))


def _is_resumable(transcript: Transcript, event: Event, plan: Plan) -> bool:
    if event.group_id in plan.edited:
        return False
    if transcript.format_of(event) == NAME:
        return True
    return bool(blocks_of_event(event, transcript.content(event), has_seal(transcript, event)))


WRITER = ClaudeCodeWriter()
