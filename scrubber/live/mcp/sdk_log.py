"""What the SDK logs goes into the log of the server that it is about.

It logs tracebacks for every odd line of a server, which help nobody at a prompt.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.live.mcp.server_log import ServerLog

current: ContextVar[ServerLog | None] = ContextVar("current", default=None)
"""The log of the server that the running task is about."""
_LOGGERS = ("mcp", "client")


class _ToServerLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = current.get()
        if log is None:  # somebody else uses the SDK
            logging.getLogger().handle(record)
        elif record.levelno >= logging.WARNING:
            log.note(f"{record.levelname.lower()}: {self.format(record)}")


def divert() -> None:
    """From now on; once is enough."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _ToServerLog) for handler in logger.handlers):
            logger.addHandler(_ToServerLog())
            logger.propagate = False
