"""``scrubber`` and ``scrubber open``: the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, store_path
from scrubber.cli.failures import FAILED

if TYPE_CHECKING:
    import argparse


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "open", run, "open the window, and files in it")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="transcripts to import")


def run(args: argparse.Namespace) -> int:
    """Open the window; ends when it is closed."""
    files = [path.absolute() for path in args.files]
    missing = next((path for path in files if not path.exists()), None)
    if missing is not None:
        output.say(f"scrubber open: {missing}: no such file or folder")
        return FAILED
    return open_window(store_path(args), files)


def open_window(store: Path, files: list[Path]) -> int:
    """The window on a store; says in a sentence why there can be none."""
    if not has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        output.say(
            "scrubber: there is no display to open a window on; "
            "`scrubber --help` lists what works without one"
        )
        return FAILED
    try:
        from scrubber import app
    except ImportError as error:
        output.say(f"scrubber: the window cannot be opened: {error}")
        return FAILED
    return app.run(store, files)


def has_display() -> bool:
    """Whether this system has a screen for windows, as far as one can tell without Qt."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
