"""What the program logs, as sentences on stderr: a traceback helps nobody at a prompt."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scrubber.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Sentences(logging.Handler):
    """Says the message of each warning."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one of them."""
        output.say(f"scrubber: {record.getMessage()}")


@contextmanager
def said() -> Iterator[None]:
    """Warnings and errors of this program are said while a command runs."""
    logger, handler = logging.getLogger("scrubber"), _Sentences(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
