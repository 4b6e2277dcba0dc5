"""Several programs say things to one session while another one takes them: each is said once."""

from __future__ import annotations

import subprocess
import sys
import time

from scrubber.sessions.heads import Commit
from scrubber.sessions.queue import inputs
from tests.sessions.made import said

KEYS = 30

WORKER = f"""
import sys
from scrubber.api import open_store
with open_store(sys.argv[1]) as store:
    for number in range({KEYS}):
        store.runtime.say("s", f"word {{number}}", source_key=f"k{{number}}")
        store.runtime.command("s", "reset_session", f"k{{number % 3}}")
"""


def test_each_input_is_said_once_whoever_says_it_and_commands_are_not_doubled(store, runtime):
    runtime.open("s")
    lease = runtime.lease("s")
    arguments = [sys.executable, "-c", WORKER, str(store.path)]
    programs = [subprocess.Popen(arguments) for _ in range(3)]
    turn, heard, running = 0, [], True
    while running:
        running = any(program.poll() is None for program in programs)
        taken = inputs.take(store.store, lease)
        if not taken:
            time.sleep(0.01)
            continue
        words = [one.content["items"][0]["text"] for one in taken]
        heard += words
        turn += 1
        ids = tuple(one.id for one in taken)
        store.store.renew(lease)
        runtime.commit("s", Commit(f"t{turn}", tuple(map(said, words)), inputs=ids), lease=lease)
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert sorted(heard) == sorted(f"word {number}" for number in range(KEYS))
    assert [event.text for event in store.events("s")] == heard
    assert {one.state for one in runtime.inputs("s")} == {"completed"}
    assert len(runtime.queued("s")) == 3
    assert list(store.verify()) == []
