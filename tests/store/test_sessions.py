from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import BadArgumentError, UnknownSessionError
from scrubber.core.events import Totals
from tests.store.making import add_session, call, faults, message, messages, result, texts

if TYPE_CHECKING:
    from scrubber.store import Store


def rename_ids(store: Store, *ids: str) -> None:
    with store.connections.write() as connection:
        for number, name in enumerate(ids, 1):
            connection.execute("UPDATE sessions SET id = ? WHERE pk = ?", (name, number))


def test_found_by_id_and_by_a_prefix_that_only_one_has(store):
    for _ in range(3):
        add_session(store, messages(1))
    rename_ids(store, "abc-1", "abd-2", "x-3")
    assert store.session("abc-1").id == "abc-1"
    assert store.session("abd").id == "abd-2"
    assert store.session("x").id == "x-3"


def test_an_ambiguous_prefix_names_the_candidates(store):
    for _ in range(7):
        add_session(store, messages(1))
    rename_ids(store, *(f"ab-{n}" for n in range(7)))
    with pytest.raises(UnknownSessionError, match=r"several sessions begin with 'ab': ab-0, .*, …"):
        store.session("ab")


def test_found_by_the_agents_own_id(store):
    session = add_session(store, messages(1), native_id="native-77")
    assert store.session("native-7").id == session


@pytest.mark.parametrize("wanted", ["", "nope", "%", "_"])
def test_unknown_ids_are_lookup_errors_that_name_them(store, wanted):
    add_session(store, messages(1))
    with pytest.raises(LookupError, match="empty" if not wanted else f"'{wanted}'"):
        store.session(wanted)


def test_a_deleted_session_is_said_to_be_deleted(store):
    session = add_session(store, messages(1))
    store.trash(session)
    with pytest.raises(UnknownSessionError, match="was deleted"):
        store.session(session)


def test_totals_count_what_lies_in_front_of_an_index(store):
    drafts = [message("a"), call("1"), call("2"), result("1"), message("b")]
    session = add_session(store, drafts)
    assert [store.totals(session, n).open_calls for n in range(6)] == [0, 0, 1, 2, 1, 1]
    assert [store.totals(session, n).messages for n in range(6)] == [0, 1, 2, 3, 4, 5]
    assert store.totals(session) == store.totals(session, 5) == store.totals(session, 99)
    assert store.totals(session, 0) == Totals()


def test_totals_sum_tokens_across_slices(store):
    session = add_session(store, messages(10))
    child, _ = store.fork(session, 4, title="fork")
    store.append(child.id, [(b"x\n", message("own"))])
    assert store.totals(child.id) == Totals(5, 5, 0, 0, 4, 8, 12, 0 + 1 + 2 + 3, 0)
    assert store.totals(child.id, 3).output == 0 + 1 + 2


def test_open_calls_are_those_without_a_result_in_front_of_the_index(store):
    drafts = [call("1"), call("2"), result("2"), call("3"), result("1"), result("nobody")]
    session = add_session(store, drafts)
    found = [[e.call_id for e in store.open_calls(session, n)] for n in range(7)]
    assert found == [[], ["1"], ["1", "2"], ["1"], ["1", "3"], ["3"], ["3"]]


def test_a_call_that_stands_twice_is_open_once(store):
    session = add_session(store, [call("1"), call("1"), result("1"), result("1")])
    assert [store.totals(session, n).open_calls for n in range(5)] == [0, 1, 1, 0, 0]
    assert store.open_calls(session) == []


def test_update_sets_what_it_may_and_nothing_else(store):
    session = add_session(store, messages(1))
    store.update(session, title="new", note="why")
    found = store.session(session)
    assert (found.title, found.note, found.revision) == ("new", "why", 1)
    assert not store.update(session)
    with pytest.raises(BadArgumentError, match="revision"):
        store.update(session, revision=9)


def test_labels_are_a_sorted_set(store):
    session = add_session(store, messages(1))
    store.set_labels(session, ["b", "a", "b"])
    assert store.labels(session) == ["a", "b"]
    store.set_labels(session, [])
    assert store.labels(session) == []


def test_pages_sort_and_filter(store):
    for title, count in [("Zebra", 1), ("apple", 3), ("100%", 2)]:
        add_session(store, messages(count), title=title)
    titles = [s.title for s in store.page("", "title", 0, 10)]
    assert titles == ["100%", "apple", "Zebra"]
    assert [s.title for s in store.page("", "events", 1, 1)] == ["100%"]
    assert [s.title for s in store.page("0% made", "updated", 0, 10)] == ["100%"]
    with pytest.raises(ValueError, match="'colour'"):
        store.page("", "colour", 0, 1)


def test_events_are_clipped_to_the_session(store):
    session = add_session(store, messages(5))
    assert [e.index for e in store.events(session, 3, 99)] == [3, 4]
    assert [e.index for e in store.events(session, -5, 2)] == [0, 1]
    assert store.events(session, 4, 2) == []
    assert texts(store, session) == [f"message {n}" for n in range(5)]
    assert faults(store) == []
