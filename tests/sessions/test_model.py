"""Random commands, with forks of forks, against plain lists: alone, from two programs, killed."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.api import open_store
from scrubber.sessions import Sessions
from tests.sessions.commands import NAMES, Program, as_told, obey
from tests.sessions.naive import Naive
from tests.sessions.talking import faults, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from tests.sessions.commands import Command

EVERYTHING = bool(os.environ.get("SCRUBBER_TEST_EVERYTHING"))

CALLS: Any = {
    "role": "assistant",
    "content": "let me see",
    "reasoning": "hm",
    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "ls", "arguments": "{}"}}],
}
RESULT: Any = {"role": "tool", "tool_call_id": "c", "content": "out\n" * 200}

said = st.one_of(
    st.text(max_size=6).map(message),
    st.sampled_from([CALLS, RESULT, {"role": "assistant", "content": "fine"}]),
)
names, counts = st.sampled_from(NAMES), st.integers(0, 9)
options = st.builds(
    lambda keep, strategy: {"keep_last": keep, "compact_strategy": strategy},
    st.integers(0, 4),
    st.sampled_from(["truncate", "observation_mask"]),
)


def command(verb: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    return st.tuples(st.just(verb), *arguments).map(list)


commands = st.one_of(
    command("open", names),
    *[command("inject", names, said)] * 3,
    command("replace_messages", names, st.lists(said, max_size=4)),
    command("trim", names, counts),
    command("reset", names),
    command("close", names),
    command("fork", names, names),
    *[command("fork_at", names, counts, names)] * 2,
    command("fork_at_event", names, st.integers(0, 20), names),
    *[command("compact", names, options)] * 2,
    command("save", names, st.lists(said, max_size=4)),
)
labels = st.sampled_from(["l", "m"])
beside = st.one_of(
    command("link_child", names, names),
    command("ancestry", names),
    command("set_label", names, st.none() | labels),
    command("by_label", labels),
    command("set_active_skills", names, st.lists(labels, max_size=2)),
    command("active_skills", names),
    *(command(verb, names) for verb in ("complete", "fail", "stop", "pause", "resume")),
    *[command("status", names)] * 2,
    command("send", names, st.text(max_size=3)),
    command("history", names, counts, st.booleans()),
)
"""What is known of a session beside its messages."""


@contextlib.contextmanager
def fresh_store() -> Iterator[OpenStore]:
    with TemporaryDirectory() as folder, open_store(Path(folder) / "store.db") as store:
        yield store


def agree(store: OpenStore, naive: Naive, runtime: Sessions) -> None:
    """The store holds what the lists hold, and is whole."""
    state = naive.state()
    assert {one.session.id for one in runtime.list(limit=None)} == set(state)
    for name, messages in state.items():
        assert runtime.messages(name) == messages
        assert runtime.length(name) == len(messages)
        assert store.session(name).events == sum(e.events for e in naive.sessions[name])
    assert faults(store) == []


@settings(max_examples=400 if EVERYTHING else 30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(commands | beside, max_size=40), st.integers(1, 3))
def test_any_commands_do_what_they_do_with_lists(script, cap):
    with fresh_store() as store:
        runtime, naive = Sessions(store.store, resident_cap=cap), Naive()
        for one in script:
            assert obey(runtime, one) == naive.apply(*one)
            assert len(runtime.resident.ids) <= cap
        agree(store, naive, runtime)
        agree(store, naive, Sessions(store.store))


@pytest.fixture(scope="module")
def two_programs(tmp_path_factory) -> Iterator[list[Program]]:
    """Two programs that obey commands on any store."""
    path = tmp_path_factory.mktemp("programs") / "store.db"
    programs = [Program(path) for _ in range(2)]
    yield programs
    for program in programs:
        program.stop()


@settings(max_examples=150 if EVERYTHING else 12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 1), commands | beside), max_size=30))
def test_two_programs_see_what_the_other_did(two_programs, script):
    with fresh_store() as store:
        for program in two_programs:
            program.obey(["use", str(store.path)])
        naive = Naive()
        for which, one in script:
            assert two_programs[which].obey(one) == as_told(naive.apply(*one))
        for program in two_programs:
            state = {name: program.obey(["messages", name]) for name in naive.sessions}
            assert state == naive.state()
        agree(store, naive, store.runtime)
        for program in two_programs:  # so that it lets go of the store
            program.obey(["use", str(program.home)])


def test_two_programs_at_once_lose_nothing(tmp_path):
    """Both add, fork and trim at the same time; what each has added is there, in its order."""
    number = 200 if EVERYTHING else 40
    with open_store(tmp_path / "store.db") as store:
        store.runtime.open("both")
        programs = [Program(store.path) for _ in range(2)]
        for count in range(number):
            for which, program in enumerate(programs):
                program.send(["inject", "both", message(f"{which} {count}")])
                program.send(["fork", "both", f"fork {which} {count % 7}"])
        for program in programs:
            program.stop()
        words = [m["content"] for m in store.runtime.messages("both")]
        assert len(words) == 2 * number
        for which in range(2):
            mine = [text for text in words if text.startswith(f"{which} ")]
            assert mine == [f"{which} {count}" for count in range(number)]
        for fork in store.children("both"):
            told = [m["content"] for m in store.runtime.messages(fork.id)]
            assert told == words[: len(told)]
        assert store.session("both").revision >= 2 * number
        assert faults(store) == []


def test_threads_at_once_lose_nothing(store):
    from concurrent.futures import ThreadPoolExecutor

    runtime = store.runtime
    runtime.open("both")

    def work(which: int) -> None:
        for count in range(20):
            runtime.inject("both", message(f"{which} {count}"))
            runtime.fork("both", f"fork {which}")
            runtime.messages("both")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    words = [m["content"] for m in runtime.messages("both")]
    assert sorted(words) == sorted(f"{which} {count}" for which in range(4) for count in range(20))
    assert faults(store) == []


@pytest.mark.parametrize("seed", range(40 if EVERYTHING else 4))
def test_killed_at_any_moment_every_answer_was_true_and_nothing_is_half_there(tmp_path, seed):
    chance = random.Random(seed)
    script = [["open", name] for name in NAMES] + [_any_command(chance) for _ in range(300)]
    path = tmp_path / "store.db"
    program = Program(path)
    for one in script:
        program.send(one)
    answers = program.kill_after(chance.randrange(1, 200))
    assert len(answers) < len(script)

    naive = Naive()
    for one, answer in zip(script, answers, strict=False):
        assert naive.apply(*one) == answer
    with open_store(path) as store:
        runtime = Sessions(store.store)
        known = [one.session.id for one in runtime.list(limit=None)]
        if {name: runtime.messages(name) for name in known} != naive.state():
            naive.apply(*script[len(answers)])  # done, and killed before it could say so
        agree(store, naive, runtime)
        runtime.inject(runtime.open("a"), message("goes on"))
        naive.open("a")
        naive.inject("a", message("goes on"))
        agree(store, naive, runtime)


def _any_command(chance: random.Random) -> Command:
    name, other = chance.choice(NAMES), chance.choice(NAMES)
    spoken = chance.choice([message(str(chance.random())), CALLS, RESULT])
    few = chance.randrange(6)
    return chance.choice(
        [
            *[["inject", name, spoken]] * 4,
            ["trim", name, few + 4],
            ["fork", name, other],
            ["fork_at", name, few, other],
            ["compact", name, {"keep_last": few, "compact_strategy": "truncate"}],
            ["replace_messages", name, [spoken, message("x")]],
        ]
    )
