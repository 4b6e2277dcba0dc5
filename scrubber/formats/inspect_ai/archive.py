"""``.eval`` logs: zip archives with an entry for each sample, or a folder of chunks.

``_journal/start.json`` says what is evaluated, ``samples/<id>_epoch_<n>.json`` is a sample,
``header.json`` has the results; it is missing while the evaluation runs, or after a crash. A large
sample is ``samples/<id>_epoch_<n>/``: ``sample.json``, ``metadata.json``, and the chunks of its
lists, ``messages|events|calls|attachments/<number of the first item>.json``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from scrubber.core.errors import FormatError
from scrubber.formats.inspect_ai.samples import (
    AttachmentList,
    Fields,
    Sample,
    expand,
    parse,
    whole_sample,
)

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.formats.zip_entries import Archive, Entry

HEADER, START = "header.json", "_journal/start.json"
_FOLDER, _SHELL, _METADATA = "samples/", "sample.json", "metadata.json"
_LISTS = ("messages", "events", "calls", "attachments")


class Part(NamedTuple):
    """A piece of a log: the value of an entry, or a sample."""

    name: str
    value: JSON = None
    sample: Sample | None = None


def parts(archive: Archive) -> Iterator[Part]:
    """The pieces of a log in the order in which they were written, one at a time in memory.

    The results come last, wherever they stand: so they do in a log that was still written before.
    What cannot be read costs itself only, and is told among the archive's problems.
    """
    folders = _folders(archive)
    for entry in sorted(archive.entries, key=lambda one: one.name == HEADER):
        folder = _folder_of(entry.name)
        try:
            if folder is None:
                yield _part(archive, entry)
            elif folder in folders:
                yield _chunked(archive, folder, folders.pop(folder))
        except FormatError as error:
            archive.problems.append(str(error))


def facts(archive: Archive) -> Fields:
    """What is evaluated: task, model and the like; empty if the log does not say."""
    named = {entry.name: entry for entry in archive.entries}
    for name in (START, HEADER):
        if name in named:
            try:
                value = parse(archive.read(named[name]), name)
            except FormatError:
                continue
            if isinstance(value, dict) and isinstance(value.get("eval"), dict):
                found: Fields = value["eval"]
                return found
    return {}


def _part(archive: Archive, entry: Entry) -> Part:
    value = parse(archive.read(entry), entry.name)
    is_sample = entry.name.startswith(_FOLDER) and isinstance(value, dict)
    return Part(entry.name, None if is_sample else value, _whole(value, entry, is_sample))


def _whole(value: JSON, entry: Entry, is_sample: bool) -> Sample | None:
    return whole_sample(value, entry.size) if is_sample else None


def _folder_of(name: str) -> str | None:
    """The folder of a chunked sample that an entry is in: an id may hold slashes itself."""
    folder, _, last = name.rpartition("/")
    parent, _, kind = folder.rpartition("/")
    if kind in _LISTS and parent.startswith(_FOLDER) and last.endswith(".json"):
        return parent
    if last in (_SHELL, _METADATA, "skeleton.json") and folder.startswith(_FOLDER):
        return folder
    return None


def _folders(archive: Archive) -> dict[str, dict[str, Entry]]:
    """Entries of the chunked samples, by folder and by their name within it."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in archive.entries:
        folder = _folder_of(entry.name)
        if folder is not None:
            found.setdefault(folder, {})[entry.name.removeprefix(f"{folder}/")] = entry
    return found


def _chunked(archive: Archive, folder: str, entries: dict[str, Entry]) -> Part:
    if _SHELL not in entries:
        raise FormatError(f"{folder}: {_SHELL} is missing")
    shell = parse(archive.read(entries[_SHELL]), folder)
    if not isinstance(shell, dict):
        raise FormatError(f"{folder}: not an object")
    if _METADATA in entries:
        shell["metadata"] = parse(archive.read(entries[_METADATA]), folder)
    lists = {kind: _Chunks(archive, entries, kind) for kind in _LISTS}
    refs = shell.pop("message_refs", [])
    size = sum(entry.size for entry in entries.values())
    sample = Sample(
        shell,
        lists["events"],
        lambda: (message for _, message in expand(refs, lists["messages"])),
        lists["messages"],
        lists["calls"],
        AttachmentList(lists["attachments"]),
        size,
    )
    return Part(folder, None, sample)


class _Chunks(Sequence["JSON"]):
    """A list in chunks, of which two are in memory."""

    def __init__(self, archive: Archive, entries: dict[str, Entry], kind: str) -> None:
        self._archive = archive
        self._kept: dict[int, list[JSON]] = {}
        self._entries: dict[int, Entry] = {}
        for name, entry in entries.items():
            first = name.removeprefix(f"{kind}/").removesuffix(".json")
            if name.startswith(f"{kind}/") and first.isdecimal() and len(first) < 10:
                self._entries[int(first)] = entry
        self._starts = sorted(self._entries)
        self._length = -1

    def __len__(self) -> int:
        if self._length < 0:
            last = self._starts[-1] if self._starts else 0
            self._length = last + len(self._chunk(last)) if self._starts else 0
        return self._length

    @overload
    def __getitem__(self, index: int) -> JSON: ...
    @overload
    def __getitem__(self, index: slice) -> list[JSON]: ...
    def __getitem__(self, index: int | slice) -> JSON:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        place = bisect_right(self._starts, index) - 1
        start = self._starts[place] if place >= 0 else 0
        chunk = self._chunk(start) if place >= 0 else []
        if not 0 <= index - start < len(chunk):
            raise IndexError(index)
        return chunk[index - start]

    def __iter__(self) -> Iterator[JSON]:
        for start in self._starts:
            yield from self._chunk(start)

    def _chunk(self, start: int) -> list[JSON]:
        if start not in self._kept:
            entry = self._entries[start]
            try:
                value = parse(self._archive.read(entry), entry.name)
            except FormatError as error:
                self._archive.problems.append(str(error))
                value = []
            while len(self._kept) > 1:
                del self._kept[next(iter(self._kept))]
            self._kept[start] = value if isinstance(value, list) else []
        return self._kept[start]
