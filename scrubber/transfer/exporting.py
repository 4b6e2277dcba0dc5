"""Writes a session up to an index as a file: as a snapshot, as its source, or in another format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrubber.core.ages import count
from scrubber.core.errors import BadArgumentError
from scrubber.formats import containers, registry
from scrubber.store.own_log import OWN_FORMAT
from scrubber.transfer.snapshot_writer import SnapshotWriter
from scrubber.transfer.snapshots import NATIVE
from scrubber.transfer.stored_transcript import StoredTranscript as StoredTranscript
from scrubber.transfer.stored_transcript import replaced, transcript_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.session import Session
    from scrubber.formats.base import PairWriter, TreeWriter
    from scrubber.store import Store
    from scrubber.store.sources import Source
    from scrubber.transfer.progress import Progress
    from scrubber.transfer.redacting import Redactor

SOURCE = "source"
_UNPACKED = (
    "the file itself (an archive, a database, a folder, …) is not written again: "
    "this is what was read from it, record by record"
)


def export_formats() -> list[str]:
    """The names that ``--format`` takes."""
    return [NATIVE, SOURCE, *sorted(registry.writers())]


def tree_formats() -> list[str]:
    """The formats that hold a session with all that is below it."""
    return [NATIVE, *(n for n, w in registry.writers().items() if hasattr(w, "write_tree"))]


def pair_formats() -> list[str]:
    """The formats that compare two sessions."""
    return [name for name, writer in registry.writers().items() if hasattr(writer, "write_pair")]


def suffix_of(format: str, session: Session) -> str:
    """The usual ending of an exported file."""
    if format == NATIVE:
        return ".scrubber.jsonl"
    if format == SOURCE and session.source is not None:
        path = Path(session.source)
        is_unpacked = containers.is_unpacked(registry.get(session.format), path)
        return ".jsonl" if is_unpacked else path.suffix
    if format in registry.writers():
        return registry.writer(format).suffix
    return ".jsonl"


def _whole_source(store: Store, session: Session, index: int) -> Source | None:
    """The source whose main log is all that a session up to an index holds."""
    slices = store.slices(session.id).slices
    if len(slices) != 1 or index != session.events:
        return None
    piece = slices[0]
    source = store.source_of_log(piece.log)
    mains = [(log, stop) for log, key, stop in store.logs_of(source.id) if _is_main(key)]
    is_whole = (mains, piece.start) == ([(piece.log, piece.stop)], 0)
    return source if is_whole and source.format != OWN_FORMAT else None


def _is_unpacked(source: Source) -> bool:
    """Whether the records of a source are not the bytes of its file."""
    return source.path is not None and containers.is_unpacked(
        registry.get(source.format), Path(source.path)
    )


def _is_main(key: str) -> bool:
    return not key.startswith("side-")


def losses(
    store: Store,
    session: str,
    at: int | None,
    format: str,
    against: str | None = None,
    redactor: Redactor | None = None,
) -> list[str]:
    """What a format cannot hold of a session, in plain words, and what is replaced in it.

    With ``against``, also of the session it is compared with; a BadArgumentError if that cannot be.
    """
    lost = _losses(store, session, at, format, against)
    if not redactor:
        return lost
    transcript = StoredTranscript(store, *resolve(store, session, at))
    return [*replaced(transcript, redactor, format in (NATIVE, SOURCE)), *lost]


def _losses(
    store: Store, session: str, at: int | None, format: str, against: str | None
) -> list[str]:
    found, index = resolve(store, session, at)
    if against is not None:
        return _pair_losses(store, StoredTranscript(store, found, index), against, format)
    if format == NATIVE:
        return []
    source = _whole_source(store, found, index) if format == SOURCE else None
    if source is not None:
        return [_UNPACKED] if _is_unpacked(source) else []
    name = found.format if format == SOURCE else format
    lost = registry.writer(name).losses(StoredTranscript(store, found, index))
    return [*_left_out(store, found), *lost] if format == SOURCE else lost


def _pair_losses(store: Store, better: StoredTranscript, against: str, format: str) -> list[str]:
    _pair(store, better, against, format)  # only to see that they are a pair
    other, stop = resolve(store, against, None)
    writer = registry.writer(format)
    return [
        *(f"preferred: {loss}" for loss in writer.losses(better)),
        *(f"the other: {loss}" for loss in writer.losses(StoredTranscript(store, other, stop))),
    ]


def _left_out(store: Store, session: Session) -> list[str]:
    """What else the file holds that a session was read from."""
    slices = store.slices(session.id).slices
    if session.source is None or not slices:
        return []
    used = {piece.log: piece.stop for piece in slices}
    logs = store.logs_of(store.source_of_log(slices[-1].log).id)
    number = sum(_is_main(key) and used.get(log, 0) < length for log, key, length in logs)
    left = count(number, "other session is", "other sessions are")
    return [f"{left} left out that the file holds"] if number else []


def export(
    store: Store,
    session: str,
    at: int | None,
    format: str,
    tree: bool = False,
    against: str | None = None,
    redactor: Redactor | None = None,
) -> Iterator[bytes]:
    """The exported file, piece by piece.

    ``at`` is the exclusive cut (None: all events). ``tree`` adds everything below the session,
    which the native format and a few others can hold. ``against`` is the session that this one is
    compared with, for formats of pairs. A ValueError names a bad index, format or pair at once,
    before anything is written. With a ``redactor`` no secret that it knows is written: it replaces
    them in the records and texts that the file is made of, and a LeakError ends the writing should
    one be there all the same.
    """
    pieces = _pieces(store, *resolve(store, session, at), format, tree, against, redactor)
    return redactor.guarded(pieces) if redactor else pieces


def _pieces(
    store: Store,
    found: Session,
    index: int,
    format: str,
    tree: bool,
    against: str | None,
    redactor: Redactor | None,
) -> Iterator[bytes]:
    if against is not None or format in pair_formats():
        better = transcript_of(store, found, index, redactor)
        return _pair(store, better, against, format, redactor)
    if tree and format != NATIVE:
        return _tree(store, found, index, format, redactor)
    if format == NATIVE:
        below = store.dependents(found.id) if tree else []
        return SnapshotWriter(store, [found, *below], index, redactor).write()
    if format == SOURCE and (source := _whole_source(store, found, index)) is not None:
        pieces = _source_bytes(store, source)
        return map(redactor.record, pieces) if redactor else pieces
    name = found.format if format == SOURCE else format
    return registry.writer(name).write(transcript_of(store, found, index, redactor))


def _pair(
    store: Store,
    better: StoredTranscript,
    against: str | None,
    format: str,
    redactor: Redactor | None = None,
) -> Iterator[bytes]:
    if format not in pair_formats() or against is None:
        those = " or ".join(pair_formats())
        raise BadArgumentError(f"two sessions, one against the other, are the format {those}")
    other, stop = resolve(store, against, None)
    writer = cast("PairWriter", registry.writer(format))
    return writer.write_pair(better, transcript_of(store, other, stop, redactor))


def _tree(
    store: Store, session: Session, index: int, format: str, redactor: Redactor | None
) -> Iterator[bytes]:
    if format not in tree_formats():
        those = " or ".join(tree_formats())
        raise BadArgumentError(f"--tree needs the format {those}, {format!r} holds one session")
    writer = cast("TreeWriter", registry.writer(format))
    sessions = [(session, index), *((one, one.events) for one in store.dependents(session.id))]
    return writer.write_tree([transcript_of(store, *one, redactor) for one in sessions])


def written(
    store: Store, session: str, at: int | None, tree: bool = False, against: str | None = None
) -> list[tuple[Session, int]]:
    """The sessions, up to an index each, that an export writes something of."""
    found = [resolve(store, session, at)]
    if tree:
        found += [(one, one.events) for one in store.dependents(found[0][0].id)]
    if against is not None:
        found.append(resolve(store, against, None))
    return found


def resolve(store: Store, session: str, at: int | None) -> tuple[Session, int]:
    """A session by its id, and the index to cut it at, which is checked."""
    found = store.session(session)
    index = found.events if at is None else at
    if not 0 <= index <= found.events:
        raise BadArgumentError(f"session {found.id}: index {index} is not within 0…{found.events}")
    return found, index


def _source_bytes(store: Store, source: Source) -> Iterator[bytes]:
    yield from store.records(source.id)
    if source.pending:
        yield source.pending


def write_file(
    pieces: Iterator[bytes], path: Path, overwrite: bool = False, progress: Progress | None = None
) -> int:
    """Write an exported file whole or not at all, readable by its owner only; gives its size.

    A FileExistsError names a file that is there already, unless it may be overwritten.
    """
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path}: there is a file already")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as stream:
            size = 0
            for piece in pieces:
                size += stream.write(piece)
                if progress is not None:
                    progress.advance(len(piece))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return size
