"""Follows files that an agent is writing right now, and takes what is appended as it comes.

Going on with a file from its beginning costs its length, each time. A reader that reads line by
line is kept instead, and given only the bytes that are new; other sources are imported again, not
more often than their size allows.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from scrubber.core.errors import CancelledError, OvertakenError, ScrubberError
from scrubber.core.session import Changes
from scrubber.formats import containers, registry
from scrubber.store.sources import Warning
from scrubber.transfer import feeding, imported, importing
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scrubber.formats.base import Reader
    from scrubber.formats.containers import Stamp
    from scrubber.store import Store
    from scrubber.store.sources import Source
    from scrubber.store.writer import SourceWriter

RECENT_S = 15 * 60
"""A file that was written so lately may still be growing."""

_REST = 20
"""An import again may take one part in so many of the time."""

_log = logging.getLogger(__name__)


class Follower:
    """One file as it grows; used by one thread at a time.

    ``cancelled`` is asked while it reads; once it says yes, reading ends with a CancelledError.
    """

    def __init__(
        self, store: Store, path: Path, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self.path = path
        self._store = store
        self._cancelled = cancelled
        self._stamp: Stamp | None = None
        self._kept: tuple[Source, Reader, SourceWriter] | None = None
        self._rest_until = 0.0
        self._seen_upto = -1

    def catch_up(self) -> Changes:
        """Take what is new, if anything is; an OSError or ScrubberError says why that failed."""
        source = self._store.source_of(self.path)
        stamp = self._stamp_now(source)
        if stamp == self._stamp or time.monotonic() < self._rest_until or self._is_read(source):
            return Changes()
        try:
            changes = self._go_on(stamp)
        except OvertakenError:
            changes = None  # another program reads the same file, and was quicker
        if changes is None:
            changes = self._read_again()
        self._stamp = stamp
        return changes

    def _is_read(self, source: Source | None) -> bool:
        """Whether somebody is importing the file: it got further since the last look."""
        if source is None or source.complete or source.read_upto == self._seen_upto:
            return False
        self._seen_upto = source.read_upto
        return True

    def _stamp_now(self, source: Source | None) -> Stamp:
        if source is None:
            return containers.file_stamp(self.path)
        return containers.stamp_of(registry.get(source.format), self.path)

    def _go_on(self, stamp: Stamp) -> Changes | None:
        """Give the reader that is kept what was appended; None if it cannot go on."""
        if self._kept is None or self._stamp is None:
            return None
        source, reader, writer = self._kept
        if stamp.inode != self._stamp.inode or stamp.size < writer.read_upto:
            return None
        self._kept = None  # unless all goes well
        writer.changes = Changes()
        reader.warnings[:] = [(line, why) for line, why in reader.warnings if line >= 0]
        with self.path.open("rb") as stream:
            stream.seek(writer.read_upto)
            for reading in reader.read(stream):
                writer.add(reading.raw, reading.drafts)
                if writer.batch_is_full:
                    writer.commit(feeding.dated(reader, stamp.mtime_ns))
        writer.commit(feeding.dated(reader, stamp.mtime_ns))
        warnings = [Warning(max(line, 0), reason) for line, reason in reader.warnings]
        linked = self._store.finish(source.id, writer.read_upto, stamp, reader.pending, warnings)
        self._kept = source, reader, writer
        return writer.changes | linked

    def _read_again(self) -> Changes:
        """Import the file in the usual way; if it grows, keep a reader that stands at its end."""
        began = time.monotonic()
        results = list(importing.import_paths(self._store, [self.path], None, self._progress()))
        if all(result.status == "unchanged" for result in results):
            return Changes()  # it may never grow, and a reader costs the file's length
        self._kept = feeding.reader_at_end(self._store, self.path, self._progress())
        if self._kept is None:
            self._rest_until = time.monotonic() + _REST * (time.monotonic() - began)
        if failed := next((r for r in results if r.status == "failed"), None):
            raise ScrubberError(failed.warnings[0].reason)
        return imported.total_changes(results)

    def _progress(self) -> Progress:
        return Progress(cancelled=self._cancelled)


class Followers:
    """Several files that may be growing. ``cancelled``: see Follower."""

    def __init__(self, store: Store, cancelled: Callable[[], bool] | None = None) -> None:
        self._store = store
        self._cancelled = cancelled
        self._followers: dict[Path, Follower] = {}
        self._failed: dict[Path, str] = {}

    @property
    def paths(self) -> list[Path]:
        """The files that are followed."""
        return list(self._followers)

    def follow(self, paths: Iterable[Path]) -> None:
        """Follow these files, and no others; what is known of those that stay is kept."""
        self._followers = {
            path: self._followers.get(path) or Follower(self._store, path, self._cancelled)
            for path in paths
        }

    def catch_up(self) -> Changes:
        """Take what is new in any of them; one that fails is told of once, and tried again."""
        changes = Changes()
        for path, follower in self._followers.items():
            try:
                changes |= follower.catch_up()
                self._failed.pop(path, None)
            except CancelledError:
                raise
            except (ScrubberError, OSError) as error:
                if self._failed.get(path) != str(error):
                    _log.info("%s cannot be followed: %s", path, error)
                self._failed[path] = str(error)
        return changes


def newcomers(store: Store, cancelled: Callable[[], bool] | None = None) -> Changes:
    """Import what has come beside files that were written lately: sub-agents' sessions, mostly."""
    progress = Progress(cancelled=cancelled)
    changes = Changes()
    for path in recent_files(store):
        beside = path.with_suffix("")
        files = beside.rglob("*.jsonl") if beside.is_dir() else ()
        fresh = [file for file in files if store.source_of(file) is None]
        changes |= imported.total_changes(
            list(importing.import_paths(store, fresh, None, progress))
        )
    return changes


def recent_files(store: Store, now: float | None = None) -> list[Path]:
    """The files of a store that were written lately, the newest first."""
    now = time.time() if now is None else now
    found = []
    for path in store.recent_paths(int((now - RECENT_S) * 1e9)):
        try:
            written = path.stat().st_mtime
        except OSError:
            continue
        if now - written < RECENT_S:
            found.append((written, path))
    return [path for _, path in sorted(found, reverse=True)]
