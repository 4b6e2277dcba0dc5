"""Reads transcript files into a store: new ones, what was appended, and what was rewritten."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scrubber.core.errors import CancelledError, FormatError, OvertakenError, ScrubberError
from scrubber.core.session import Changes
from scrubber.formats import containers, registry
from scrubber.store.sources import Source, Warning
from scrubber.transfer import snapshot_reader
from scrubber.transfer.feeding import OutOfStepError, Prefix, feed
from scrubber.transfer.progress import Progress
from scrubber.transfer.snapshots import NATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.session import Session
    from scrubber.formats.base import Format
    from scrubber.store import Store
    from scrubber.store.writer import SourceWriter

Status = Literal["new", "extended", "unchanged", "rewritten", "failed"]

MUCH = 8 * 1024 * 1024
"""Bytes that take longer to read than a process takes to start."""

_PATIENCE_S = 2.0
"""How long another program may take between two batches of a file that it imports."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing did for one session, or why a file gave none (``status`` failed)."""

    session: str | None
    title: str
    format: str
    source: str
    status: Status
    events: int
    messages: int
    warnings: tuple[Warning, ...]


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
    files = list(_files(paths))
    progress.files_total = len(files)
    progress.bytes_total = sum(size for _, size, _ in files)
    for path, size, named in files:
        progress.what = path.name
        before = progress.bytes
        try:
            yield from _import_file(store, path, format, named, progress)
        except CancelledError:
            raise
        except (ScrubberError, OSError) as error:
            yield _failed(path, str(error))
        except Exception as error:
            # A reader (perhaps not one of ours) stumbled: a bug, but the other files go on.
            _log.exception("%s cannot be read", path)
            yield _failed(path, f"{path}: its reader failed: {error!r}")
        progress.files += 1
        progress.bytes = before + size
        progress.tell()


def is_much(paths: Iterable[Path]) -> bool:
    """Whether importing these is work for more than a moment: folders, or large files."""
    return sum(MUCH if path.is_dir() else _file_size(path) for path in paths) >= MUCH


def _file_size(path: Path) -> int:
    """Bytes; 0 for what is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, int, bool]]:
    """(file, size, whether it was named by itself), the largest of a folder first."""
    for path in paths:
        path = Path(path).absolute()
        if path.is_dir():
            inside = [(file, file.stat().st_size, False) for file in _inside(path)]
            yield from sorted(inside, key=lambda found: (-found[1], str(found[0])))
        elif path.exists():
            whole = registry.whole_of(path)
            yield whole, whole.stat().st_size, True
        else:
            raise FileNotFoundError(f"{path}: no such file or folder")


def _inside(folder: Path) -> set[Path]:
    """The files of a folder that may be sources; of those of many files, the one for them all.

    A file named by itself may have any ending.
    """
    endings = registry.endings()
    return {
        registry.whole_of(file)
        for file in folder.rglob("*")
        if file.name.endswith(endings) and not file.name.endswith(".meta.json") and file.is_file()
    }


def _failed(path: Path, reason: str) -> Imported:
    return Imported(None, "", "", str(path), "failed", 0, 0, (Warning(0, reason),))


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
            yield _result(store.session(session), what, path, ())
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


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise FormatError(f"{path}: not a regular file: save what it holds as one")
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise FormatError(f"{path}: its name is not UTF-8: rename it") from None


def _is_read(known: Source, path: Path) -> bool:
    format = registry.get(known.format)
    return known.reader == format.version and known.unchanged(containers.stamp_of(format, path))


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


def _results(
    store: Store, source: Source, status: Status, path: Path, grown: Changes | None = None
) -> Iterator[Imported]:
    warnings = source.warnings
    for session in store.followers(source.id):
        if session.trashed is not None:
            store.restore(session.id)
        own = status
        if grown is not None and session.id in grown.added:
            own = "new"
        elif status == "extended" and grown is not None and session.id not in grown.changed:
            own = "unchanged"
        yield _result(session, own, path, warnings)
        warnings = ()


def _result(
    session: Session, status: Status, path: Path, warnings: tuple[Warning, ...]
) -> Imported:
    return Imported(
        session.id,
        session.title,
        session.format,
        str(path),
        status,
        session.events,
        session.messages,
        warnings,
    )


def total_changes(results: Iterable[Imported]) -> Changes:
    """What a list of results changed in the store."""
    done = list(results)
    return Changes(
        added=frozenset(r.session for r in done if r.session and r.status == "new"),
        changed=frozenset(
            r.session for r in done if r.session and r.status in ("extended", "rewritten")
        ),
    )
