from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.events import Kind, Origin, Role
from scrubber.transfer.editing import Edit


@pytest.fixture
def session(store, bundled_sample):
    results = store.import_paths(bundled_sample)
    return next(r.session for r in results if r.events > 100)


def first(store, session, kind, role=None):
    return next(e for e in store.events(session) if e.kind is kind and role in (None, e.role))


@pytest.mark.parametrize("keep", [True, False])
def test_an_edited_message_stands_in_its_place(store, session, keep):
    event = first(store, session, Kind.MESSAGE, Role.USER)
    fork = store.fork_edited(session, event.index, Edit("Do it otherwise."), keep_following=keep)
    found = store.events(fork.session.id)
    assert len(found) == (132 if keep else event.index + 1)
    edited = found[event.index]
    assert (edited.origin, edited.role, edited.ts) == (Origin.EDITED, Role.USER, event.ts)
    assert store.content(edited).text == "Do it otherwise."
    assert store.session(session).events == 132
    assert fork.session.forked_at == event.index
    assert fork.session.title.startswith("edited: you:")
    assert list(store.verify()) == []


def test_a_part_of_a_reply_stays_in_its_message(store, session):
    call = first(store, session, Kind.TOOL_CALL)
    arguments = {"command": "true"}
    fork = store.fork_edited(session, call.index, Edit(arguments=arguments), keep_following=True)
    edited = store.events(fork.session.id)[call.index]
    assert (edited.group_id, edited.call_id, edited.name) == (
        call.group_id,
        call.call_id,
        call.name,
    )
    assert store.content(edited).arguments == arguments
    assert store.totals(fork.session.id).messages == store.totals(session).messages
    assert store.totals(fork.session.id).open_calls == store.totals(session).open_calls


def test_a_result_can_be_made_to_fail(store, session):
    result = next(e for e in store.events(session) if e.kind is Kind.TOOL_RESULT and not e.is_error)
    fork = store.fork_edited(session, result.index, Edit("No such file", is_error=True))
    edited = store.events(fork.session.id)[-1]
    assert (edited.is_error, edited.text, edited.name) == (True, "No such file", result.name)


@pytest.mark.parametrize("keep", [True, False])
def test_a_system_prompt_where_there_was_none(store, session, keep):
    fork = store.fork_with_system(session, "Be kind.", keep_following=keep)
    found = store.events(fork.session.id)
    assert (found[0].role, found[0].origin, len(found)) == (
        Role.SYSTEM, Origin.TYPED, 133 if keep else 1,
    )  # fmt: skip
    again = store.fork_with_system(fork.session.id, "Be kinder.", keep_following=keep)
    found = store.events(again.session.id)
    assert (found[0].origin, store.content(found[0]).text) == (Origin.EDITED, "Be kinder.")
    assert list(store.verify()) == []


def test_what_cannot_be_edited_is_refused(store, session):
    message = first(store, session, Kind.MESSAGE)
    call, thought = first(store, session, Kind.TOOL_CALL), first(store, session, Kind.REASONING)
    for index, edit, words in (
        (thought.index, Edit("x"), "a reasoning: it cannot be edited"),
        (call.index, Edit("x"), "is a call: edit its arguments"),
        (message.index, Edit(arguments={}), "no call: it has no arguments"),
        (message.index, Edit("x", is_error=True), "no result: it cannot fail"),
        (message.index, Edit(), "would say just what it says"),
        (132, Edit("x"), "there is no event #133"),
        (-1, Edit("x"), "there is no event #0"),
    ):
        with pytest.raises(BadArgumentError, match=words):
            store.fork_edited(session, index, edit)
    with pytest.raises(BadArgumentError, match="must not be empty"):
        store.fork_with_system(session, "  ")
    assert store.children(session) == [s for s in store.children(session) if s.relation != "fork"]


def test_a_repeat_with_the_same_key_is_the_same_fork(store, session):
    message = first(store, session, Kind.MESSAGE)
    once, twice = (
        store.fork_edited(session, message.index, Edit("x"), key="k").session.id for _ in range(2)
    )
    assert once == twice
    with pytest.raises(ConflictError):
        store.fork_edited(session, message.index, Edit("y"), key="k")


def test_an_edited_fork_is_run_as_the_session_was(store, session):
    store.store.set_branch_settings(session, {"provider": "person"})
    message = first(store, session, Kind.MESSAGE)
    fork = store.fork_edited(session, message.index, Edit("x")).session.id
    settings = store.store.branch_settings(fork)
    assert settings["provider"] == "person"
    assert settings["source"] == {"session": session, "at": message.index + 1}
