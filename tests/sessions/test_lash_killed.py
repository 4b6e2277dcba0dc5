"""Killed at any moment (SIGKILL), every commit that was acknowledged is there, and none by half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from scrubber.api import open_store
from scrubber.sessions.heads import Commit
from scrubber.store.leases import LeaseLostError
from tests.sessions.made import said, texts

ROUNDS = 20 if os.environ.get("SCRUBBER_TEST_EVERYTHING") else 3

WORKER = """
import sys
from scrubber.api import open_store
from scrubber.core.events import Usage
from scrubber.sessions.checkpoints import Checkpoint
from scrubber.sessions.heads import Commit
from scrubber.sessions.queue import inputs
from tests.sessions.made import said
store = open_store(sys.argv[1])
lease = store.runtime.lease("s")
for number in range(10_000):
    name = f"{sys.argv[2]}.{number}"
    told = store.runtime.say("s", name)
    taken = inputs.take(store.store, lease)
    store.runtime.commit(
        "s",
        Commit(
            name,
            (said(f"a {name}"), said(f"b {name}")),
            checkpoint=Checkpoint({"turn": name}, tool_state=name.encode()),
            spent=(("test", "m", Usage(1)),),
            inputs=tuple(one.id for one in taken),
        ),
        lease=lease,
    )
    print(name, flush=True)
"""


def run_and_kill(path, word, seconds):
    """Let a program commit for a while, kill it; gives the commits that it was told of."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), word], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [process.stdout.readline().strip()]
    killer = threading.Timer(seconds, lambda: process.send_signal(signal.SIGKILL))
    killer.start()
    told += [line.strip() for line in process.stdout if line.endswith("\n")]
    killer.join()
    process.wait()
    process.stdout.close()
    return [name for name in told if name]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_at_any_moment(store, runtime):
    runtime.open("s")
    chance, known = random.Random(), 0
    for number in range(ROUNDS):
        told = run_and_kill(store.path, f"r{number}", chance.uniform(0.01, 0.3))
        assert told, "it committed at least once"
        found = texts(store, "s")
        commits = [found[at : at + 3] for at in range(0, len(found), 3)]
        names = [one[0].removeprefix("a ") for one in commits]
        assert [one[:2] for one in commits] == [[f"a {n}", f"b {n}"] for n in names]
        assert all(one[2].startswith("checkpoint ") for one in commits)
        mine = [name for name in names if name.startswith(f"r{number}.")]
        assert told == mine[: len(told)]
        assert len(mine) - len(told) <= 1
        known += len(mine)
        assert runtime.usage("s").rows["test", "m"].input == known == len(names)
        assert runtime.checkpoint("s").checkpoint.tool_state == names[-1].encode()
        assert sum(one.state == "completed" for one in runtime.inputs("s")) >= known
    assert list(store.verify()) == []


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_what_was_accepted_by_one_that_was_killed_is_said_by_the_next(store, runtime):
    runtime.open("s")
    run_and_kill(store.path, "r", 0.05)
    runtime.say("s", "after all")
    from scrubber.sessions.queue import inputs

    lease = runtime.lease("s")
    taken = inputs.take(store.store, lease)
    assert taken[-1].content == inputs.text_input("after all")
    runtime.commit("s", Commit("next", inputs=tuple(one.id for one in taken)), lease=lease)
    assert {one.state for one in runtime.inputs("s")} == {"completed"}


def test_one_that_was_stopped_for_long_finds_its_lease_taken_and_writes_nothing(store, runtime):
    runtime.open("s")
    slow = runtime.lease("s", ttl_ms=20)
    time.sleep(0.03)
    with open_store(store.path) as other:
        quick = other.runtime.lease("s")
        with pytest.raises(LeaseLostError, match="has taken it over"):
            runtime.commit("s", Commit("slow", (said("slow"),)), lease=slow)
        other.runtime.commit("s", Commit("quick", (said("quick"),)), lease=quick)
    assert texts(store, "s") == ["quick"]
