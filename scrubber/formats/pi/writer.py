"""Writes a session as a file that pi resumes: ``pi --session <file>``.

What the client needs was tried with versions 0.73 and 0.87, and is done by its own ``/fork``: a
header of version 3 that names the file it comes from, then the way from the root to the cut with
the ids that its entries have, each hanging on the one in front of it; answers with usage, API,
provider and model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from scrubber.core import ages
from scrubber.core.events import Kind, Mark
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.anthropic_messages import SEALED_BLOCKS
from scrubber.formats.base import Handoff
from scrubber.formats.continuing import plan_of
from scrubber.formats.exported import count_losses, sentences, traits_of
from scrubber.formats.pi.chain import stamp
from scrubber.formats.pi.copying import NAME, Copy
from scrubber.formats.pi.places import project_folder
from scrubber.formats.resuming import missing_program, shell_command, working_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.events import Event
    from scrubber.core.transcript import Transcript
    from scrubber.formats.continuing import Plan

_LOST = ("reasoning", "rewound", "system", "tools", "hidden", "shown", "unsaid", "agents", "stray")


def random_id(transcript: Transcript) -> str:
    """A session id that no other export has."""
    return str(uuid4())


class PiWriter:
    """Copies entries of pi as they are, and writes other events in their shape."""

    name = NAME
    title = "pi"
    suffix = ".jsonl"

    def __init__(self, new_id: Callable[[Transcript], str] = random_id) -> None:
        self._new_id = new_id

    def losses(self, transcript: Transcript) -> list[str]:
        """What pi could not take back, and what was repaired."""
        plan, count = plan_of(transcript, NAME), count_losses(transcript)
        count["reasoning"], calls = 0, set[str | None]()
        for event in plan.survey.kept(transcript.events()):
            is_native = transcript.format_of(event) == NAME and not event.marks & Mark.DUPLICATE
            if is_native:
                count.subtract(trait for trait in traits_of(event) if trait != "reasoning")
            if event.kind is Kind.REASONING:
                count["reasoning"] += not _is_kept(transcript, event, plan)
            elif event.kind is Kind.TOOL_CALL:
                calls.add(event.call_id)
            elif event.kind is Kind.TOOL_RESULT:
                count["stray"] += not is_native and event.call_id not in calls
        return [*sentences(+count, _LOST), *_repairs(plan)]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The header and the entries, one a line."""
        yield from Copy(transcript, self._new_id(transcript), transcript.session.cwd).lines()

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A new file in the folder for the sessions of a project."""
        folder, warnings = working_folder(transcript.session, cwd)
        name = self._new_id(transcript)
        when = stamp(transcript.session.updated).replace(":", "-").replace(".", "-")
        path = project_folder(folder) / f"{when}_{name}.jsonl"
        command = shell_command(folder, ["pi", "--session", str(path)])
        return Handoff(path, name, folder, command, (*warnings, *missing_program("pi")))

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The header and the entries, one a line."""
        yield from Copy(transcript, handoff.native_id, handoff.cwd).lines()


def _repairs(plan: Plan) -> Iterator[str]:
    if number := len(plan.unanswered):
        closed = ages.count(number, "open call is", "open calls are")
        yield f'{closed} answered with "{INTERRUPTED}"'


def _is_kept(transcript: Transcript, event: Event, plan: Plan) -> bool:
    """Whether reasoning goes along: pi's own, and Anthropic's with its seal; not under an edit."""
    if event.group_id in plan.edited:
        return False
    if transcript.format_of(event) == NAME:
        return True
    has_seal = bool(event.marks & Mark.SEALED) or bool(transcript.content(event).signature)
    return has_seal and transcript.format_of(event) in SEALED_BLOCKS


WRITER = PiWriter()
