"""What is in memory of a session is what is read anew, whatever was done to it, frames included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.sessions import Sessions
from scrubber.sessions.heads import Commit
from tests.sessions.made import said
from tests.sessions.talking import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def _say(role: str) -> Callable[[Sessions, str, int], Any]:
    return lambda runtime, id, n: runtime.inject(id, {"role": role, "content": f"{role} {n}"})


def _call(runtime: Sessions, id: str, number: int) -> None:
    asked = {"role": "assistant", "content": "c", "reasoning": "r", "tool_calls": [CALL]}
    runtime.inject(id, asked)
    runtime.inject(id, {"role": "tool", "tool_call_id": "c", "content": f"result {number}"})


def _branch(runtime: Sessions, id: str, number: int) -> None:
    graph = runtime.graph(id)
    ids = [None, *graph.path_ids()]
    graph.branch_to(ids[number % len(ids)])
    graph.commit_leaf()


DOINGS: dict[str, Callable[[Sessions, str, int], Any]] = {
    "user": _say("user"),
    "assistant": _say("assistant"),
    "system": _say("system"),
    "call": _call,
    "frame": lambda runtime, id, n: runtime.open_frame(id, "any"),
    "compact": lambda runtime, id, n: runtime.compact(id, keep_last=n % 4),
    "trim": lambda runtime, id, n: runtime.trim(id, n % 6),
    "branch": _branch,
    "commit": lambda runtime, id, n: runtime.commit(id, Commit(f"{n}", (said(f"turn {n}"),))),
    "cut": lambda runtime, id, n: runtime.fork_at(id, n % 8, id),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(done=st.lists(st.sampled_from(sorted(DOINGS)), min_size=3, max_size=16))
def test_what_is_in_memory_is_what_is_read_anew_and_what_forks_have(
    store: OpenStore, runtime: Sessions, done: list[str]
) -> None:
    session = runtime.open()
    for number, name in enumerate(done):
        DOINGS[name](runtime, session, number)
        found = runtime.messages(session)
        assert Sessions(store.store).messages(session) == found
        first = runtime.fork_at(session, number)
        assert runtime.messages(first) == found[:number]
    end = len((runtime.snapshot(session) or {})["events"])
    for index in {0, end // 2, end}:
        fork = runtime.fork_at_event(session, index)
        assert runtime.length(fork) == runtime.message_count(session, index)
    assert faults(store) == []
