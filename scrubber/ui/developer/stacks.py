"""What a thread is doing, told from another one."""

from __future__ import annotations

import faulthandler
import re
import tempfile
import traceback

_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<name>.*)$')


def stack_of(thread: int) -> str:
    """The Python stack of a thread (``threading.get_ident``), its latest call last.

    Written by the interpreter itself: a frame that is held from here, as those of
    ``sys._current_frames`` are, keeps its variables when its function returns, and the painter of
    a paint event would end on the wrong thread and take the program with it.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        told = file.read().decode(errors="replace")
    for stack in told.split("\n\n"):
        head, *lines = stack.splitlines()
        if f"0x{thread:016x}" in head:
            return "".join(traceback.format_list(_frames(lines)))
    return "(no Python code)"


def _frames(lines: list[str]) -> list[traceback.FrameSummary]:
    found = [frame for line in reversed(lines) if (frame := _FRAME.match(line))]
    return [traceback.FrameSummary(one["file"], int(one["line"]), one["name"]) for one in found]
