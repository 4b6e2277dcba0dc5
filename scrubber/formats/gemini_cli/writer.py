"""Writes a session as a file that Gemini CLI resumes: ``gemini --resume <session id>``.

What the client needs was read in its source and tried with version 0.61: a name that begins with
``session-``, a header, an id that no other session has, one record a message. Its own copies of
results (records of nothing but function responses) are left out: it would send them twice.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from scrubber.core import ages
from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import INTERRUPTED, is_opening
from scrubber.core.messages import spoken_events
from scrubber.formats.base import Handoff
from scrubber.formats.exported import count_losses, sentences, traits_of
from scrubber.formats.gemini_cli.copying import Copy
from scrubber.formats.gemini_cli.kept import NAME, SHOWN, Plan, plan_of
from scrubber.formats.gemini_cli.made import is_skipped, iso
from scrubber.formats.gemini_cli.messages import CONTEXTS
from scrubber.formats.gemini_cli.places import chats_folder
from scrubber.formats.resuming import missing_program, shell_command, working_folder

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

_NAMESPACE = UUID("3d9a5f0e-8a52-4f0e-9b7e-6d1f0c2a4b91")
_BESIDE = ("hidden", "shown")
_LOST = ("rewound", "system", "tools", "unsaid", *_BESIDE, "agents", "stray")
_REPEATED = {Kind.MIRROR, Kind.SESSION_START, Kind.TITLE, Kind.MODEL_CALL, Kind.STATE}


def random_id(transcript: Transcript) -> UUID:
    """A session id that no other export has."""
    return uuid4()


def derived_id(transcript: Transcript) -> UUID:
    """The same session id for the same session and index."""
    return uuid5(_NAMESPACE, f"{transcript.session.id} {transcript.index}")


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class GeminiWriter:
    """Copies messages of Gemini CLI as they are, and writes all others in their shape."""

    name = NAME
    title = "Gemini CLI"
    suffix = ".jsonl"

    def __init__(
        self,
        new_id: Callable[[Transcript], UUID] = random_id,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._new_id = new_id
        self._now = now

    def losses(self, transcript: Transcript) -> list[str]:
        """What the client keeps elsewhere, what was repaired, and what it could not take back."""
        count, plan = count_losses(transcript), plan_of(transcript)
        skipped = 0
        for event in plan.survey.kept(transcript.events()):
            if _is_kept_beside(transcript, event):
                count.subtract(trait for trait in traits_of(event) if trait in _BESIDE)
            if event.kind is Kind.MESSAGE and event.role is Role.USER:
                skipped += is_skipped(event.text)
        count["stray"] = plan.stray
        return [*sentences(count, _LOST), *_repairs(plan, count, skipped)]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The records, one a line."""
        yield from Copy(transcript, self._new_id(transcript), self._now()).lines()

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A new file in the folder that the client looks in when it is started in ``cwd``."""
        folder, warnings = working_folder(transcript.session, cwd)
        name = str(self._new_id(transcript))
        minute = iso(self._now())[:16].replace(":", "-")
        if not any(map(_is_resumable, spoken_events(transcript))):
            warnings.append("there is no message to resume from: the client will not list it")
        return Handoff(
            chats_folder(folder) / f"session-{minute}-{name[:8]}.jsonl",
            name,
            folder,
            shell_command(folder, ["gemini", "--resume", name]),
            (*warnings, *missing_program("gemini")),
        )

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The records, one a line."""
        yield from Copy(transcript, UUID(handoff.native_id), self._now()).lines()


def _is_kept_beside(transcript: Transcript, event: Event) -> bool:
    """Whether an event is written, or says nothing new, although it is no message."""
    if event.kind not in _REPEATED | SHOWN:
        return False
    return transcript.format_of(event) == NAME


def _is_resumable(event: Event) -> bool:
    """Whether the client lists a session for an event."""
    is_said = event.role in (Role.USER, Role.ASSISTANT)
    return is_said and is_opening(event) and not event.text.startswith(CONTEXTS)


def _repairs(plan: Plan, count: Counter[str], skipped: int) -> Iterator[str]:
    if count["reasoning"]:
        yield "reasoning is shown by the client, but never sent to the model again"
    if skipped:
        begin = ages.count(skipped, "prompt begins", "prompts begin")
        yield f"{begin} with / or ?, which the client skips: an invisible sign is put in front"
    if plan.unanswered:
        closed = ages.count(len(plan.unanswered), "open call is", "open calls are")
        yield f'{closed} answered with "{INTERRUPTED}"'


WRITER = GeminiWriter()
