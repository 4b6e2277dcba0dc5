from __future__ import annotations

import pytest

from scrubber.core.events import Mark, Origin
from scrubber.core.session import SessionInfo
from scrubber.store.store import OWN_FORMAT
from tests.store.making import add_session, call, faults, message, messages, result, texts


def test_own_events_belong_to_one_session_alone(store):
    session = add_session(store, messages(3))
    one, _ = store.fork(session, 2, title="")
    other, _ = store.fork(session, 2, title="")
    changes = store.append(one.id, [(b"raw\n", message("typed", origin=Origin.TYPED))])
    assert texts(store, one.id) == ["message 0", "message 1", "typed"]
    assert len(texts(store, other.id)) == 2
    assert changes.changed == {one.id}
    event = store.events(one.id)[-1]
    assert (event.origin, store.raw(event)) == (Origin.TYPED, b"raw\n")
    assert store.source(event.source).format == OWN_FORMAT
    assert faults(store) == []


def test_each_addition_bumps_the_revision(store):
    session = add_session(store, messages(1))
    revisions = [store.session(session).revision]
    for _ in range(3):
        store.append(session, [(b"x", message("x"))])
        revisions.append(store.session(session).revision)
    assert revisions == list(range(revisions[0], revisions[0] + 4))


def test_a_result_answers_a_call_in_front_of_it(store):
    session = add_session(store, [call("1"), call("2")])
    store.append(session, [(b"x", result("1"))])
    answer = store.events(session)[-1]
    assert answer.name == "Bash"
    assert answer.marks & Mark.CLOSES_CALL
    assert [c.call_id for c in store.open_calls(session)] == ["2"]
    assert store.totals(session).open_calls == 1
    assert faults(store) == []


def test_nothing_to_add_changes_nothing(store):
    session = add_session(store, messages(1))
    before = store.session(session)
    assert not store.append(session, [])
    assert store.session(session) == before


def test_a_followed_file_goes_on_behind_what_was_added(store):
    source, writer = store.writer(None, "made-up", 1)
    writer.add(b"a", [message("a")])
    (session,) = writer.commit({"": SessionInfo()}).added
    store.append(session, [(b"own", message("own"))])
    writer.add(b"b", [message("b")])
    writer.commit({"": SessionInfo()})
    assert texts(store, session) == ["a", "own", "b"]
    assert store.source(source).records == 2
    assert faults(store) == []


def test_a_failed_addition_leaves_nothing_behind(store):
    session = add_session(store, messages(1))
    before = store.session(session), len(store.sources())
    broken = message("x")
    broken.ref = 2**70  # no database holds it
    with pytest.raises(OverflowError):
        store.append(session, [(b"x", broken)])
    assert (store.session(session), len(store.sources())) == before
    assert faults(store) == []
