from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.core.query import QueryError
from scrubber.models.event_search import EventSearch
from scrubber.models.hit_list import MANY, HitList, branches_of, text_of
from scrubber.models.index_keeper import IndexKeeper

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester

    from scrubber.models.library import Library


@pytest.fixture
def search(library: Library, tasks) -> EventSearch:
    return EventSearch(library, tasks)


@pytest.fixture
def found(search: EventSearch, qtmodeltester: ModelTester) -> HitList:
    """What the search finds, watched by Qt."""
    hits = HitList()
    qtmodeltester.check(hits, force_py=False)
    search.started.connect(hits.clear)
    search.found.connect(hits.add)
    return hits


def wait(qtbot, search, text):
    with qtbot.waitSignal(search.ended):
        search.search(text)


def test_hits_stand_below_their_session_in_their_order(qtbot, search, found, store):
    wait(qtbot, search, "redirect")
    rows = [found.row(n) for n in range(found.rowCount())]
    assert found.sessions >= 1
    for group in unique(rows):
        places = [row.hit.event.index for row in rows if row.group is group and row.hit]
        assert places == sorted(places)
        assert len(places) <= MANY
        more = [row for row in rows if row.group is group and row.more]
        assert len(more) == (len(places) == MANY)


def unique(rows):
    heads = [row.group for row in rows if row.hit is None and not row.more]
    assert {group.session for group in heads} == {row.group.session for row in rows}
    assert len({group.session for group in heads}) == len(heads)
    return heads


def test_the_newest_query_wins(qtbot, search, found):
    for text in ("r", "re", "redirect"):
        search.search(text)
    wait(qtbot, search, "nowhere to be found")
    assert found.hits == found.rowCount() == 0
    assert not search.searching


def test_nothing_asked_finds_nothing(qtbot, search, found):
    wait(qtbot, search, "redirect")
    assert found.rowCount()
    wait(qtbot, search, "  ")
    assert not found.rowCount()


def test_nonsense_is_told(qtbot, search, found):
    wait(qtbot, search, "redirect")
    with qtbot.waitSignal(search.failed) as caught:
        search.search("kind:what")
    assert isinstance(caught.args[0], QueryError)
    assert not found.rowCount()


def test_from_hit_to_hit_over_the_heads(qtbot, search, found):
    wait(qtbot, search, "redirect")
    assert found.next_hit(-1, 1) == 1
    assert found.next_hit(1, -1) is None
    last = found.next_hit(found.rowCount(), -1)
    assert last is not None
    assert found.next_hit(last, 1) is None


def test_rows_in_words(qtbot, search, found, store):
    fork = store.fork(store.roots()[0].id, 40, title="another way")
    wait(qtbot, search, "role:user kind:message cart")
    row = found.row(1)
    assert text_of(row).startswith(f"#{row.hit.event.index + 1} message: ")
    assert branches_of(row.hit) == f"Shared with 1 branch:\n{fork.session.title}"
    assert text_of(found.row(0)) == row.group.title


def test_the_index_is_kept_up(qtbot, library, store):
    keeper = IndexKeeper(library)
    with qtbot.waitSignal(keeper.moved):
        keeper.start()
    qtbot.waitUntil(lambda: not keeper.is_busy)
    done, total = store.index_state()
    assert done == total > 100
    session = store.roots()[0].id
    changes = store.fork_edited(session, 2, edit("something new"))
    assert store.index_state() == (total, total + 1)
    library.changed.emit(changes.changes)
    assert keeper.is_busy
    with qtbot.waitSignal(keeper.moved):
        keeper.start()
    qtbot.waitUntil(lambda: not keeper.is_busy)
    assert store.index_state() == (total + 1, total + 1)
    keeper.close()


def edit(text):
    from scrubber.transfer.editing import Edit

    return Edit(text=text)


def test_a_keeper_that_is_closed_ends_its_thread(qtbot, library, store):
    keeper = IndexKeeper(library)
    keeper.start()
    keeper.close()
    keeper.start()
    assert not keeper.is_busy
