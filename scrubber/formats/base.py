"""What a transcript format is: a reader from bytes to events, and from an event to its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrubber.core.content import Content
    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.core.transcript import Transcript


@dataclass(slots=True)
class Reading:
    """One record and the events derived from it; final as ``Content`` is.

    The ``raw`` bytes of all readings, one after the other, are the bytes of the source; what
    separates records belongs to one of them.
    """

    raw: Final[bytes]
    drafts: Final[Sequence[Draft]]


class Reader(Protocol):
    """Reads one source from its beginning to its end."""

    infos: dict[str, SessionInfo]
    """What is known so far of the sessions of this source, by log."""
    warnings: list[tuple[int, str]]
    """(line from 1, reason) of what was odd; nothing odd is fatal."""

    # A reader whose ``read`` may be called again, with a stream that begins at the first byte that
    # was no record yet, says so by ``goes_on = True``: its files can be followed as they grow.

    @property
    def pending(self) -> bytes:
        """After reading: bytes at the end that are no whole record yet."""
        ...

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records of a source in order, in bounded memory."""
        ...


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A folder where an agent keeps sessions, and the pattern of their files in it."""

    folder: Path
    pattern: str


class Format(Protocol):
    """A transcript format. Formats are stateless and shared between threads.

    One whose sources are no plain files (archives, databases, folders) has parts of
    ``containers.Container``, too.
    """

    name: str
    """Its word on the command line, such as ``claude-code``."""
    title: str
    """Its name for people, such as ``Claude Code``."""
    version: int
    """Rises when the reader derives other events from the same bytes."""

    def sniff(self, path: Path, head: bytes) -> int:
        """How sure it is, 0 (no) to 100, that a file that begins with ``head`` is of its kind."""
        ...

    def reader(self, path: Path) -> Reader:
        """A reader for one source file."""
        ...

    def content(self, raw: bytes, part: int) -> Content:
        """The whole content of an event, from its record's bytes and its part of them."""
        ...

    def places(self) -> Sequence[FoundPlace]:
        """Where on this machine such files are kept."""
        ...


class Writer(Protocol):
    """Writes a session up to an index as a file of some format."""

    name: str
    """Its word on the command line, as in ``export --format``."""
    title: str
    """Its name for people."""
    suffix: str
    """The ending of such files, as in ``.jsonl``."""

    def losses(self, transcript: Transcript) -> list[str]:
        """What the format cannot hold of this session, in plain words; told before writing."""
        ...

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, piece by piece, in bounded memory where the format allows it."""
        ...


class PairWriter(Writer, Protocol):
    """A writer that compares two sessions."""

    def write_pair(self, better: Transcript, worse: Transcript) -> Iterator[bytes]:
        """The file of both; a BadArgumentError says at once why they are no pair."""
        ...


class TreeWriter(Writer, Protocol):
    """A writer that can write a session with all that is below it."""

    def write_tree(self, transcripts: Sequence[Transcript]) -> Iterator[bytes]:
        """The file of several sessions, the first of them the root of all."""
        ...


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where a session is to be written so that an agent resumes it, and how it does."""

    path: Path
    """The file to be written. It may be in folders that are not there yet."""
    native_id: str
    """The agent's id of the new session; no other has it."""
    cwd: str
    """The folder that the agent works in."""
    command: str
    """Resumes it, typed into a shell."""
    warnings: tuple[str, ...] = ()
    """What may keep the agent from resuming it as it is, in plain words."""


@runtime_checkable
class AgentWriter(Writer, Protocol):
    """A writer whose sessions an agent resumes: what ``export --to-agent`` uses."""

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """Choose a new id and the agent's place for it; writes nothing.

        ``cwd``: the folder to work in, instead of the one that the session was recorded in. The
        agent's own environment variables are respected. A BadArgumentError says why there is no
        such place.
        """
        ...

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The file for the agent, with a line end at its end if it is text.

        It has the new id wherever the old one stood, and names the session it comes from as the
        agent itself does. Calls without a result are answered as interrupted.
        """
        ...


def parse_time(text: object) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 time, None if it is none."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1 < time.year < 9999:
        return None  # a zero time, as Go writes it; and no zone can push it out of the calendar
    since = time - (_EPOCH if time.tzinfo else _EPOCH_WITHOUT_ZONE)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WITHOUT_ZONE = datetime(1970, 1, 1)
