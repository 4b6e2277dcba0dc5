"""Writes to stdout and stderr, and nothing of a transcript that could act on a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from typing import Any, TextIO

from scrubber.core.events import one_line
from scrubber.core.visible import visible

_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""JSON itself escapes the control characters below 32; these it would leave as they are."""


def prepare() -> None:
    """Let no character be impossible to write; what goes to a file or a pipe is UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def put(text: str = "") -> None:
    """Lines of data, as text."""
    _write(sys.stdout, visible(text) + "\n")


def put_json(value: Any) -> None:
    """One JSON object on a line of its own."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    _write(sys.stdout, _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def put_bytes(data: bytes) -> None:
    """Data, byte for byte."""
    if sys.stdout is not None:
        sys.stdout.buffer.write(data)


def say(text: str) -> None:
    """A message for the person at the keyboard."""
    flush()
    _write(sys.stderr, visible(text) + "\n")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # as when it was closed: `scrubber … >&-`
        stream.write(text)


def flush() -> None:
    """Send what was written, so that a closed pipe is noticed, and stderr does not overtake it."""
    if sys.stdout is not None:
        sys.stdout.flush()


def silence() -> None:
    """Nobody reads stdout any more: let what is left in it go nowhere."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def width() -> int | None:
    """Columns that a line of data may have; None when nobody looks at a screen."""
    if sys.stdout is not None and sys.stdout.isatty():
        return max(shutil.get_terminal_size((100, 24)).columns, 40)
    return None


def can_ask() -> bool:
    """Whether a person is there to answer a question."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str) -> str:
    """The answer to a question, asked on stderr; empty at the end of the input."""
    flush()
    sys.stderr.write(visible(question))
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def ask_secret(question: str) -> str:
    """A secret: typed unseen where there is a terminal, else the first line of stdin."""
    if not can_ask():
        return sys.stdin.readline().strip()
    from getpass import getpass

    flush()
    return getpass(visible(question), sys.stderr).strip()


def line(text: str) -> str:
    """A text on one line, whole."""
    return one_line(text, max(len(text), 1))
