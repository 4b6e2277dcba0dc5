"""Which files an import is about: those named, and those in folders that may be sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scrubber.formats import containers, registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MUCH = 8 * 1024 * 1024
"""Bytes that take longer to read than a process takes to start."""


class Found(NamedTuple):
    """A file to be imported."""

    path: Path
    stamp: containers.Stamp
    """Of this file alone, whatever else belongs to the source."""
    named: bool
    """By itself, and not found in a folder."""


def files_of(paths: Iterable[Path]) -> Iterator[Found]:
    """The files that paths stand for, the largest of a folder first.

    A file named by itself may have any ending. Raises a FileNotFoundError for a path that does not
    exist.
    """
    for path in paths:
        path = Path(path).absolute()
        if path.is_dir():
            yield from sorted(inside(path), key=lambda found: (-found.stamp.size, str(found.path)))
        elif path.exists():
            whole = registry.whole_of(path)
            yield Found(whole, containers.file_stamp(whole), True)
        else:
            raise FileNotFoundError(f"{path}: no such file or folder")


def is_much(paths: Iterable[Path]) -> bool:
    """Whether importing these is work for more than a moment: folders, or large files."""
    return sum(MUCH if path.is_dir() else _file_size(path) for path in paths) >= MUCH


def _file_size(path: Path) -> int:
    """Bytes; 0 for what is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def inside(folder: Path) -> Iterable[Found]:
    """The files of a folder that may be sources; of those of many files, the one for them all."""
    endings, of_many = registry.endings(), registry.of_many_files()
    found: dict[str, Found] = {}
    for entry in _entries(folder):
        if not entry.name.endswith(endings) or entry.name.endswith(".meta.json"):
            continue
        path = Path(entry.path)
        whole = containers.whole_of(of_many, path)
        try:
            stamp = containers.file_stamp(entry if whole is path else whole)
        except OSError:
            continue  # it went away meanwhile
        found[str(whole)] = Found(whole, stamp, False)
    return found.values()


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files at any depth; links to folders are not followed, what may not be read is left."""
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif _is_file(entry):
                        yield entry
        except OSError:
            continue


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False
