"""Changes of the store that can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from scrubber.core.session import Changes
from scrubber.models.edits import carry_out
from scrubber.models.library.part import Part
from scrubber.models.library.undo import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import Fork
    from scrubber.core.lint import Repair
    from scrubber.models.edits import EditRequest


@dataclass(frozen=True, slots=True)
class ForkRequest:
    """What the fork dialog asks for."""

    session: str
    at: int
    title: str
    note: str
    repair: Repair


class Changing(Part):
    """Each change is made in the background, put on the undo stack, and broadcast once."""

    def fork(self, request: ForkRequest) -> None:
        """Fork a session; ``forked`` tells when it is done."""
        store = self.store
        if store is None:
            return

        self._fork(
            lambda: store.fork(
                request.session,
                request.at,
                title=request.title,
                note=request.note,
                repair=request.repair,
            )
        )

    def edit(self, request: EditRequest) -> None:
        """Fork a session with an event that says something else; ``forked`` tells when."""
        store = self.store
        if store is not None:
            self._fork(lambda: carry_out(store, request))

    def fork_siblings(
        self, session: str, at: int, number: int, title: str, done: Callable[[list[str]], None]
    ) -> None:
        """So many forks of one point, undone together; ``done`` is given their ids."""
        store = self.store
        if store is None:
            return

        def work() -> list[str]:
            from scrubber.live.siblings import fork_siblings

            return fork_siblings(store.store, session, at, number, title)

        def each(change: Callable[[str], Changes], names: list[str]) -> Changes:
            return reduce(Changes.__or__, (change(name) for name in names))

        def made(names: list[str]) -> None:
            self._push(
                f"{number} branches",
                lambda: each(store.restore, names),
                lambda: each(store.delete, names),
            )
            self.changed.emit(Changes(added=frozenset(names), changed=frozenset({session})))
            done(names)

        self.tasks.run("", work, made, durable=True)

    def _fork(self, work: Callable[[], Fork]) -> None:
        store = self.store
        if store is None:
            return

        def done(fork: Fork) -> None:
            name = fork.session.id
            self._push(
                f"fork “{fork.session.title}”",
                lambda: store.restore(name),
                lambda: store.delete(name),
            )
            self.changed.emit(fork.changes)
            self.forked.emit(fork)

        self.tasks.run("", work, done, durable=True)

    def rename(self, session: str, title: str) -> None:
        """Give a session another title."""
        store = self.store
        if store is None:
            return

        def work() -> tuple[str, Changes]:
            return store.session(session).title, store.rename(session, title)

        def done(result: tuple[str, Changes]) -> None:
            former = result[0]
            self._push(
                f"rename to “{title}”",
                lambda: store.rename(session, title),
                lambda: store.rename(session, former or "untitled"),
            )
            self.changed.emit(result[1])

        self.tasks.run("", work, done, durable=True)

    def delete(self, session: str, title: str) -> None:
        """Put a session and all below it away."""
        store = self.store
        if store is None:
            return

        def done(changes: Changes) -> None:
            self._push(
                f"delete “{title}”", lambda: store.delete(session), lambda: store.restore(session)
            )
            self.changed.emit(changes)

        self.tasks.run("", lambda: store.delete(session), done, durable=True)

    def _push(self, text: str, redo: Callable[[], Changes], undo: Callable[[], Changes]) -> None:
        self.undo_stack.push(Command(text, redo, undo, self.do))

    def change(self, text: str, redo: Callable[[], Changes], undo: Callable[[], Changes]) -> None:
        """Make a change that can be taken back, and broadcast it."""

        def done(changes: Changes) -> None:
            self._push(text, redo, undo)
            self.changed.emit(changes)

        self.tasks.run("", redo, done, durable=True)

    def do(self, work: Callable[[], Changes]) -> None:
        """Make a change in the background, then broadcast it."""
        self.tasks.run("", work, self.changed.emit, durable=True)
