"""The same files in other tools: time and memory until there is something to look at.

What that is differs, and each figure says it: some write all of it as pages (which a browser has
yet to open), some only read it. These are tools that come as packages; agentsview, a Go program
that is released as a binary, is not measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from tests.bench import corpus, eval_log
from tests.bench.measuring import Result, Size
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PEERS, _READERS = (REPOSITORY / ".venv" / name / "bin" for name in ("peers", "readers"))
_PATIENCE_S = 1800

_COMMAND = """
told=$("$0" -m scrubber --store "$2" import --json "$1")
id=$(echo "$told" | sed -n 's/.*"session":"\\([^"]*\\)".*/\\1/p' | tail -n 1)
"$0" -m scrubber --store "$2" show --at 10 "$id"
"""
_API = """
import sys
from scrubber.api import open_store
with open_store(sys.argv[2]) as store:
    *_, one = store.import_paths([sys.argv[1]])
    for event in store.events(one.session, 0, 10):
        store.content(event)
"""
_WINDOW = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from scrubber.app import create_window
app = QApplication([])
window = create_window(sys.argv[2], at_once=False)
window.resize(1280, 860)
window.show()
window.import_paths([Path(sys.argv[1])])
until, panes = time.monotonic() + 600, window.panes
while not (panes.open_session.session and panes.cursor.length and panes.tasks.idle):
    assert time.monotonic() < until
    app.processEvents()
    time.sleep(0.001)
window.repaint()
print("READY", flush=True)
window.grab().save(sys.argv[2] + ".png")
window.close()
"""
_INSPECT = """
import sys
from inspect_ai.log import read_eval_log
assert read_eval_log(sys.argv[1]).samples[0].messages
"""


@dataclass(frozen=True)
class Tool:
    """A program, and what there is to look at once it is done."""

    name: str
    view: str
    command: Sequence[str | Path]
    """``FILE`` stands for the transcript, ``OUT`` for a place to write to."""
    comes_from: str = ""
    is_viewer: bool = False
    """Whether it shows a person the transcript, as the window does."""


def _ours(name: str, view: str, code: str) -> Tool:
    return Tool(f"Scrubber, {name}", view, (sys.executable, "-c", code, "FILE", "OUT"))


_WINDOWED = _ours("window", "its beginning painted, the rest comes in", _WINDOW)
OURS = (
    _WINDOWED,
    Tool(
        "Scrubber, command",
        "in the store, 10 events printed",
        ("sh", "-c", _COMMAND, sys.executable, "FILE", "OUT"),
    ),
    _ours("Python", "in the store, 10 events read", _API),
)
_CLAUDE_CODE = (
    *OURS,
    Tool(
        "claude-code-log",
        "all of it as one HTML page",
        (_PEERS / "claude-code-log", "FILE", "-o", "OUT.html"),
        "packaging/others.sh peers",
        is_viewer=True,
    ),
    Tool(
        "claude-code-transcripts",
        "all of it as HTML pages",
        (_PEERS / "claude-code-transcripts", "json", "FILE", "-o", "OUT"),
        "packaging/others.sh peers",
        is_viewer=True,
    ),
    Tool("jq", "two fields of each line", ("jq", "-c", "[.type,.uuid]", "FILE"), "the package jq"),
)
_EVAL = (
    *OURS,
    Tool(
        "inspect-ai, read_eval_log",
        "all of it as objects",
        (_READERS / "python", "-I", "-c", _INSPECT, "FILE"),
        "packaging/others.sh readers",
        is_viewer=True,
    ),
)


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure, each once."""
    for of in size.peer_bytes:
        session = corpus.write(folder / f"{of}.jsonl", of)
        yield from compare(folder, session, _CLAUDE_CODE)
        yield from compare(folder, eval_log.write(folder / f"{of}.eval", of), _EVAL)


def compare(folder: Path, source: Path, tools: Sequence[Tool]) -> Iterator[Result]:
    """One file in each tool; what another takes, the window must not take longer."""
    what = f"{source.stat().st_size / 1e6:.1f} MB {source.suffix}"
    window = 0.0
    for number, tool in enumerate(tools):
        if shutil.which(str(tool.command[0])) is None:
            told = f"not installed: {tool.comes_from} does that"
            yield Result(f"{tool.name}, {what}", None, "s", None, told)
            continue
        took, cpu, peak = measure(tool, source, folder / f"{source.name}-{number}")
        told = f"{tool.view}; {cpu:.1f} s CPU"
        yield Result(f"{tool.name}, {what}", took, "s", None, told)
        yield Result(f"{tool.name}, {what}: peak memory", peak / 1e6, "MB")
        window = window or took
        if tool.is_viewer:
            yield Result(f"Scrubber's window, {what}, to {tool.name}", window / took, "x", 1.0)


def measure(tool: Tool, source: Path, place: Path) -> tuple[float, float, int]:
    """(seconds, CPU seconds, bytes of peak memory) until there is what the tool shows."""
    told = {"FILE": str(source), "OUT": str(place), "OUT.html": f"{place}.html"}
    words = [told.get(str(word), str(word)) for word in tool.command]
    # No tool is to find, or to leave, anything in the home of whoever measures.
    home = {"HOME": str(source.parent), "XDG_CACHE_HOME": str(source.parent / "cache")}
    done = subprocess.run(
        [sys.executable, "-I", "-S", REPOSITORY / "tests" / "bench" / "child.py", *words],
        cwd=REPOSITORY,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, **home},
        capture_output=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{tool.name} failed: {done.stderr.decode()[-2000:]}")
    took, cpu, peak = orjson.loads(done.stdout)
    return took, cpu, peak
