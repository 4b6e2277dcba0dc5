"""The branches beside the open session, kept current while they grow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.timeline.prepare import prepare
from scrubber.core.timeline.strips import Strip
from scrubber.core.timeline.view import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.api import OpenStore
    from scrubber.api.comparing import Beside
    from scrubber.core.session import Changes, Session
    from scrubber.core.slices import SliceList
    from scrubber.models.library import Library
    from scrubber.models.open_session import OpenSession

_PAUSE_MS = 300
"""Between two looks at branches that grow."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A strip, and the slices that it was made of."""

    own: SliceList
    strip: Strip


Found = tuple[list[_Known], "list[Session]"]


class Strips(QObject):
    """Looks who is beside the open session: its forks, or the other branches of its parent.

    Signals:
        changed(object, object): a tuple of Strips, and one of the Sessions that are too many.
    """

    changed = Signal(object, object)

    def __init__(self, library: Library, shown: OpenSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._shown = shown
        self._name = ""
        self._strips: dict[str, _Known] = {}
        self._others: frozenset[str] = frozenset()
        self._stale = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        shown.shown.connect(lambda _loaded: self._on_shown())
        library.changed.connect(self._on_changed)

    def _on_shown(self) -> None:
        """Those of the session before are not this one's."""
        session = self._shown.session
        if session is not None and session.id != self._name:
            self._name, self._strips, self._others = session.id, {}, frozenset()
            self.changed.emit((), ())
        self._look()

    def _on_changed(self, changes: Changes | None) -> None:
        """Look again if one of them has grown, come or gone; not too often."""
        session = self._shown.session
        if session is None:
            return
        family = {*self._strips, *self._others, session.id, session.parent}
        touched = changes is None or bool(
            (changes.added | changes.changed | changes.removed) & family
        )
        if touched and not self._pause.isActive():
            self._look()
        elif touched:
            self._stale = True

    def _on_pause(self) -> None:
        if self._stale:
            self._look()

    def _look(self) -> None:
        store, session = self._library.store, self._shown.session
        if store is None or session is None:
            return
        self._stale = False
        self._pause.start()
        name, known = session.id, self._strips
        self._library.tasks.run(
            "strips", lambda: _find(store, name, known), lambda found: self._tell(name, found)
        )

    def _tell(self, name: str, found: Found) -> None:
        near, others = found
        if name == self._name:
            self._strips = {one.strip.session.id: one for one in near}
            self._others = frozenset(one.id for one in others)
            self.changed.emit(tuple(one.strip for one in near), tuple(others))

    def close(self) -> None:
        """Look no more."""
        self._pause.stop()


def _find(store: OpenStore, name: str, known: Mapping[str, _Known]) -> Found:
    """Who is beside a session; only of what has changed the events are looked at."""
    if not store.sessions_with([name]):
        return [], []
    near, others = store.beside(name)
    return [_known(store, one, known.get(one.session.id)) for one in near], others


def _known(store: OpenStore, one: Beside, former: _Known | None) -> _Known:
    if former is not None and (former.strip.start, former.own) == (one.shared, one.own):
        return _Known(one.own, replace(former.strip, session=one.session))
    made = Strip(one.session, one.shared, prepare(store.columns(one.own)))
    for mode in Mode:
        made.prepared.axis(mode)  # not while it is painted: of long ones it takes a while
    return _Known(one.own, made)
