"""The developer mode: ``SCRUBBER_DEV=1`` has the program say what makes its users wait.

The window logs the stack of whatever blocks it and shows how long its frames take
(``scrubber.ui.developer``); the store logs slow statements with their query plans
(``scrubber.store.slow_statements``).
"""

from __future__ import annotations

import logging
import os
import sys


def is_developing() -> bool:
    """Whether the developer mode is on."""
    return os.environ.get("SCRUBBER_DEV", "") not in ("", "0")


def log_to_stderr() -> None:
    """Show what is logged, with its time; not if the command line does so already."""
    logger = logging.getLogger("scrubber")
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(name)s: %(message)s", "%T"))
    logger.addHandler(handler)
