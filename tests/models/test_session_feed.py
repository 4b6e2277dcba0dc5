from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from scrubber.api import open_store
from scrubber.models.session_feed import PAGE, SessionFeed, read_near

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.models.library import Library


def opened(library: Library, store: OpenStore) -> tuple[SessionFeed, str, int]:
    session = store.roots()[0]
    feed = SessionFeed(store, library.tasks, library)
    feed.open(session.id, session.events)
    return feed, session.id, session.events


def test_events_come_later_and_then_stay(qtbot: QtBot, library: Library, store: OpenStore) -> None:
    feed, session, length = opened(library, store)
    assert len(feed) == length
    with qtbot.waitSignal(feed.loaded) as loaded:
        assert feed.event_at(70) is None
    assert loaded.args == [PAGE, 2 * PAGE]
    event = feed.event_at(70)
    assert event == store.events(session, 70, 71)[0]
    assert feed.content_at(70) == store.content(event)
    assert feed.event_at(-1) is None
    assert feed.event_at(length) is None


def test_what_was_asked_for_last_is_read_first(
    qtbot: QtBot, library: Library, store: OpenStore
) -> None:
    feed, _, length = opened(library, store)
    order: list[int] = []
    feed.loaded.connect(lambda first, _last: order.append(first))
    feed.event_at(0)
    feed.event_at(length - 1)
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [(length - 1) // PAGE * PAGE, 0]


def test_another_session_drops_what_is_still_being_read(
    qtbot: QtBot, library: Library, store: OpenStore
) -> None:
    feed, session, _ = opened(library, store)
    child = store.children(session)[0]
    feed.event_at(0)
    with qtbot.waitSignal(feed.reset):
        feed.open(child.id, child.events)
    with qtbot.waitSignal(feed.loaded):
        feed.event_at(0)
    assert feed.event_at(0) == store.events(child.id, 0, 1)[0]


def test_a_grown_session_keeps_its_pages(qtbot: QtBot, library: Library, store: OpenStore) -> None:
    feed, _, length = opened(library, store)
    with qtbot.waitSignal(feed.loaded):
        feed.event_at(0)
    with qtbot.waitSignal(feed.grown) as grown:
        feed.grow(length + 10)
    assert grown.args == [length + 10]
    assert feed.event_at(0) is not None


def test_what_is_seen_of_much_that_came_is_there_at_once(
    library: Library, store: OpenStore
) -> None:
    feed, session, length = opened(library, store)
    feed.open(session, 10)
    seen: list[bool] = []
    feed.grown.connect(lambda now: seen.append(feed.event_at(now - 1) is not None))
    feed.grow(length, near=read_near(store, session, length, length))
    assert seen == [True]
    assert feed.event_at(length - 1) == store.events(session, length - 1, length)[0]


def test_pages_of_large_events_make_room_sooner(
    qtbot: QtBot, library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "large.jsonl"
    message = {"role": "user", "content": "word " * 4_000}
    path.write_bytes(orjson.dumps({"messages": [message] * (20 * PAGE)}) + b"\n")
    with open_store(tmp_path / "large.db") as store:
        (result,) = store.import_paths([path])
        firsts = range(0, result.events, PAGE)
        feed = SessionFeed(store, library.tasks, library)
        feed.open(str(result.session), result.events)
        for first in firsts:
            with qtbot.waitSignal(feed.loaded):
                feed.event_at(first)
        at_hand = [feed.event_at(first) is not None for first in firsts]
        feed.open("", 0)  # it wants none of those that it has dropped
        qtbot.waitUntil(lambda: library.tasks.idle)
    assert at_hand == sorted(at_hand)
    assert 5 < sum(at_hand) < len(at_hand)
