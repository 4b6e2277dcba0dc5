"""Notes by the Python API."""

from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError


def test_what_cannot_be_written_says_why(store, session):
    for index in (-1, 200, 10**12):
        with pytest.raises(BadArgumentError, match=f"no event #{index + 1}, it has 200"):
            store.notes.bookmark(session, index)
    with pytest.raises(BadArgumentError, match="1 to 60 characters"):
        store.notes.label(session, 0, " \n ")
    with pytest.raises(BadArgumentError, match="no colour 'pink'"):
        store.notes.label(session, 0, "a", "pink")
    with pytest.raises(BadArgumentError, match="no verdict 'maybe'"):
        store.notes.judge(session, "maybe")
    assert store.notes.of(session) == []
    assert store.notes.labels() == []


def test_what_is_on_sessions(store, session):
    fork = store.fork(session, 3).session
    store.notes.write(fork.id, None, " why ")
    store.notes.label(fork.id, None, "b")
    store.notes.label(fork.id, None, "a")
    store.notes.label(fork.id, None, "b")
    store.notes.suppose(fork.id, "it is the cache")
    store.notes.judge(fork.id, "refuted", "no change")
    found = store.session(fork.id)
    assert (found.note, found.labels) == ("why", ("a", "b"))
    assert (found.hypothesis, found.verdict, found.reason) == (
        "it is the cache", "refuted", "no change",
    )  # fmt: skip
    assert store.notes.noted() == [fork.id]
    store.notes.unlabel(fork.id, None, "a")
    store.notes.judge(fork.id, "", "ignored")
    found = store.session(fork.id)
    assert (found.labels, found.verdict, found.reason) == (("b",), "", "")
    assert store.session(session).labels == ()
