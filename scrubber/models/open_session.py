"""The session that the window shows: its facts, its track, and steps through it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core import provenance
from scrubber.core.ages import clock, count
from scrubber.core.describe import describe
from scrubber.core.timeline.prepare import PreparedTrack, prepare
from scrubber.core.track import Track
from scrubber.models.navigation import Stop, next_stop, previous_stop
from scrubber.models.session_feed import PAGE, Fresh, SessionFeed, read_fresh, read_near

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.core.session import Changes, Session
    from scrubber.core.slices import SliceList
    from scrubber.models.cursor import Cursor
    from scrubber.models.library import Library

_REMEMBERED = 500
_PAUSE = 3.0
"""How long to wait between two loads of a session that changes, in times of the load itself."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that is needed to show a session at once."""

    session: Session
    prepared: PreparedTrack
    slices: SliceList
    """What it is made of: tells events that were added at its end from any other change."""
    fresh: Fresh | None = None
    """What it has grown by since it was loaded, if that is little."""
    near: Fresh | None = None
    """The events that are seen first, so that nothing flickers."""
    seconds: float = 0.0
    """How long loading took."""


class OpenSession(QObject):
    """Loads the session that the user has chosen, and keeps it current while the store changes.

    Signals:
        shown(object): a session is on screen: a Loaded.
        updated(object): the session on screen has changed: a Loaded.
        gone(str): it was deleted; the session that it came from, if that is still there.
        status_changed(str): where the playhead stands, in words.
    """

    shown = Signal(object)
    updated = Signal(object)
    gone = Signal(str)
    status_changed = Signal(str)

    def __init__(self, library: Library, cursor: Cursor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._cursor = cursor
        self.feed = SessionFeed(library.store, library.tasks, self)
        self.session: Session | None = None
        self.track = Track()
        self._slices: SliceList | None = None
        self._places: dict[str, int] = {}
        self._messages: dict[int, int] = {}
        self.may_follow: Callable[[], bool] = lambda: True
        """Whether a playhead at the end goes on with it: not if the reader is elsewhere."""
        self._stale = self._loading = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._reload)
        library.opened.connect(self.feed.set_store)
        library.changed.connect(self._on_changed)
        cursor.index_changed.connect(self._on_index)

    def open(self, name: str, index: int | None = None) -> None:
        """Show a session, with the playhead where it was last, at first at the end."""
        store = self._library.store
        if store is None or (self.session and self.session.id == name and index is None):
            return
        self._loading = False  # whatever was under way gives way to this
        place = index if index is not None else self._places.get(name)

        def work() -> Loaded:
            loaded = _load(store, name)
            at = loaded.session.events if place is None else place
            near = read_near(store, loaded.session.id, at, loaded.session.events)
            return replace(loaded, near=near)

        self._library.tasks.run("open", work, lambda loaded: self._show(loaded, index))

    def go_to(self, session: str, index: int) -> None:
        """Put the playhead of a session at an index: now, or when the session is opened."""
        if self.session is not None and self.session.id == session:
            self._cursor.set_index(index)
        else:
            self._places[session] = index

    def close(self) -> None:
        """Show no session."""
        self._remember_place()
        self._stale = self._loading = False
        self.session, self.track = None, Track()
        self.feed.open("", 0)
        self._cursor.close()

    def _remember_place(self) -> None:
        if self.session is not None:
            self._places[self.session.id] = self._cursor.index
            while len(self._places) > _REMEMBERED:
                self._places.pop(next(iter(self._places)))

    def _show(self, loaded: Loaded, index: int | None) -> None:
        session = loaded.session
        self._stale = self._loading = False
        self._remember_place()
        self.session, self.track = session, loaded.prepared.track
        self._slices = loaded.slices
        self._messages.clear()
        self.feed.open(session.id, session.events, loaded.near)
        place = index if index is not None else self._places.get(session.id, session.events)
        self._cursor.open(session.id, session.events, place)
        self.shown.emit(loaded)
        self._on_index(self._cursor.index)

    def _on_changed(self, changes: Changes | None) -> None:
        session, store = self.session, self._library.store
        if session is None or store is None:
            return
        if changes is not None and session.id in changes.removed:
            self.close()
            if session.parent is not None and session.parent not in changes.removed:
                self.gone.emit(session.parent)
        elif changes is None or session.id in changes.changed:
            self._stale = True
            self._reload()

    def _reload(self) -> None:
        """Load anew what has changed: one load at a time, and none right behind a slow one.

        A session that grows all the time is shown as fast as it can be read, and no faster.
        """
        session, store = self.session, self._library.store
        busy = self._loading or self._pause.isActive()
        if session is None or store is None or busy or not self._stale:
            return
        self._stale, self._loading = False, True
        name, known = session.id, session.events
        follows = self._cursor.index == known
        self._library.tasks.run(
            "open", lambda: _load(store, name, known, follows), self._refresh, self._on_failed
        )

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        self._library.tasks.failed.emit(str(error))

    def _refresh(self, loaded: Loaded) -> None:
        self._loading = False
        self._pause.start(round(loaded.seconds * _PAUSE * 1000))
        before, now = self.session, loaded.session
        if before is None or before.id != now.id:
            return
        former, self._slices = self._slices, loaded.slices
        self.session, self.track = now, loaded.prepared.track
        follows = self._cursor.index == before.events < now.events and self.may_follow()
        if loaded.slices.between(0, before.events) != former:
            self.feed.open(now.id, now.events)
        elif now.events > before.events:
            self.feed.grow(now.events, loaded.fresh, loaded.near if follows else None)
        self._cursor.set_length(now.events, follow=follows)
        self.updated.emit(loaded)

    # Steps

    def step(self, stop: Stop, forward: bool) -> None:
        """Move to the next or previous message, tool call or error; stay if there is none."""
        find = next_stop if forward else previous_stop
        index = find(self.track, self._cursor.index, stop)
        if index is not None:
            self._cursor.set_index(index)
        elif stop is Stop.MESSAGE:
            self._cursor.set_index(self._cursor.length if forward else 0)

    def describe(self, index: int) -> str:
        """What stands at an index, for tooltips: at once, or nothing."""
        event = self.feed.event_at(index)
        if event is None:
            return ""
        origin = provenance.word(event)
        return f"{origin} · {describe(event, 160)}" if origin else describe(event, 160)

    def _on_index(self, index: int) -> None:
        self._tell(index)
        store, session = self._library.store, self.session
        if store is None or session is None or index in self._messages:
            return
        name = session.id
        self._library.tasks.run(
            "status",
            lambda: store.totals(name, index).messages,
            lambda messages: self._on_messages(name, index, messages),
        )

    def _on_messages(self, name: str, index: int, messages: int) -> None:
        if self.session is not None and self.session.id == name:
            self._messages[index] = messages
            if self._cursor.index == index:
                self._tell(index)

    def _tell(self, index: int) -> None:
        if self.session is None:
            self.status_changed.emit("")
            return
        parts = [f"{index:,} / {self._cursor.length:,}"]
        if index in self._messages:
            parts.append(count(self._messages[index], "message"))
        if 0 < index <= len(self.track) and self.track.times[index - 1]:
            parts.append(clock(self.track.times[index - 1]))
        self.status_changed.emit(" · ".join(parts))


def _load(store: OpenStore, name: str, known: int | None = None, follows: bool = False) -> Loaded:
    """All of a session; of one whose first ``known`` events are on screen, what came since.

    That is all of it, or if it is much and the playhead ``follows`` it, what will be seen.
    """
    began, session = time.perf_counter(), store.session(name)
    fresh = near = None
    if known is not None and 0 < session.events - known <= PAGE:
        fresh = read_fresh(store, session.id, known, session.events)
    elif known is not None and follows and known < session.events:
        near = read_near(store, session.id, session.events, session.events)
    prepared = prepare(store.track(session.id))
    slices = store.store.slices(session.id).between(0, session.events)
    return Loaded(session, prepared, slices, fresh, near, time.perf_counter() - began)
