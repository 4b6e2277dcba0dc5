"""Folders with a file an event, as one stream: in version 0 ``<session>/events/<n>.json``, in
version 1 ``<conversation>/base_state.json`` and ``events/event-<n>-<id>.json``.

Each event is a line. Files that are one line stay as they are; those of several are written anew
on one.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO

import orjson

from scrubber.formats.parsing import loads
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OLD = re.compile(r"(\d+)\.json")
_NEW = re.compile(r"event-(\d+)-.+\.json")
_PAGE = re.compile(r"\d+-\d+\.json")
_STATE, _FIRST = "base_state.json", "0.json"


def is_folder_of_events(path: Path) -> bool:
    """Whether a file stands for a folder, by its name."""
    return path.name == _STATE or (path.name == _FIRST and path.parent.name == "events")


def whole_of(path: Path) -> Path | None:
    """The file that stands for the folder that a file is in, None if it is in no such folder."""
    folder, name = path.parent, path.name
    if folder.name == "events":
        whole = folder / _FIRST if _OLD.fullmatch(name) else folder.parent / _STATE
        is_event = bool(_OLD.fullmatch(name) or _NEW.fullmatch(name))
    elif folder.name == "event_cache" and _PAGE.fullmatch(name):
        whole, is_event = folder.parent / "events" / _FIRST, True
    else:
        return path if name == _STATE and (folder / "events").is_dir() else None
    return whole if is_event and whole.is_file() else None


def parts_of(path: Path) -> list[Path]:
    """The files of the events of a folder, in their order."""
    folder = path.parent / "events" if path.name == _STATE else path.parent
    pattern = _NEW if path.name == _STATE else _OLD
    found: list[tuple[int, str, Path]] = []
    if folder.is_dir():
        for file in folder.iterdir():
            if (match := pattern.fullmatch(file.name)) and file.is_file():
                found.append((int(match[1]), file.name, file))
    return [file for _, _, file in sorted(found)]


def open_folder(path: Path) -> BinaryIO:
    """The events of a folder one a line; in front of those of version 1, the state."""
    files = [path, *parts_of(path)] if path.name == _STATE else parts_of(path)
    problems: list[str] = []
    return io.BufferedReader(PieceStream(_lines(files, problems), problems=problems))


def _lines(files: list[Path], problems: list[str]) -> Iterator[bytes]:
    for file in files:
        try:
            raw = file.read_bytes().strip()
        except OSError as error:
            problems.append(f"{file.name} cannot be read: {error.strerror or error}")
            continue
        if not raw:
            problems.append(f"{file.name} is empty")
            continue
        yield _on_one_line(raw) + b"\n"


def _on_one_line(raw: bytes) -> bytes:
    if b"\n" not in raw and b"\r" not in raw:
        return raw
    try:
        return orjson.dumps(loads(raw), option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONDecodeError:
        return raw.replace(b"\r", b" ").replace(b"\n", b" ")
