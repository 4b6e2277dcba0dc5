"""How far a long command is: one line on a terminal's stderr, written anew again and again."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scrubber.cli.tables import shorten, width_of
from scrubber.core.ages import count
from scrubber.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import Progress

_INTERVAL_S = 0.1


class ProgressLine:
    """The line; wiped away before anything else is written."""

    def __init__(self, enabled: bool | None = None) -> None:
        self._enabled = _on_a_terminal() if enabled is None else enabled
        self._columns = 0
        self._written = 0.0

    def progress(self, what: str = "") -> Progress:
        """What long work reports to."""
        from scrubber.api import Progress

        return Progress(report=self.show, what=what)

    def show(self, progress: Progress) -> None:
        """Write the line, ten times a second at most."""
        now = time.monotonic()
        if not self._enabled or now - self._written < _INTERVAL_S:
            return
        self._written = now
        text = shorten(words(progress), shutil.get_terminal_size((80, 24)).columns - 1)
        self._write(text)

    def clear(self) -> None:
        """Wipe it away."""
        if self._columns:
            self._write("")
            self._write("")

    def _write(self, text: str) -> None:
        columns = width_of(text)
        sys.stderr.write("\r" + text + " " * (self._columns - columns))
        sys.stderr.flush()
        self._columns = columns


@contextmanager
def progress_line(enabled: bool | None = None) -> Iterator[ProgressLine]:
    """A line that is gone afterwards, however the work ended."""
    line = ProgressLine(enabled)
    try:
        yield line
    finally:
        line.clear()


def _on_a_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def words(progress: Progress) -> str:
    """What the line says."""
    done = progress.words(progress.bytes)
    if progress.bytes_total:
        done += f" of {progress.words(progress.bytes_total)}"
    parts = [done, f"{progress.words(progress.rate)}/s"]
    if progress.files_total:
        parts.insert(0, f"{progress.files:,} of {count(progress.files_total, 'file')}")
    if progress.sessions:
        parts.append(count(progress.sessions, "new session"))
    if progress.what:
        parts.append(visible(progress.what).replace("\n", "␊"))
    return " · ".join(parts)
