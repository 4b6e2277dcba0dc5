"""Real transcripts, handled as a runtime handles its sessions: forks and cuts lose no message."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.sessions.talking import faults

if TYPE_CHECKING:
    from scrubber.sessions import Sessions

EVERYTHING = bool(os.environ.get("SCRUBBER_TEST_EVERYTHING"))
_EVENTS = 8000
_SESSIONS = 100 if EVERYTHING else 4
_AGENTS = ["codex", "gemini-cli", "pi", *(["claude-code"] if EVERYTHING else [])]


@pytest.mark.parametrize("agent", _AGENTS)
def test_a_real_session_is_forked_and_cut_at_any_message(store, runtime, shared_data, agent):
    store.import_paths([shared_data / agent])
    long = sorted((one.events, one.id) for one in store.sessions())
    found = [one for _, one in islice((x for x in long if 20 < x[0] <= _EVENTS), _SESSIONS)]
    assert found
    for session in found:
        _cut(runtime, session)
        _at_events(runtime, session, store.session(session).events)
    assert faults(store) == []


def _cut(runtime: Sessions, session: str) -> None:
    said = runtime.messages(session)
    count = runtime.length(session)
    assert len(said) == count
    for keep in {0, 1, count // 2, count, count + 3}:
        assert runtime.messages(runtime.fork_at(session, keep)) == said[:keep]
    fork, keep = runtime.fork(session), count // 3
    assert runtime.trim(fork, keep) == keep
    assert runtime.messages(fork) == said[count - keep :]
    fork = runtime.fork(session)
    left = runtime.compact(fork, keep_last=4)
    assert left == count or runtime.messages(fork)[1:] == said[count - left + 1 :]
    assert runtime.messages(session) == said


def _at_events(runtime: Sessions, session: str, events: int) -> None:
    for index in {0, events // 3, events // 2, events}:
        fork = runtime.fork_at_event(session, index)
        assert runtime.length(fork) == runtime.message_count(session, index)
