"""Reads transcript files into a store: new ones, what was appended, and what was rewritten."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from scrubber.core.errors import CancelledError, FormatError, OvertakenError, ScrubberError
from scrubber.formats import containers, registry
from scrubber.store.sources import Warning
from scrubber.transfer import imported, snapshot_reader, walking
from scrubber.transfer.feeding import OutOfStepError, Prefix, feed
from scrubber.transfer.progress import Progress
from scrubber.transfer.snapshots import NATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scrubber.core.session import Changes
    from scrubber.formats.base import Format
    from scrubber.formats.containers import Stamp
    from scrubber.store import Store
    from scrubber.store.sources import Source
    from scrubber.store.writer import SourceWriter
    from scrubber.transfer.imported import Imported, Status
    from scrubber.transfer.walking import Found

_TOGETHER = 500
"""Files of which the store is asked at once whether it has them as they are."""
_PATIENCE_S = 2.0
"""How long another program may take between two batches of a file that it imports."""

_log = logging.getLogger(__name__)


def import_paths(
    store: Store,
    paths: Iterable[Path],
    format: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Imported]:
    """Import files, and the transcripts in folders; gives each session as soon as it is in.

    A file that cannot be read gives one failed result and never costs the others. Raises a
    FileNotFoundError for a path that does not exist, before anything is read.
    """
    progress = progress or Progress()
    files = list(walking.files_of(paths))
    progress.files_total = len(files)
    progress.bytes_total = sum(found.stamp.size for found in files)
    # Asked before anything is read: later their stamps would tell of a moment that is long over.
    kept = [told for some in _batches(files) for told in _kept(store, some, format)]
    for found, told in zip(files, kept, strict=True):
        if told:
            progress.files += 1
            progress.advance(found.stamp.size)
            yield from told
        else:
            yield from _import_found(store, found, format, progress)
    progress.tell()


def _batches(files: Sequence[Found]) -> Iterator[Sequence[Found]]:
    return (files[start : start + _TOGETHER] for start in range(0, len(files), _TOGETHER))


def _kept(store: Store, files: Sequence[Found], format: str | None) -> list[list[Imported]]:
    """The results of those files that have not changed; nothing for each of the others."""
    sources = store.sources_of([found.path for found in files])
    known = [
        (found, source if source is not None and _is_kept(source, found, format) else None)
        for found, source in zip(files, sources, strict=True)
    ]
    followers = store.followers_of([source.id for _, source in known if source is not None])
    return [
        list(imported.results(store, source, followers[source.id], "unchanged", found.path))
        if source is not None
        else []
        for found, source in known
    ]


def _is_kept(source: Source, found: Found, format: str | None) -> bool:
    """Whether the store has a file as it is; if that cannot be told, reading it will say why."""
    try:
        return format in (None, source.format) and _is_read(source, found.path, found.stamp)
    except Exception:
        return False


def _import_found(
    store: Store, found: Found, format: str | None, progress: Progress
) -> Iterator[Imported]:
    """The results of a file; a failed one if it cannot be read."""
    path, before = found.path, progress.bytes
    progress.what = path.name
    try:
        yield from _import_file(store, path, format, found.named, progress)
    except CancelledError:
        raise
    except (ScrubberError, OSError) as error:
        yield imported.failed(path, str(error))
    except Exception as error:
        # A reader (perhaps not one of ours) stumbled: a bug, but the other files go on.
        _log.exception("%s cannot be read", path)
        yield imported.failed(path, f"{path}: its reader failed: {error!r}")
    progress.files += 1
    progress.bytes = before + found.stamp.size
    progress.tell()


def _import_file(
    store: Store, path: Path, format: str | None, named: bool, progress: Progress
) -> Iterator[Imported]:
    _check_file(path)
    known = store.source_of(path)
    if known is not None and format in (None, known.format) and _is_read(known, path):
        yield from _results(store, known, "unchanged", path)
        return
    if format == NATIVE or (format is None and snapshot_reader.is_snapshot(path)):
        for session, what in snapshot_reader.read_snapshot(store, path, progress):
            yield imported.result_of(store.session(session), what, path)
        return
    try:
        chosen = registry.get(format) if format else registry.recognise(path)
    except FormatError:
        if named:
            raise
        return
    while True:
        begun = progress.bytes
        try:
            source, status, grown = _import_as(store, path, chosen, progress)
            break
        except OvertakenError:
            progress.bytes = begun
            _wait_for_other(store, path, progress)
    progress.sessions += len(grown.added)
    yield from _results(store, store.source(source), status, path, grown)


def _results(
    store: Store, source: Source, status: Status, path: Path, grown: Changes | None = None
) -> Iterator[Imported]:
    followers = store.followers_of([source.id])[source.id]
    return imported.results(store, source, followers, status, path, grown)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise FormatError(f"{path}: not a regular file: save what it holds as one")
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise FormatError(f"{path}: its name is not UTF-8: rename it") from None


def _is_read(known: Source, path: Path, seen: Stamp | None = None) -> bool:
    format = registry.get(known.format)
    stamp = containers.stamp_of(format, path, seen)
    return known.reader == format.version and known.unchanged(stamp)


def _import_as(
    store: Store, path: Path, format: Format, progress: Progress
) -> tuple[int, Status, Changes]:
    """Read what is new of a file; gives its source, and what that changed."""
    known = store.source_of(path)
    if known is None:
        return _import_whole(store, path, format, None, progress)
    if (known.format, known.reader) != (format.name, format.version):
        return _import_whole(store, path, format, known.id, progress)
    begun = progress.bytes
    try:
        grown = _continue(store, path, format, known, progress)
    except OutOfStepError:
        progress.bytes = begun
        return _import_whole(store, path, format, known.id, progress)
    return known.id, "extended" if grown else "unchanged", grown


def _import_whole(
    store: Store, path: Path, format: Format, replaces: int | None, progress: Progress
) -> tuple[int, Status, Changes]:
    source, writer = store.writer(path, format.name, format.version, replaces)
    try:
        grown = _read_all(store, path, format, source, writer, progress)
    except BaseException:
        store.abandon(source, replaces)
        raise
    return source, "new" if replaces is None else "rewritten", grown


def _continue(
    store: Store, path: Path, format: Format, known: Source, progress: Progress
) -> Changes:
    """Go on where the store's records of a file end."""
    writer = store.writer_of(known)
    return _read_all(store, path, format, known.id, writer, progress)


def _read_all(
    store: Store,
    path: Path,
    format: Format,
    source: int,
    writer: SourceWriter,
    progress: Progress,
) -> Changes:
    reader, stamp = containers.reader_of(format, path), containers.stamp_of(format, path)
    prefix = Prefix(store.pieces(source))
    with containers.open_source(format, path) as stream:
        feed(reader, stream, writer, prefix, stamp.mtime_ns, progress)
        warnings = [Warning(0, problem) for problem in containers.problems_of(stream)]
    warnings += [Warning(max(line, 0), reason) for line, reason in reader.warnings]
    linked = store.finish(source, writer.read_upto, stamp, reader.pending, warnings)
    return writer.changes | linked


def _wait_for_other(store: Store, path: Path, progress: Progress) -> None:
    """Let another program that imports the same file go ahead until it is done, or stands still."""
    upto, since = -1, time.monotonic()
    while time.monotonic() - since < _PATIENCE_S:
        known = store.source_of(path)
        if known is None or known.complete:
            return
        if known.read_upto != upto:
            upto, since = known.read_upto, time.monotonic()
        progress.tell()
        time.sleep(0.05)
