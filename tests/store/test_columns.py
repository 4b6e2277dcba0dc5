from __future__ import annotations

import pytest

from scrubber.core.events import Kind, Mark, Origin, Role, Usage, Visibility
from scrubber.core.track import Flag
from scrubber.store.columns import CHUNK
from tests.store.making import add_session, faults, message, messages

LENGTHS = [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 1]


@pytest.mark.parametrize("length", LENGTHS)
def test_the_track_has_a_cell_for_each_event(store, length):
    session = add_session(store, messages(length))
    track = store.track(session)
    assert len(track) == len(track.flags) == length
    assert list(track.times) == list(range(length))
    assert list(track.contexts) == list(range(length))
    assert list(track.sizes) == [len(f"message {n}") for n in range(length)]
    assert set(track.kinds) == {Kind.MESSAGE}


@pytest.mark.parametrize("cut", LENGTHS)
def test_a_fork_has_its_part_of_the_track(store, cut):
    session = add_session(store, messages(2 * CHUNK + 2))
    child, _ = store.fork(session, cut, title="fork")
    store.append(child.id, [(b"x", message("own", ts=-7))])
    assert list(store.track(child.id).times) == [*range(cut), -7]


@pytest.mark.parametrize("first", LENGTHS)
def test_chunks_are_gone_on_with(store, first):
    source, writer = store.writer(None, "made-up", 1)
    drafts = messages(first + 3)
    for part in (drafts[:first], drafts[first:-1], drafts[-1:]):
        for draft in part:
            writer.add(b"x", [draft])
        writer.commit({})
    ((log, _, length),) = store.logs_of(source)
    rows = store.connections.get().execute(
        "SELECT count(*), max(chunk) FROM columns WHERE log = ?", (log,)
    )
    assert rows.fetchone() == (-(-length // CHUNK), (length - 1) // CHUNK)
    assert faults(store) == []


def test_flags_tell_role_error_context_message_and_what_was_added(store):
    session = add_session(
        store,
        [
            message("", marks=Mark.ERROR),
            message("", visibility=Visibility.HIDDEN),
            message("", origin=Origin.EDITED),
        ],
    )
    opened = int(Role.USER) | Flag.OPENS_MESSAGE
    flags = [opened | Flag.ERROR, int(Role.USER) | Flag.OUT_OF_CONTEXT, opened | Flag.ADDED]
    assert list(store.track(session).flags) == flags


def test_numbers_that_no_column_holds_are_bounded(store):
    huge = 2**40
    draft = message("", usage=Usage(context=huge))
    draft.size = huge
    session = add_session(store, [draft])
    track = store.track(session)
    assert (track.sizes[0], track.contexts[0]) == (2**32 - 1, 2**32 - 1)
    assert store.events(session)[0].size == huge
    assert faults(store) == []


def test_forks_and_sub_agents_are_marked(store):
    session = add_session(store, messages(9), native_id="n")
    child, _ = store.fork(session, 4, title="a fork")
    marks = store.track(session).forks
    assert [(mark.index, mark.session, mark.title) for mark in marks] == [(4, child.id, "a fork")]
