"""Runs commands in this process, or as real ones, on a store and a home of the test's own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.split("\n")[:-1]]

    @property
    def one(self) -> dict[str, Any]:
        (line,) = self.lines
        return line


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """cli("events", session, "--json") in this process."""

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return run


def command(*arguments: object) -> list[str]:
    """The words that run a command as a process of its own."""
    return [sys.executable, "-m", "scrubber", *map(str, arguments)]


@pytest.fixture
def process() -> Callable[..., Result]:
    """process("events", session) as a real program."""

    def run(*arguments: object) -> Result:
        done = subprocess.run(
            command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def sample(cli: Callable[..., Result], bundled_sample: Path) -> str:
    """The id of the bundled sample session, imported into the usual store."""
    done = cli("import", bundled_sample, "--json")
    assert done.status == 0
    (session,) = (line["session"] for line in done.lines if line["events"] > 100)
    assert isinstance(session, str)
    return session


@pytest.fixture
def subagent(cli: Callable[..., Result], sample: str) -> str:
    """The id of the sample's sub-agent."""
    (session,) = (s["id"] for s in cli("sessions", "--json").lines if s["relation"] == "subagent")
    assert isinstance(session, str)
    return session
