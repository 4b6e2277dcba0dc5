"""What went wrong, in one sentence on stderr, and the exit status that says so to scripts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.core.errors import BadArgumentError, ScrubberError

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE = 0
FAILED = 1
USAGE = 2
PARTLY = 3
BUDGET = 4
"""A run that used up its budget."""
NEEDS_PERSON = 5
"""A run that waits for somebody's answer."""
UNMATCHED = 6
"""A replay whose recording does not fit any more."""
INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
PIPE_CLOSED = 141
"""128 + SIGPIPE: who read the output has had enough."""


@dataclass(slots=True)
class Outcome:
    """How a command ended."""

    command: str = ""
    status: int = DONE


@contextmanager
def reported() -> Iterator[Outcome]:
    """Turns what a command raises into a sentence and a status; only a bug keeps its traceback."""
    outcome = Outcome()
    try:
        yield outcome
    except SystemExit as ended:
        outcome.status = ended.code if isinstance(ended.code, int) else DONE
    except KeyboardInterrupt:
        outcome.status = _failed(outcome, INTERRUPTED, "interrupted")
    except BrokenPipeError:
        output.silence()
        outcome.status = PIPE_CLOSED
    except BadArgumentError as error:
        outcome.status = _failed(outcome, USAGE, str(error))
    except (ScrubberError, OSError) as error:
        outcome.status = _failed(outcome, FAILED, sentence(error))


def sentence(error: Exception) -> str:
    """An error in words, the file it is about first."""
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename is not None else ""
        return where + error.strerror
    return str(error)


def _failed(outcome: Outcome, status: int, words: str) -> int:
    output.say(f"scrubber {outcome.command}: {words}".replace("  ", " "))
    return status
