from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QTimer

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.query.texts import strings, texts_of
from scrubber.models.cursor import Cursor
from scrubber.models.finder import CHUNK, Finder, chunks_around, chunks_from
from tests.ui.inspector.libraries import main_session, open_library, record, write_records
from tests.ui.transcript.feeds import event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.models.library import Library

LENGTH = 3000


def story() -> list[dict[str, Any]]:
    """A needle behind the preview of every 500th event, a Straw in one, and one that is hidden."""
    records = [
        record(n, "hay " * 200 + ("NEEDLE" if n % 500 == 7 else ""), ("user", "assistant")[n % 2])
        for n in range(LENGTH)
    ]
    records[1234]["message"]["content"][0]["text"] += " Straw"
    records.append({"type": "summary", "summary": "a hidden needle", "leafUuid": "x"})
    return records


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Imported once: it takes a moment."""
    from scrubber.api import open_store

    folder = tmp_path_factory.mktemp("finder")
    file = write_records(folder / "s.jsonl", story())
    with open_store(folder / "store.db") as store:
        list(store.import_paths([file]))
    return folder / "store.db"


@pytest.fixture
def library(qtbot: QtBot, store_path: Path) -> Iterator[Library]:
    with open_library(qtbot, store_path) as opened:
        yield opened


@pytest.fixture
def cursor() -> Cursor:
    return Cursor()


@pytest.fixture
def finder(library: Library, cursor: Cursor) -> Finder:
    session = main_session(library)
    cursor.open(session.id, session.events, 1500)
    return Finder(library, cursor)


def finish(qtbot: QtBot, finder: Finder) -> list[int]:
    qtbot.waitUntil(lambda: not finder.searching, timeout=20_000)
    return finder.matches


NEEDLES = [7, 507, 1007, 1507, 2007, 2507]


def test_finds_behind_the_preview_in_any_case(qtbot, finder):
    finder.search("needle")
    assert finish(qtbot, finder) == NEEDLES


def test_finds_as_it_is_written(qtbot, finder):
    finder.search("straw", any_case=False)
    assert finish(qtbot, finder) == []
    finder.search("Straw", any_case=False)
    assert finish(qtbot, finder) == [1234]


def test_hidden_events_only_when_they_are_shown(qtbot, finder):
    finder.search("needle")
    finish(qtbot, finder)
    finder.set_hidden(True)
    assert finish(qtbot, finder) == [*NEEDLES, LENGTH]


def test_the_newest_query_wins(qtbot, finder):
    for text in ("h", "ha", "hay", "Straw"):
        finder.search(text)
    assert finish(qtbot, finder) == [1234]


def test_the_surroundings_come_first_and_the_list_is_always_sorted(qtbot, finder):
    seen: list[list[int]] = []
    finder.changed.connect(lambda: seen.append(list(finder.matches)))
    finder.search("hay")
    finish(qtbot, finder)
    assert all(matches == sorted(set(matches)) for matches in seen)
    first = next(matches for matches in seen if matches)
    assert 1500 in first
    assert finder.matches == list(range(LENGTH))


def test_stepping_goes_round_the_ends(qtbot, finder):
    assert finder.next_after(3) is None
    finder.search("needle")
    finish(qtbot, finder)
    assert (finder.next_after(7), finder.next_after(2507), finder.next_after(-1)) == (507, 7, 7)
    assert (finder.last_before(507), finder.last_before(7), finder.last_before(-1)) == (
        7,
        2507,
        2507,
    )
    assert (finder.rank_of(1007), finder.rank_of(1008)) == (3, None)


def test_another_session_is_searched_anew_and_none_not_at_all(qtbot, finder, cursor):
    finder.search("needle")
    finish(qtbot, finder)
    cursor.close()
    assert finder.matches == []
    assert not finder.searching


def test_what_is_added_at_the_end_is_found(qtbot, finder, cursor):
    session, length = cursor.session, cursor.length
    cursor.open(session, 1000, 0)
    finder.search("needle")
    assert finish(qtbot, finder) == [7, 507]
    cursor.set_length(1200)
    cursor.set_length(length)
    assert finish(qtbot, finder) == NEEDLES
    cursor.set_length(600)
    assert finish(qtbot, finder) == [7, 507]


def test_stopping_forgets(qtbot, finder):
    finder.search("hay")
    finder.stop()
    assert (finder.matches, finder.searching) == ([], False)


def test_the_window_never_waits(qtbot, finder):
    """A timer that should fire all the time does so while the search goes on."""
    beats: list[float] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    finder.search("hay")
    finish(qtbot, finder)
    timer.stop()
    gaps = [b - a for a, b in pairwise(beats)]
    assert max(gaps, default=0) < 0.15


def test_a_record_that_cannot_be_read_does_not_end_the_search(qtbot, finder, library, monkeypatch):
    content = library.store.content

    def broken(one):
        if one.index == 507:
            raise KeyError("content")
        return content(one)

    monkeypatch.setattr(library.store, "content", broken)
    finder.search("needle")
    assert finish(qtbot, finder) == [n for n in NEEDLES if n != 507]


@pytest.mark.parametrize("length", [0, 1, CHUNK, CHUNK + 1, 10 * CHUNK - 1])
@pytest.mark.parametrize("index", [0, 1, 5 * CHUNK, 10 * CHUNK])
def test_chunks_hold_every_event_once(index, length):
    index = min(index, length)
    chunks = list(chunks_around(index, length))
    assert sorted(n for start, stop in chunks for n in range(start, stop)) == list(range(length))
    if length:
        assert chunks[0][0] <= min(index, length - 1) < chunks[0][1]
    assert sum(stop - start for start, stop in chunks_from(index, length)) == length - index


def test_all_that_is_read_is_searched():
    content = Content(
        (Text("one"), Document("two"), Data({"three": ["four", 5, None, True]}), Image("a/b", "x")),
        {"six": "seven"},
        signature="not this",
        detail={"nor": "this"},
    )
    found = set(texts_of(event(0, name="Bash", text="preview"), content))
    assert found == {"Bash", "one", "two", "three", "four", "5", "six", "seven"}


def test_deep_values_are_no_trouble():
    value: Any = "deep"
    for _ in range(100_000):
        value = [value]
    assert list(strings(value)) == ["deep"]
    while isinstance(value, list):  # Python frees nested lists one by one
        value = value.pop()
