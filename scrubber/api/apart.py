"""Long work on a store in a process of its own.

The threads of one process share one interpreter: while one of them imports, the one that paints a
window waits for half of its time. What is long is better done beside it; the store may be written
by several processes at once.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import ScrubberError
from scrubber.developer import is_developing, log_to_stderr
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from scrubber.api.open_store import OpenStore

    Deliver = Callable[[Any], None]
    Work = Callable[[OpenStore, Progress, Deliver, Any], None]

_LOOK_S = 0.1
"""How often it is asked whether to go on while the other process says nothing."""

PATIENCE_S = 10.0
"""How long a process that is to stop may take for what it is at."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """The last word of the other process."""

    error: Exception | None


def run_apart(
    path: Path, work: Work, wanted: object, progress: Progress, deliver: Deliver | None = None
) -> None:
    """Call ``work(store, progress, deliver, wanted)`` in a process of its own, and wait for it.

    ``work`` is a function of a module; ``wanted``, and all that it delivers, can be pickled.
    Progress, results and errors arrive here as if it had been called here; cancelling ends the
    other process, too, and so does the end of this one. Raises a ScrubberError if it dies.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_work, args=(theirs, path, work, wanted), name="scrubber", daemon=True
    )
    with _starting, _safe_path(), _no_main():
        process.start()
    theirs.close()
    try:
        ended = _listen(ours, progress, deliver, process)
    finally:
        ours.close()
        _end(process)
    if ended.error is not None:
        raise ended.error


@contextmanager
def _safe_path() -> Iterator[None]:
    """A Python that starts meanwhile takes no modules from the current folder.

    As it is given its work by ``-c`` it would look there first, even for those of its own library:
    a folder of transcripts may be anybody's. Afterwards it looks where this one does.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextmanager
def _no_main() -> Iterator[None]:
    """A Python that is started meanwhile does not run the program's file again.

    It would, to know what is defined there, of which nothing is needed; a script that does its
    work outside of ``if __name__ == "__main__"`` would do all of it a second time.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_SAFE_PATH = "PYTHONSAFEPATH"
_starting = Lock()


def _listen(
    pipe: Connection, progress: Progress, deliver: Deliver | None, process: BaseProcess
) -> _Ended:
    while True:
        if not pipe.poll(_LOOK_S):
            progress.tell()
            continue
        try:
            told = pipe.recv()
        except (EOFError, OSError):
            process.join()
            raise ScrubberError(
                f"the process for it ended by itself ({process.exitcode}); "
                "what was done so far is kept"
            ) from None
        if isinstance(told, _Ended):
            return told
        if isinstance(told, Progress):
            progress.take(told)
        elif deliver is not None:
            deliver(told)


def _end(process: BaseProcess) -> None:
    """Wait until it ends, which it does once it hears that its pipe is closed."""
    process.join(PATIENCE_S)
    if process.is_alive():
        process.kill()  # the store is whole up to its last batch
        process.join()
    process.close()


def _work(pipe: Connection, path: Path, work: Work, wanted: object) -> None:
    """What the other process does."""
    from scrubber.api.open_store import open_store

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says when to stop
    if is_developing():
        log_to_stderr()
    progress = Progress(
        report=lambda now: pipe.send(replace(now, report=None, cancelled=None)),
        cancelled=lambda: _is_closed(pipe),
    )
    error: Exception | None = None
    try:
        with open_store(path) as store:
            work(store, progress, pipe.send, wanted)
    except Exception as caught:  # told where it was asked for
        error = caught
    with suppress(OSError):
        pipe.send(_Ended(error and _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error, or one that says the same if it does not survive the way to the other process."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # what a class does to be pickled is its own affair
        return ScrubberError(f"{type(error).__name__}: {error}")
    return error


def _is_closed(pipe: Connection) -> bool:
    """Whether nobody listens any more; nothing is ever sent to the process, but the pipe's end."""
    try:
        return pipe.poll()
    except OSError:
        return True


def give_way() -> None:
    """Let other processes go first, in what nobody waits for."""
    if hasattr(os, "nice"):
        os.nice(10)
