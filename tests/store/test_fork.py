from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError
from tests.store.making import add_session, faults, message, messages, texts


@pytest.mark.parametrize("index", [0, 1, 7, 10])
def test_a_fork_shares_what_lies_in_front_of_the_index(store, index):
    session = add_session(store, messages(10), model="m", cwd="/x")
    child, changes = store.fork(session, index, title="t", note="why")
    assert texts(store, child.id) == texts(store, session)[:index]
    assert store.totals(child.id) == store.totals(session, index)
    assert (child.parent, child.forked_at, child.relation) == (session, index, "fork")
    assert (child.title, child.note, child.model, child.cwd) == ("t", "why", "m", "/x")
    assert (changes.added, changes.changed) == ({child.id}, {session})
    assert store.session(session).children == 1
    assert faults(store) == []


@pytest.mark.parametrize("index", [-1, 11])
def test_an_index_outside_is_named(store, index):
    session = add_session(store, messages(10))
    with pytest.raises(BadArgumentError, match=f"index {index} is not within 0…10"):
        store.fork(session, index, title="")
    assert len(store.sessions()) == 1


def test_a_fork_of_a_fork_at_every_place(store):
    session = add_session(store, messages(6))
    child, _ = store.fork(session, 4, title="")
    store.append(child.id, [(b"a", message("a")), (b"b", message("b"))])
    whole = texts(store, child.id)
    for index in range(len(whole) + 1):
        grandchild, _ = store.fork(child.id, index, title="")
        assert texts(store, grandchild.id) == whole[:index]
        assert store.totals(grandchild.id) == store.totals(child.id, index)
    assert faults(store) == []


def test_a_hundred_deep(store):
    session, wanted = add_session(store, messages(5)), [f"message {n}" for n in range(5)]
    for depth in range(100):
        child, _ = store.fork(session, len(wanted), title=f"depth {depth}")
        store.append(child.id, [(b"x", message(f"own {depth}"))])
        session, wanted = child.id, [*wanted, f"own {depth}"]
    assert texts(store, session) == wanted
    assert [e.text for e in store.events(session, 60, 70)] == wanted[60:70]
    assert store.totals(session, 77).messages == 77
    assert len(store.ancestry(session)) == 101
    last, _ = store.fork(session, 50, title="")
    assert texts(store, last.id) == wanted[:50]
    assert faults(store) == []


def test_a_fork_does_not_see_what_its_parent_gets_later(store):
    session = add_session(store, messages(3))
    child, _ = store.fork(session, 3, title="")
    store.append(session, [(b"x", message("later"))])
    assert texts(store, session)[-1] == "later"
    assert len(texts(store, child.id)) == 3


def test_a_parent_that_has_changed_is_a_conflict(store):
    session = add_session(store, messages(3))
    seen = store.session(session).revision
    store.update(session, note="changed")
    with pytest.raises(ConflictError, match=f"expected revision {seen}, found {seen + 1}"):
        store.fork(session, 1, title="", expected_revision=seen)
    assert store.session(session).children == 0
    child, _ = store.fork(session, 1, title="", expected_revision=seen + 1)
    assert child.events == 1


def test_a_repeat_gives_the_first_fork(store):
    session = add_session(store, messages(3))
    first, _ = store.fork(session, 1, title="t", key="k")
    again, _ = store.fork(session, 1, title="t", key="k", expected_revision=99)
    assert again.id == first.id
    assert store.session(session).children == 1


def test_a_key_with_other_arguments_is_a_conflict(store):
    session = add_session(store, messages(3))
    store.fork(session, 1, title="t", key="k")
    with pytest.raises(ConflictError, match="'k'"):
        store.fork(session, 2, title="t", key="k")
    assert store.session(session).children == 1
