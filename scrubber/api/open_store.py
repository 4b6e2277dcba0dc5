"""A store that is open: import, read, fork, export, check."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrubber.core.describe import fork_title
from scrubber.core.errors import BadArgumentError
from scrubber.core.lint import Lint, Repair
from scrubber.core.session import Changes
from scrubber.formats import registry
from scrubber.places import default_store_path
from scrubber.store import Store
from scrubber.transfer import checking, editing, exporting, found, handing_over, importing, linting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from scrubber.core.content import Content
    from scrubber.core.events import Event, Totals
    from scrubber.core.running import Outcome
    from scrubber.core.session import Session
    from scrubber.core.track import Track
    from scrubber.live.provider import Provider
    from scrubber.live.run import Plan
    from scrubber.store.blocks import Place
    from scrubber.store.verify import Fault
    from scrubber.transfer.editing import Edit
    from scrubber.transfer.handing_over import Continuation
    from scrubber.transfer.importing import Imported
    from scrubber.transfer.progress import Progress


def open_store(path: str | os.PathLike[str] | None = None, *, read_only: bool = False) -> OpenStore:
    """Open a store, creating it if it is not there; ``path`` None: the default place.

    Raises StoreError for a file that is no store, is damaged, or is of a newer version.
    """
    return OpenStore(Store(Path(path) if path is not None else default_store_path(), read_only))


@dataclass(frozen=True, slots=True)
class Fork:
    """A new fork: the session, what was wrong with the cut, and what changed in the store."""

    session: Session
    lint: Lint
    changes: Changes


class OpenStore:
    """One store, for any number of threads; a context manager that closes it.

    ``session`` arguments take an id, or the beginning of one (Scrubber's or the agent's own) that
    no other has; UnknownSessionError, a LookupError, names what was not found. Indices are
    exclusive cuts 0…N; BadArgumentError, a ValueError, names one that is out of range.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.store.path

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        self.store.close()

    # Import

    def import_paths(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        format: str | None = None,
        progress: Progress | None = None,
        each: Callable[[Imported], None] | None = None,
    ) -> list[Imported]:
        """Import a file, a folder, or several; gives a result for each session.

        Only what is new is added; a file that cannot be read gives a result with the status
        ``failed``. ``each`` is called with every result as soon as its session is in. ``progress``
        can cancel: a CancelledError, and what was imported up to then stays.
        """
        several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        results: list[Imported] = []
        for result in importing.import_paths(self.store, map(Path, several), format, progress):
            results.append(result)
            if each is not None:
                each(result)
        return results

    def found(self) -> list[found.Found]:
        """Sessions of agents on this machine, by folder; nothing of them is read."""
        return list(found.find_sessions())

    @staticmethod
    def formats() -> list[tuple[str, str, bool, bool]]:
        """(name, title, can be read, can be written) of every format; needs no store."""
        readers, writers = registry.formats(), registry.writers()
        titles = {
            **{n: w.title for n, w in writers.items()},
            **{n: f.title for n, f in readers.items()},
        }
        return [
            (name, titles[name], name in readers, name in writers)
            for name in sorted(titles)
            if name != "scrubber"
        ]

    @staticmethod
    def endings() -> tuple[str, ...]:
        """The endings of files that may be transcripts, such as ``.jsonl``; needs no store."""
        return registry.endings()

    # Reading

    def session(self, session: str) -> Session:
        """What is known of a session."""
        return self.store.session(session)

    def sessions(self) -> list[Session]:
        """All sessions, those changed last first."""
        return self.store.sessions()

    def roots(self) -> list[Session]:
        """The sessions that are nobody's child, those changed last first."""
        return self.store.roots()

    def page(
        self, words: str = "", order: str = "updated", start: int = 0, count: int = 200
    ) -> list[Session]:
        """Some of the top-level sessions, sorted by ``updated``, ``title``, ``events``, ``tokens``
        or ``errors``; with ``words``, of all sessions that hold each of them."""
        return self.store.page(words, order, start, count)

    def sessions_with(self, ids: Iterable[str]) -> list[Session]:
        """The sessions with these ids, those that are gone left out."""
        return self.store.sessions_with(ids)

    def ancestry(self, session: str) -> list[Session]:
        """A session and what it comes from, the first ancestor first."""
        return self.store.ancestry(session)

    def children(self, session: str) -> list[Session]:
        """A session's forks and sub-agents, in the order in which they leave it."""
        return self.store.children(session)

    def events(self, session: str, start: int = 0, stop: int | None = None) -> list[Event]:
        """The events start…stop-1 of a session, clipped to it."""
        return self.store.events(session, start, stop)

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        format = self.store.source(event.source).format
        return registry.get(format).content(self.store.raw(event), event.part)

    def raw(self, event: Event) -> bytes:
        """The record that an event was derived from, byte for byte."""
        return self.store.raw(event)

    def place(self, event: Event) -> tuple[str | None, Place]:
        """The file of an event's record (None: made here), and line, offset and size in it."""
        return self.store.source(event.source).path, self.store.place(event)

    def totals(self, session: str, at: int | None = None) -> Totals:
        """Messages, tokens, errors and open calls in front of an index (None: of all)."""
        return self.store.totals(session, at)

    def track(self, session: str) -> Track:
        """The packed columns that a timeline is painted from."""
        return self.store.track(session)

    # Forking

    def lint(self, session: str, at: int) -> Lint:
        """What is wrong with a cut, and how it can be repaired; changes nothing."""
        return linting.lint_cut(self.store, self.store.session(session), at)

    def fork(
        self,
        session: str,
        at: int,
        *,
        title: str = "",
        note: str = "",
        repair: Repair | str = Repair.NONE,
        expected_revision: int | None = None,
        key: str | None = None,
    ) -> Fork:
        """Fork a session: a new one that shares its first ``at`` events.

        ``repair`` says what to do if the cut is not closed: ``none`` keeps it as it is, ``snap``
        moves it back to the last closed point, ``interrupt`` answers open calls with a result
        marked as made up. The source never changes. ConflictError: see Store.fork.
        """
        repair = linting.parse_repair(repair)
        source = self.store.session(session)
        verdict = linting.lint_cut(self.store, source, at)
        index = verdict.snap_to if repair is Repair.SNAP else at
        last = linting.last_spoken(self.store, source, index)

        def work() -> str:
            child, _ = self.store.fork(
                source.id,
                index,
                title=title or fork_title(index, last),
                note=note,
                expected_revision=expected_revision,
            )
            if repair is Repair.INTERRUPT:
                self.store.append(child.id, linting.closing_results(verdict))
            return child.id

        request = json.dumps(["fork", source.id, at, title, note, repair])
        child = self.store.session(self.store.once(key, request, work))
        changes = Changes(added=frozenset({child.id}), changed=frozenset({source.id}))
        return Fork(child, verdict, changes)

    def fork_edited(
        self,
        session: str,
        index: int,
        edit: Edit,
        *,
        keep_following: bool = False,
        title: str = "",
        note: str = "",
        key: str | None = None,
    ) -> Fork:
        """Fork a session with its event ``index`` (from 0) edited; the session stays as it is.

        ``keep_following``: what comes after the event is shared too; without it the fork ends with
        the edited event.
        """
        return self._edited(
            [
                "edit",
                self.store.session(session).id,
                index,
                asdict(edit),
                keep_following,
                title,
                note,
            ],
            key,
            lambda one: editing.fork_edited(
                self.store, one, index, edit, keep_following, title, note
            ),
        )

    def fork_with_system(
        self,
        session: str,
        text: str,
        *,
        keep_following: bool = True,
        title: str = "",
        note: str = "",
        key: str | None = None,
    ) -> Fork:
        """Fork a session with another system prompt, or with one where its source has none."""
        return self._edited(
            ["system", self.store.session(session).id, text, keep_following, title, note],
            key,
            lambda one: editing.fork_with_system(
                self.store, one, text, keep_following, title, note
            ),
        )

    def _edited(self, request: list[Any], key: str | None, work: Callable[[str], str]) -> Fork:
        source = str(request[1])
        child = self.store.session(self.store.once(key, json.dumps(request), lambda: work(source)))
        verdict = linting.lint_cut(self.store, child, child.events)
        changes = Changes(added=frozenset({child.id}), changed=frozenset({source}))
        return Fork(child, verdict, changes)

    # Running on

    def continue_branch(
        self,
        session: str,
        provider: Provider | str = "replay",
        plan: Plan | None = None,
        **how: Any,
    ) -> Outcome:
        """Let a branch run on until its turn ends, and wait for that; see ``running``.

        For programs with an event loop there is ``scrubber.api.running.continue_branch``, which is
        awaited and takes the same.
        """
        import asyncio

        from scrubber.api.running import continue_branch

        return asyncio.run(continue_branch(self.store, session, provider, plan, **how))

    # Changing

    def rename(self, session: str, title: str) -> Changes:
        """Give a session a title, which imports no longer change."""
        if not title.strip():
            raise BadArgumentError("a title must not be empty")
        return self.store.update(session, title=title.strip())

    def set_note(self, session: str, note: str) -> Changes:
        """Write a note on a session."""
        return self.store.update(session, note=note)

    def dependents(self, session: str) -> list[Session]:
        """The forks and sub-agents below a session, at any depth."""
        return self.store.dependents(session)

    def delete(self, session: str) -> Changes:
        """Put a session and all below it away; ``restore`` brings it back, ``purge`` does not."""
        return self.store.trash(session)

    def restore(self, session: str) -> Changes:
        """Bring back a session that was deleted, and what was deleted with it."""
        return self.store.restore(session)

    def purge(self) -> int:
        """Delete for good what was put away; gives the bytes that became free."""
        return self.store.purge()

    # Export and checks

    def export_losses(self, session: str, at: int | None, format: str) -> list[str]:
        """What an export would lose, in plain words."""
        return exporting.losses(self.store, session, at, format)

    def export(
        self,
        session: str,
        at: int | None = None,
        format: str = "native",
        tree: bool = False,
        against: str | None = None,
    ) -> Iterator[bytes]:
        """The exported file, piece by piece; see ``scrubber.transfer.exporting.export``."""
        return exporting.export(self.store, session, at, format, tree, against)

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
    ) -> int:
        """Export to a file, whole or not at all; gives its size in bytes."""
        pieces = self.export(session, at, format, tree, against)
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
            self.store, session, at, format, cwd=cwd, dry_run=dry_run, progress=progress
        )

    @staticmethod
    def agents() -> list[tuple[str, str]]:
        """(name, title) of the formats whose agents resume sessions; needs no store."""
        return [(name, found.title) for name, found in sorted(registry.agents().items())]

    def verify(self, progress: Progress | None = None) -> Iterator[Fault]:
        """Check everything that can be checked; gives what is wrong, and where."""
        return checking.check(self.store, progress)
