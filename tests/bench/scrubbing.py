"""A session of a million events in the window: opened, dragged through, jumped about in, zoomed."""

from __future__ import annotations

import gc
import os
import time
from itertools import cycle
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from scrubber.ui.main_window import MainWindow
from tests.bench import corpus
from tests.bench.measuring import Result, Size
from tests.bench.sessions import long_session
from tests.bench.turns import FRAME_MS, Spent, Turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SHORT = 200
_SHARE = 5 / 6
"""How much is imported while the window is used, as a part of the corpus of the import."""


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    events = size.events[-1]
    store, long = long_session(folder, events)
    source = corpus.write_events(folder / "short.jsonl", _SHORT, seed="short")
    (short,) = store.import_paths([source])
    store.close()
    scrubbed = Scrubbed(folder, store.path, str(short.session), long, events)
    # What is searched is another matter: without this the window would index while it is measured.
    scrubbed.window.panes.index_keeper.close()
    yield from scrubbed.open(size.rounds)
    yield from scrubbed.scrub(60 * size.rounds)
    yield from scrubbed.zoom(40 * size.rounds)
    scrubbed.close()
    busy = Scrubbed(folder, store.path, long, long, events)
    yield from busy.scrub_while_importing(int(size.source_bytes * _SHARE))
    busy.close()


class Scrubbed:
    """A window on a store with a short session, which it shows at first, and a long one."""

    def __init__(self, folder: Path, path: Path, short: str, long: str, events: int) -> None:
        self.folder, self.path, self.events = folder, path, events
        self.short, self.long = short, long
        self.turns, self.random = Turns(), Random(3)
        settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        settings.setValue("session", short)
        self.window = MainWindow(path, settings)
        self.window.resize(1280, 860)
        self.window.show()
        self.turns.until(lambda: self.window.is_settled(short))
        gc.freeze()  # as the program does soon after its start

    def open(self, rounds: int) -> Iterator[Result]:
        """The long session chosen in the tree, until all panes have read and painted it."""
        name = f"open {self.events:,} events to painted"
        self.turns.take()
        forget_file(self.path)
        told = "the first long session of this window, its file not in memory"
        yield Result(f"{name}, cold", self._show(self.long), "ms", 600, told)
        warm = []
        for _ in range(max(rounds, 2)):
            self._show(self.short)
            warm.append(self._show(self.long))
        yield Result(f"{name}, warm", median(warm), "ms", 150)
        yield Result(f"{name}, longest turn", max(self.turns.take().thread), "ms of GUI")

    def _show(self, session: str) -> float:
        before = time.perf_counter()
        self.window.show_session(session)
        self.turns.until(lambda: self.window.is_settled(session))
        self.window.repaint()
        return (time.perf_counter() - before) * 1000

    def scrub(self, count: int) -> Iterator[Result]:
        """The playhead dragged, and put anywhere, all panes shown."""
        for name, places, half in (
            ("drag step", self._along(count), None),
            ("random jump", self._anywhere(count), 10.0),
        ):
            self.turns.take()
            frames, settled = Spent(), []
            for place in places:
                settled.append(self._move(place, frames))
            yield from frames.results(f"{name}, {self.events:,} events", half, FRAME_MS)
            yield Result(f"{name}, until all is read and painted, p50", median(settled), "ms")
            yield from self.turns.take().results(f"{name}, each turn after it", None, FRAME_MS)

    def _along(self, count: int) -> Sequence[int]:
        start = self.events // 2
        return [start + 37 * step for step in range(count) if 37 * step < start]

    def _anywhere(self, count: int) -> Sequence[int]:
        return [self.random.randrange(self.events) for _ in range(count)]

    def _move(self, place: int, frames: Spent) -> float:
        """Move the playhead, wait until nothing moves any more; gives how long that took."""
        before = time.perf_counter()
        frames.time(lambda: self._to(place))
        self.turns.until(lambda: self.window.is_settled(self.long))
        return (time.perf_counter() - before) * 1000

    def _to(self, place: int) -> None:
        self.window.panes.cursor.set_index(place)
        self.window.repaint()

    def zoom(self, count: int) -> Iterator[Result]:
        """Steps into the timeline and out again."""
        timeline, steps = self.window.panes.timeline, Spent()
        for number in range(count):
            step = timeline.zoom_in if number % 20 < 10 else timeline.zoom_out
            steps.time(lambda step=step: (step(), timeline.repaint()))  # type: ignore[misc]
        yield from steps.results(f"zoom step, {self.events:,} events", None, 6.0)

    def scrub_while_importing(self, size: int) -> Iterator[Result]:
        """Drags while the window imports a file, each as soon as the one before is painted."""
        source = corpus.write(self.folder / "imported.jsonl", size, seed="imported")
        frames, began = Spent(), time.perf_counter()
        self.turns.take()
        job = self.window.panes.library.import_files([source])
        assert job is not None
        over: list[object] = []
        job.ended.connect(over.append)
        places = cycle(self._along(500))
        while not over:
            frames.time(lambda: self._to(next(places)))
            self.turns.turn()
            time.sleep(0.001)
        if over[0] is not None:
            raise RuntimeError(over[0])
        took = time.perf_counter() - began
        name = f"while importing {size / 1e6:,.0f} MB"
        yield from frames.results(f"drag step {name}", None, FRAME_MS)
        yield from self.turns.take().results(f"each turn {name}", None, FRAME_MS)
        yield Result(f"the import, {name.removeprefix('while ')}", took, "s")

    def close(self) -> None:
        """Take the window away."""
        self.window.close()
        self.window.deleteLater()
        self.turns.app.processEvents()
        gc.unfreeze()


def forget_file(path: Path) -> None:
    """Have the system drop a store's files from its memory, where it can be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return
    for part in path.parent.glob(f"{path.name}*"):
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
