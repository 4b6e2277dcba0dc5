from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.events import Draft, Kind, Mark, Origin, Role
from scrubber.core.session import SessionInfo
from scrubber.store import Store
from scrubber.store.own_log import OWN_FORMAT, OwnLog
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


def test_what_is_added_in_turn_goes_to_one_log(store):
    session = add_session(store, [*messages(2), call("1")])
    log = store.own_log(session)
    log.append([(b"a\n", result("1")), (b"b\n", call("2"))])
    store.append(session, [(b"c\n", message("from elsewhere"))])
    log.append([(b"d\n", result("2"))])
    pieces = store.slices(session).slices
    assert [len(piece) for piece in pieces] == [3, 4]
    answered = store.events(session)[-1]
    assert (answered.name, answered.ref, answered.is_error) == ("Bash", 1, False)
    assert store.open_calls(session) == []
    assert [store.raw(event) for event in store.events(session, 3)] == [
        b"a\n",
        b"b\n",
        b"c\n",
        b"d\n",
    ]
    assert faults(store) == []


def test_a_fork_of_the_very_end_grows_apart(store):
    session = add_session(store, messages(1))
    store.append(session, [(b"x", message("own"))])
    fork, _ = store.fork(session, 2, title="")
    store.append(fork.id, [(b"x", message("in the fork"))])
    store.append(session, [(b"x", message("in the source"))])
    store.append(fork.id, [(b"x", message("more of the fork"))])
    assert texts(store, session) == ["message 0", "own", "in the source"]
    assert texts(store, fork.id) == ["message 0", "own", "in the fork", "more of the fork"]
    assert faults(store) == []


def test_more_of_a_message_opens_no_other(store):
    def part(text):
        return Draft(Kind.MESSAGE, text, Role.ASSISTANT, group_id="m")

    session = add_session(store, [part("first")])
    for word in ("second", "third"):
        store.append(session, [(word.encode(), part(word))])
    assert store.totals(session).messages == 1
    assert faults(store) == []


def test_shared_events_are_not_copied(store):
    session = add_session(store, [*messages(3), call("1"), result("1"), *messages(2)])
    fork, _ = store.fork(session, 3, title="")
    records = sum(source.records for source in store.sources())
    store.share(fork.id, session, 3, 7)
    assert store.slices(fork.id) == store.slices(session)
    assert sum(source.records for source in store.sources()) == records
    assert faults(store) == []


def test_an_edit_keeps_what_follows_and_what_was(store):
    session = add_session(store, [*messages(2), call("1"), result("1"), *messages(2, "later")])
    fork, _ = store.fork(session, 6, title="")
    before = store.slices(fork.id)
    edited = result("1", origin=Origin.EDITED)
    store.replace(fork.id, 3, 4, [(b"edited", edited)])
    assert [e.origin for e in store.events(fork.id)][3] is Origin.EDITED
    assert texts(store, fork.id)[4:] == ["later 0", "later 1"]
    assert store.totals(fork.id).open_calls == 0
    assert store.slices(session) == before
    with pytest.raises(BadArgumentError, match=r"events 4…9 are not within 0…6"):
        store.replace(fork.id, 4, 9, [])
    with pytest.raises(ConflictError):
        store.replace(fork.id, 0, 1, [], expected_revision=1)
    assert faults(store) == []


@given(data=st.data())
def test_any_sequence_is_that_of_plain_lists(tmp_path_factory, data):
    with closing(Store(tmp_path_factory.mktemp("store") / "store.db")) as store:
        run_against_lists(store, data)


def run_against_lists(store, data):
    model = {add_session(store, messages(4)): [f"message {n}" for n in range(4)]}
    logs: dict[str, OwnLog] = {}
    for number in range(data.draw(st.integers(1, 12))):
        session = data.draw(st.sampled_from(list(model)))
        events = model[session]
        cut = data.draw(st.integers(0, len(events)))
        match data.draw(st.sampled_from(["fork", "append", "log", "share", "replace"])):
            case "fork":
                child, _ = store.fork(session, cut, title="")
                model[child.id] = events[:cut]
            case "append":
                store.append(session, [(b"x", message(f"added {number}"))])
                events.append(f"added {number}")
            case "log":
                log = logs.setdefault(session, store.own_log(session))
                log.append([(b"x", message(f"logged {number} {n}")) for n in range(2)])
                events += [f"logged {number} {n}" for n in range(2)]
            case "share":
                other = data.draw(st.sampled_from(list(model)))
                store.share(session, other, 1, 3)
                model[session] = events + model[other][1:3]
            case "replace":
                stop = data.draw(st.integers(cut, len(events)))
                store.replace(session, cut, stop, [(b"x", message(f"instead {number}"))])
                events[cut:stop] = [f"instead {number}"]
    assert {session: texts(store, session) for session in model} == model
    assert faults(store) == []
