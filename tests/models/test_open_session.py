from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scrubber.core.session import Changes
from scrubber.models import session_feed
from scrubber.models.cursor import Cursor
from scrubber.models.open_session import OpenSession
from scrubber.models.session_feed import PAGE, read_near

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.models.library import Library


@pytest.mark.parametrize("index", [None, 0, 70])
def test_what_is_seen_first_is_there_when_a_session_is_shown(
    qtbot: QtBot, library: Library, store: OpenStore, index: int | None
) -> None:
    cursor, session = Cursor(library), store.roots()[0]
    shown = OpenSession(library, cursor, library)
    seen: list[Event | None] = []

    def look() -> None:
        at = min(cursor.index, cursor.length - 1)
        seen.extend(shown.feed.event_at(place) for place in range(max(at - 10, 0), at + 1))
        assert shown.feed.content_at(at) == store.content(store.events(session.id, at, at + 1)[0])

    shown.shown.connect(look)
    with qtbot.waitSignal(shown.shown):
        shown.open(session.id, index)
    assert seen
    assert None not in seen
    qtbot.waitUntil(lambda: library.tasks.idle)


def test_the_end_is_there_when_much_has_come_and_is_followed(
    qtbot: QtBot, library: Library, store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor, session = Cursor(library), store.roots()[0]
    shown = OpenSession(library, cursor, library)
    short = replace(session, events=5)
    with monkeypatch.context() as before:
        before.setattr(type(store), "session", lambda _store, _name: short)
        with qtbot.waitSignal(shown.shown):
            shown.open(session.id)
    seen: list[Event | None] = []
    shown.feed.grown.connect(lambda now: seen.append(shown.feed.event_at(now - 1)))
    with qtbot.waitSignal(shown.updated):
        library.changed.emit(Changes(changed=frozenset({session.id})))
    assert seen == store.events(session.id, session.events - 1, session.events)
    qtbot.waitUntil(lambda: library.tasks.idle)


def test_pages_are_read_whole_and_not_beforehand_if_they_hold_much(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = store.roots()[0]
    near = read_near(store, session.id, PAGE + 3, session.events)
    assert near is not None
    assert (near.start, len(near.events)) == (0, 2 * PAGE)
    assert near.events == store.events(session.id, 0, 2 * PAGE)
    end = read_near(store, session.id, session.events, session.events)
    assert end is not None
    assert end.start % PAGE == 0
    assert end.start + len(end.events) == session.events
    assert read_near(store, session.id, 0, 0) is not None
    monkeypatch.setattr(session_feed, "_SEEN_BYTES", 10)
    assert read_near(store, session.id, PAGE, session.events) is None
