"""How long a thread waits for the interpreter while another one imports.

Whoever imports within a program of their own, in which something else goes on, waits so long for
each step of that; the window has what is large imported by another process.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.ui.main_window import TURN_S
from tests.bench import corpus
from tests.bench.measuring import Result, Size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEP_S = 0.001


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure, with the interpreter's usual turns and with those of the window."""
    source = corpus.write(folder / "session.jsonl", size.source_bytes)
    usual = sys.getswitchinterval()
    waits = sorted(_waits(folder / "usual.db", source))
    yield Result("wait beside an import, p99", _p99(waits), "ms", None, _told(waits))
    try:
        sys.setswitchinterval(TURN_S)
        waits = sorted(_waits(folder / "window.db", source))
    finally:
        sys.setswitchinterval(usual)
    name = "wait beside an import, turns as in the window"
    yield Result(f"{name}, p99", _p99(waits), "ms", 8, _told(waits))
    yield Result(f"{name}, longest", waits[-1], "ms", 30)


def _told(waits: list[float]) -> str:
    return f"beyond a sleep of {_STEP_S * 1000:.0f} ms, {len(waits):,} times"


def _p99(waits: list[float]) -> float:
    return waits[int(len(waits) * 0.99)]


def _waits(store: Path, source: Path) -> Iterator[float]:
    """Milliseconds by which each short sleep was too long while a file was imported."""
    importing = threading.Thread(target=_import, args=(store, source))
    importing.start()
    while importing.is_alive():
        start = time.perf_counter()
        time.sleep(_STEP_S)
        yield (time.perf_counter() - start - _STEP_S) * 1000
    importing.join()


def _import(path: Path, source: Path) -> None:
    with open_store(path) as store:
        store.import_paths([source])
