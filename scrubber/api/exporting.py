"""Taking sessions home: to a file, or into an agent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.core.lint import Repair
from scrubber.formats import registry
from scrubber.transfer import checking, exporting, handing_over, linting
from scrubber.transfer.redacting import Redactor

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from scrubber.core.redaction import Finding, Wanted
    from scrubber.store.verify import Fault
    from scrubber.transfer.handing_over import Continuation
    from scrubber.transfer.progress import Progress


def _redactor(redact: Iterable[Finding] | None) -> Redactor | None:
    return None if redact is None else Redactor.of(redact)


class Exporting(Part):
    """Export, continuing in an agent, and checks."""

    def export_losses(
        self,
        session: str,
        at: int | None,
        format: str,
        against: str | None = None,
        redact: Iterable[Finding] | None = None,
    ) -> list[str]:
        """What an export would lose, in plain words; with ``against``, of either session."""
        return exporting.losses(self.store, session, at, format, against, _redactor(redact))

    def export(
        self,
        session: str,
        at: int | None = None,
        format: str = "native",
        tree: bool = False,
        against: str | None = None,
        redact: Iterable[Finding] | None = None,
    ) -> Iterator[bytes]:
        """The exported file, piece by piece; see ``scrubber.transfer.exporting.export``.

        ``redact``: what ``secrets`` found; those of it that are to be replaced are.
        """
        redactor = _redactor(redact)
        return exporting.export(self.store, session, at, format, tree, against, redactor)

    def export_to(
        self,
        path: str | os.PathLike[str],
        session: str,
        at: int | None = None,
        format: str = "native",
        *,
        tree: bool = False,
        against: str | None = None,
        overwrite: bool = False,
        progress: Progress | None = None,
        redact: Iterable[Finding] | None = None,
    ) -> int:
        """Export to a file, whole or not at all; gives its size in bytes."""
        pieces = self.export(session, at, format, tree, against, redact)
        return exporting.write_file(pieces, Path(path), overwrite, progress)

    def continue_in(
        self,
        session: str,
        at: int | None = None,
        format: str | None = None,
        *,
        cwd: str | None = None,
        repair: Repair | str = Repair.INTERRUPT,
        dry_run: bool = False,
        progress: Progress | None = None,
        redact: Iterable[Finding] | None = None,
    ) -> Continuation:
        """Write a session, or its beginning, as a new one where an agent looks for its sessions.

        ``format`` None: the agent that it came from; ``cwd``: the folder for the agent to work in,
        if not the recorded one. ``repair`` says what is done about open calls: ``interrupt``
        answers them as interrupted, ``snap`` moves the cut back to the last closed point.
        ``dry_run`` only tells what would be done. The command that resumes it is in the result.
        """
        repair = linting.parse_repair(repair)
        if repair is Repair.SNAP:
            found = self.store.session(session)
            at = linting.lint_cut(self.store, found, found.events if at is None else at).snap_to
        return handing_over.continue_in(
            self.store,
            session,
            at,
            format,
            cwd=cwd,
            dry_run=dry_run,
            progress=progress,
            redactor=_redactor(redact),
        )

    def secrets(
        self,
        session: str,
        at: int | None = None,
        *,
        tree: bool = False,
        against: str | None = None,
        wanted: Wanted | None = None,
        progress: Progress | None = None,
    ) -> list[Finding]:
        """What looks like a secret in all that such an export would write; changes nothing.

        Each says whether it is to be replaced, which is for the caller to decide: ``find.replace``.
        ``wanted``: texts and patterns that are found whatever they look like.
        """
        from scrubber.transfer import scanning

        sessions = exporting.written(self.store, session, at, tree, against)
        return scanning.scan(self.store, sessions, wanted, progress)

    @staticmethod
    def agents() -> list[tuple[str, str]]:
        """(name, title) of the formats whose agents resume sessions; needs no store."""
        return [(name, found.title) for name, found in sorted(registry.agents().items())]

    def verify(self, progress: Progress | None = None) -> Iterator[Fault]:
        """Check everything that can be checked; gives what is wrong, and where."""
        return checking.check(self.store, progress)
