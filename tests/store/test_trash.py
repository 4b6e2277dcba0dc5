from __future__ import annotations

import pytest

from scrubber.core.errors import UnknownSessionError
from tests.store.making import add_session, faults, message, messages, texts


def family(store) -> list[str]:
    """A session, its fork, and the fork's fork."""
    session = add_session(store, messages(5))
    child, _ = store.fork(session, 4, title="child")
    store.append(child.id, [(b"own", message("own"))])
    grandchild, _ = store.fork(child.id, 5, title="grandchild")
    return [session, child.id, grandchild.id]


def rows(store, table: str) -> int:
    return int(store.connections.get().execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_session_goes_with_all_below_it(store):
    session, child, grandchild = family(store)
    changes = store.trash(child)
    assert changes.removed == {child, grandchild}
    assert changes.changed == {session}
    assert [s.id for s in store.sessions()] == [session]
    assert store.session(session).children == 0


def test_restoring_brings_back_what_went_with_it(store):
    session, child, grandchild = family(store)
    before = store.sessions()
    store.trash(session)
    assert store.restore(session).added == {session, child, grandchild}
    assert store.sessions() == before


def test_what_was_put_away_before_stays_away(store):
    session, child, grandchild = family(store)
    store.trash(grandchild)
    store.trash(session)
    store.restore(session)
    assert {s.id for s in store.sessions()} == {session, child}


def test_restoring_a_child_brings_back_what_it_hangs_below(store):
    session, child, grandchild = family(store)
    store.trash(session)
    store.restore(grandchild)
    assert {s.id for s in store.roots()} == {session}
    assert {s.id for s in store.sessions()} >= {session, child, grandchild}


def test_purging_deletes_events_and_bytes_that_nothing_uses(store):
    keep = add_session(store, messages(5, "keep"))
    session, *_ = family(store)
    store.trash(session)
    assert store.purge() > 0
    assert rows(store, "sources") == rows(store, "logs") == rows(store, "blocks") == 1
    assert rows(store, "events") == 5
    assert rows(store, "columns") == rows(store, "slices") == 1
    assert texts(store, keep) == [f"keep {n}" for n in range(5)]
    assert store.purge() == 0
    assert faults(store) == []
    with pytest.raises(UnknownSessionError):
        store.restore(session)


def test_a_fork_that_was_restored_survives_its_parent(store):
    session, _child, grandchild = family(store)
    store.trash(session)
    with store.connections.write() as connection:
        connection.execute("UPDATE sessions SET trashed = NULL WHERE id = ?", (grandchild,))
    store.purge()
    found = store.session(grandchild)
    assert (found.parent, found.relation) == (None, "fork")
    assert texts(store, grandchild) == [f"message {n}" for n in range(4)] + ["own"]
    raws = [store.raw(event) for event in store.events(grandchild)]
    assert raws == [f"message {n}\n".encode() for n in range(4)] + [b"own"]
    assert faults(store) == []
