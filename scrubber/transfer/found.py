"""Looks where agents keep their sessions on this machine; reads nothing but names and sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """Sessions of one agent in one folder."""

    format: str
    title: str
    folder: Path
    files: tuple[Path, ...]
    bytes: int


def find_sessions() -> Iterator[Found]:
    """What each format's usual folders hold, those with nothing in them left out."""
    for format in registry.formats().values():
        for place in format.places():
            if not place.folder.is_dir():
                continue
            files = sorted(path for path in place.folder.glob(place.pattern) if path.is_file())
            if files:
                size = sum(path.stat().st_size for path in files)
                yield Found(format.name, format.title, place.folder, tuple(files), size)
