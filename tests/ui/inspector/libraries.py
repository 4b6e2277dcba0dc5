"""A library on a store of its own, open, with some transcripts in it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scrubber.api import open_store
from scrubber.models.library import Library
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.core.session import Session


@contextmanager
def open_library(qtbot: QtBot, path: Path, *files: Path) -> Iterator[Library]:
    with open_store(path) as store:
        assert [one.status for one in store.import_paths(files)].count("failed") == 0
    library = Library(path, Tasks())
    with qtbot.waitSignal(library.opened):
        library.open()
    yield library
    library.close()


def main_session(library: Library) -> Session:
    """The longest session."""
    assert library.store is not None
    return library.store.page("", "events", 0, 1)[0]


def record(number: int, text: str, role: str = "user", **more: Any) -> dict[str, Any]:
    """A record of Claude Code with one message."""
    return {
        "type": role,
        "uuid": f"u{number}",
        "parentUuid": f"u{number - 1}" if number else None,
        "sessionId": "s",
        "timestamp": f"2026-05-18T16:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "message": {"role": role, "content": [{"type": "text", "text": text}]},
        **more,
    }


def write_records(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    return path
