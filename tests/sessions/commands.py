"""Random commands for sessions, and a program that obeys them: ``python -m …commands STORE``.

The program reads a line ``[verb, argument…]`` of JSON, does it, and writes its result as a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.api import open_store
from scrubber.core.errors import BadArgumentError, ConflictError, UnknownSessionError
from scrubber.sessions.persistence import Envelope
from tests.sessions.naive import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.sessions import Sessions

REPOSITORY = Path(__file__).parents[2]
NAMES = ("a", "b", "c", "d")

Command = list[Any]


def _send(runtime: Sessions, name: str, text: str) -> None:
    runtime.send_message(text, id=name)


def _save(runtime: Sessions, name: str, messages: list[Any]) -> None:
    runtime.put_envelope(name, Envelope(messages))


def _history(runtime: Sessions, name: str, limit: int, tools: bool) -> Any:
    entries = runtime.history(name, limit, tools)
    return MISSING if entries is None else [entry.message for entry in entries]


def _ancestry(runtime: Sessions, name: str) -> Any:
    found = runtime.ancestry(name)
    return MISSING if found is None else {**found, "child_ids": set(found["child_ids"])}


_VERBS: dict[str, Callable[..., Any]] = {
    "send": _send,
    "save": _save,
    "history": _history,
    "ancestry": _ancestry,
}


def obey(runtime: Sessions, command: Command) -> Any:
    """Do what a command says; gives what the naive model gives."""
    verb, *arguments = command
    try:
        if verb in _VERBS:
            return _VERBS[verb](runtime, *arguments)
        return getattr(runtime, verb)(*arguments)
    except UnknownSessionError:
        return MISSING
    except (BadArgumentError, ConflictError) as error:
        return "not within" if "not within" in str(error) else str(error)


class Program:
    """Another program that obeys commands on the same store."""

    def __init__(self, store: Path) -> None:
        self.home = store
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sessions.commands", str(store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
        )
        assert self._read() == "ready"

    def send(self, command: Command) -> None:
        """Give it a command, and do not wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def obey(self, command: Command) -> Any:
        """Give it a command, and wait for the result."""
        self.send(command)
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def kill_after(self, number: int) -> list[Any]:
        """Kill it when it has given so many results, in the midst of what it does then.

        Gives all the results that it wrote.
        """
        assert self._process.stdout is not None
        results = [self._read() for _ in range(number)]
        self._process.kill()
        lines = self._process.stdout.read().split("\n")
        self._end()
        return [*results, *(json.loads(line) for line in lines[:-1])]

    def stop(self) -> None:
        """Let it come to its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._end()

    def _end(self) -> None:
        self._process.wait(60)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def as_told(result: Any) -> Any:
    """A result as a program tells it."""
    return json.loads(json.dumps(result, default=sorted))


def _serve(path: Path | None) -> None:
    """Obey; the command ``use`` goes on with another store."""
    while path:
        with open_store(path) as store:
            print(json.dumps("ready"), flush=True)
            path = _obey_all(store.runtime)


def _obey_all(runtime: Sessions) -> Path | None:
    for line in sys.stdin:
        command = json.loads(line)
        if command[0] == "use":
            return Path(command[1])
        print(json.dumps(obey(runtime, command), default=sorted), flush=True)
    return None


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
