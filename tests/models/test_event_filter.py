from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.core.query import QueryError
from scrubber.core.session import Changes
from scrubber.models.cursor import Cursor
from scrubber.models.event_filter import EventFilter

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.models.library import Library


@pytest.fixture
def cursor(store: OpenStore) -> Cursor:
    cursor = Cursor()
    session = store.roots()[0]
    cursor.open(session.id, session.events, 40)
    return cursor


@pytest.fixture
def model(library: Library, tasks, cursor: Cursor) -> EventFilter:
    return EventFilter(library, tasks, cursor)


def ask(qtbot, model, text):
    with qtbot.waitSignal(model.changed):
        model.set_text(text)


def test_each_event_fits_or_does_not(qtbot, model, cursor, store):
    ask(qtbot, model, "role:user,tool is:error")
    events = store.events(cursor.session)
    assert model.mask == bytes(
        e.is_error and e.role.label in ("user", "tool") and e.visibility.label != "hidden"
        for e in events
    )
    assert model.shown == model.mask.count(1) > 0
    assert cursor.index == 40


def test_an_empty_query_shows_everything(qtbot, model, cursor):
    ask(qtbot, model, "is:error")
    ask(qtbot, model, "")
    assert model.mask is None
    assert not model.is_on
    assert model.shown == cursor.length


def test_nonsense_leaves_what_is_shown(qtbot, model):
    ask(qtbot, model, "is:error")
    before = model.mask
    with qtbot.waitSignal(model.failed) as caught:
        model.set_text("is:error kind:")
    assert isinstance(caught.args[0], QueryError)
    assert model.mask == before


def test_a_longer_session_is_looked_through_from_where_it_grew(qtbot, model, cursor, store):
    ask(qtbot, model, "role:user")
    whole = model.mask
    shorter = cursor.length - 20
    cursor.set_length(shorter)
    qtbot.waitUntil(lambda: len(model.mask) == shorter or model.mask == whole)
    model.mask = whole[:shorter]
    with qtbot.waitSignal(model.changed):
        cursor.set_length(shorter + 20)
    assert model.mask == whole


def test_another_session_is_filtered_too(qtbot, model, cursor, store):
    ask(qtbot, model, "role:user")
    other = next(s for s in store.sessions() if s.id != cursor.session)
    with qtbot.waitSignals([model.changed, model.changed]):
        cursor.open(other.id, other.events, 0)
    assert len(model.mask) == other.events


def test_a_new_bookmark_counts_at_once(qtbot, model, cursor, store, library):
    ask(qtbot, model, "is:bookmarked")
    assert model.shown == 0
    place = next(e.index for e in store.events(cursor.session, 12) if e.role.label == "user")
    store.notes.bookmark(cursor.session, place)
    with qtbot.waitSignal(model.changed):
        library.changed.emit(Changes(changed=frozenset({cursor.session})))
    assert model.mask.find(1) == place
    assert model.shown == 1


def test_from_fit_to_fit(qtbot, model, cursor, store):
    ask(qtbot, model, "is:error")
    places = [n + 1 for n, fits in enumerate(model.mask) if fits]
    assert len(places) > 2
    assert model.next_fit(0, 1) == places[0]
    assert model.next_fit(places[0], 1) == places[1]
    assert model.next_fit(places[1], -1) == places[0]
    assert model.next_fit(places[0], -1) is None
    assert model.next_fit(cursor.length, 1) is None
