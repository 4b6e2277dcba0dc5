"""Writes a session as ``opencode import`` takes it: the shape of its export, under new ids.

What the client needs was tried with version 1.18: ids that sort in the order of the conversation
(those of the source would make it resume the original), ``parentID``, ``cost`` and ``tokens`` of
the model's messages, times that rise. A tool's part holds its call and its result, so a call
without one is answered as interrupted.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from scrubber.core import ages
from scrubber.core.events import Kind
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.base import Handoff
from scrubber.formats.continuing import plan_of
from scrubber.formats.exported import array_items, count_losses, sentences, to_json
from scrubber.formats.opencode.copying import NAME, Copy
from scrubber.formats.opencode.ids import Ids
from scrubber.formats.resuming import missing_program, shell_command, working_folder
from scrubber.places import default_store_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

_NAMESPACE = UUID("2f3c0f52-8e5c-4f0e-9a55-31f6f1d7b6a1")
_LOST = ("reasoning", "rewound", "system", "tools", "unsaid", "agents")


def now_ms() -> int:
    """The moment, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def random_id(transcript: Transcript) -> UUID:
    """An id that no other export has."""
    return uuid4()


def derived_id(transcript: Transcript) -> UUID:
    """The same id for the same session and index."""
    return uuid5(_NAMESPACE, f"{transcript.session.id} {transcript.index}")


class OpenCodeWriter:
    """Copies messages of OpenCode as they are, and writes other events in their shape."""

    name = NAME
    title = "OpenCode"
    suffix = ".json"

    def __init__(
        self,
        new_id: Callable[[Transcript], UUID] = random_id,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._new_id = new_id
        self._now = now

    def losses(self, transcript: Transcript) -> list[str]:
        """What the client keeps elsewhere, what was repaired, and what it could not take back."""
        count, plan = count_losses(transcript), plan_of(transcript, NAME)
        count["reasoning"] = sum(
            event.kind is Kind.REASONING
            and (transcript.format_of(event) != NAME or event.group_id in plan.edited)
            for event in plan.survey.kept(transcript.events())
        )
        found = sentences(count, _LOST)
        if plan.unanswered:
            closed = ages.count(len(plan.unanswered), "open call is", "open calls are")
            found.append(f'{closed} answered with "{INTERRUPTED}"')
        return found

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The session as one object."""
        yield from self._written(transcript, self._new_id(transcript))

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A file beside this program's store, which the client takes into its database itself."""
        folder, warnings = working_folder(transcript.session, cwd)
        name = self._new_id(transcript)
        ids = Ids(name, self._now(), 0)
        path = default_store_path().parent / NAME / f"{ids.session}.json"
        imports, resumes = ["opencode", "import", str(path)], ["opencode", "-s", ids.session]
        command = shell_command(folder, imports, resumes)
        if all(transcript.format_of(event) != NAME for event in transcript.events()):
            warnings.append("the client does not know its model: add --model PROVIDER/MODEL")
        warnings += missing_program("opencode")
        return Handoff(path, ids.session, folder, command, tuple(warnings))

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The session as one object."""
        name = uuid5(_NAMESPACE, handoff.native_id)
        yield from self._written(transcript, name, handoff.cwd, handoff.native_id)

    def _written(
        self,
        transcript: Transcript,
        name: UUID,
        cwd: str | None = None,
        session: str | None = None,
    ) -> Iterator[bytes]:
        now = self._now()
        ids = Ids(name, now, 4 * transcript.index + 16, session)
        copy = Copy(transcript, ids, now, cwd)
        yield b'{"info":' + to_json(copy.info()) + b',"messages":['
        yield from array_items(copy.messages())
        yield b"]}\n"


WRITER = OpenCodeWriter()
