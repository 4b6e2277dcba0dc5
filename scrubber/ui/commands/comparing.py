"""Which sessions are compared, and the way from a comparison to an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.ages import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.api import OpenStore
    from scrubber.core.session import Session
    from scrubber.ui.panes import Panes

MOST = 8
"""Sessions side by side."""

_HOW = "Choose two to eight sessions in the tree (Ctrl+click), then compare"


class CompareCommands(QObject):
    """Asks the store who belongs together, then has the page compare them."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._page = panes.compare

    def compare(self) -> None:
        """What is nearest at hand: those selected, else the parent, else the forks."""
        session = self._session()
        if len(self._panes.tree.selected()) > 1:
            self.selected()
        elif session is not None and session.relation == "fork" and session.parent is not None:
            self._start([session.parent, session.id])
        elif session is not None and session.children:
            self.siblings()
        else:
            self._panes.tell(_HOW)

    def parent(self) -> None:
        """The session with the one that it comes from."""
        session = self._session()
        if session is not None and session.parent is not None:
            self._start([session.parent, session.id])

    def siblings(self) -> None:
        """The session with the others that leave the same one; a root with its own forks."""
        session, store = self._session(), self._panes.library.store
        if session is None or store is None:
            return
        self._panes.tasks.run("compare", lambda: _family(store, session), self._on_family)

    def _on_family(self, names: list[str]) -> None:
        if len(names) < 2:
            self._panes.tell("There is nothing beside this session to compare it with")
        else:
            self._start(names)

    def selected(self) -> None:
        """Those that are selected in the tree, from top to bottom."""
        names = [session.id for session in self._panes.tree.selected()]
        if len(names) < 2:
            self._panes.tell(_HOW)
        else:
            self._start(names)

    def aside(self, work: Callable[[], object]) -> Callable[[], None]:
        """Make room for what is about the open session alone, then do it."""

        def done() -> None:
            if self._page.isVisible():
                self._page.left.emit()
            work()

        return done

    def back(self) -> None:
        """The comparison that was looked at last, where it was left."""
        if self._page.model.comparison is not None:
            self._page.come_back()

    def _start(self, names: Sequence[str]) -> None:
        if len(names) > MOST:
            self._panes.tell(f"The first {MOST} of {count(len(names), 'session')} are compared")
        self._page.model.compare(names[:MOST])

    def _session(self) -> Session | None:
        return self._panes.tree.chosen() or self._panes.open_session.session

    def open_event(self, session: str, event: int) -> None:
        """Open a session, with the playhead behind an event."""
        self._panes.open_session.go_to(session, event + 1)
        if self._panes.cursor.session == session:
            self._page.left.emit()
        else:
            self._panes.show_session(session)

    def point_at(self, session: str, event: int) -> None:
        """Let the playhead follow, if the event is the open session's."""
        if self._panes.cursor.session == session:
            self._panes.cursor.set_index(event + 1)

    def on_selection(self) -> None:
        """Offer what can be compared."""
        session = self._session()
        self._panes.actions.enable(
            several=len(self._panes.tree.selected()) > 1,
            child=session is not None and session.parent is not None,
        )

    def on_compared(self) -> None:
        """There is something to come back to."""
        self._panes.actions.enable(compared=True)


def _family(store: OpenStore, session: Session) -> list[str]:
    """A session and those beside it, at most MOST; itself always among them."""
    around = store.children(session.parent or session.id)
    kind = session.relation if session.parent is not None else "fork"
    beside = [one for one in around if one.relation == kind]
    runs = [one for one in beside if _task(one) == _task(session)]
    if kind == "subagent" and len(runs) > 1:  # epochs of one sample among many others
        beside = runs
    names = [one.id for one in beside]
    if session.parent is None:
        return [session.id, *names][:MOST]
    at = names.index(session.id) if session.id in names else 0
    first = max(min(at - MOST // 2, len(names) - MOST), 0)
    return names[first : first + MOST]


def _task(session: Session) -> str:
    """A title without the number of the run at its end."""
    return session.title.rstrip("0123456789")
