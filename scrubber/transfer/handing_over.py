"""Sends a session back into an agent: a new session of its own, where it looks for them.

Nothing of the agent is ever overwritten or changed: the file is created, readable by its owner
only, whole or not at all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.formats import registry
from scrubber.transfer import exporting
from scrubber.transfer.stored_transcript import StoredTranscript, replaced, transcript_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.session import Session
    from scrubber.formats.base import AgentWriter, Handoff
    from scrubber.store import Store
    from scrubber.transfer.progress import Progress
    from scrubber.transfer.redacting import Redactor


@dataclass(frozen=True, slots=True)
class Continuation:
    """A session as it was, or will be, handed over to an agent."""

    session: str
    at: int
    format: str
    path: Path
    """The file in the agent's place."""
    native_id: str
    """The agent's id of the new session."""
    cwd: str
    """The folder that the agent works in."""
    command: str
    """Resumes the session, typed into a shell."""
    losses: tuple[str, ...]
    """What the agent cannot take back, in plain words."""
    warnings: tuple[str, ...]
    """What may keep it from resuming, in plain words."""
    size: int | None = None
    """Bytes that were written; None: nothing was."""


def continue_in(
    store: Store,
    session: str,
    at: int | None = None,
    format: str | None = None,
    *,
    cwd: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    redactor: Redactor | None = None,
) -> Continuation:
    """Write a session up to an index (None: all of it) as one that an agent resumes.

    ``format`` None: the agent that it came from. ``dry_run`` tells what would be done, and writes
    nothing. A BadArgumentError names a bad index, or a format that no agent resumes.
    """
    found, index = exporting.resolve(store, session, at)
    writer = _agent(found, format)
    transcript = transcript_of(store, found, index, redactor)
    handoff = writer.handoff(transcript, cwd)
    losses = tuple(writer.losses(transcript))
    if redactor:
        stored = StoredTranscript(store, found, index)
        losses = (*replaced(stored, redactor, is_copied=True), *losses)
    continuation = _told(found, index, writer, handoff, losses)
    if dry_run:
        return continuation
    pieces = writer.hand_over(transcript, handoff)
    if redactor:
        pieces = redactor.guarded(pieces)
    size = write_new(pieces, handoff.path, progress)
    return replace(continuation, size=size)


def _agent(session: Session, format: str | None) -> AgentWriter:
    if format is None and session.format not in registry.agents():
        known = ", ".join(sorted(registry.agents()))
        raise BadArgumentError(
            f"session {session.id}: {session.format} cannot resume sessions; choose one of {known}"
        )
    return registry.agent(format or session.format)


def _told(
    session: Session, index: int, writer: AgentWriter, handoff: Handoff, losses: tuple[str, ...]
) -> Continuation:
    return Continuation(
        session.id,
        index,
        writer.name,
        handoff.path,
        handoff.native_id,
        handoff.cwd,
        handoff.command,
        losses,
        handoff.warnings,
    )


def write_new(pieces: Iterator[bytes], path: Path, progress: Progress | None = None) -> int:
    """Write a file that must not be there yet, whole or not at all; gives its size.

    A FileExistsError names one that is there: it stays as it is.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever creates the empty file owns the name; what is written then takes its place at once.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        return exporting.write_file(pieces, path, overwrite=True, progress=progress)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
