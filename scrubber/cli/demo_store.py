"""The demo's store: the bundled sample session, and one fork of it; run twice, no more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.errors import ConflictError, FormatError, UnknownSessionError
from scrubber.core.events import Event, Kind
from scrubber.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scrubber.api import Fork, OpenStore
    from scrubber.core.session import Session

FORK_NOTE = "The next call is the edit that turned out wrong: what if the tests were read first?"
REPLAY_NOTE = "Runs on with what was recorded."
EDIT_NOTE = "What if the edit had failed?"


def default_path() -> Path:
    """Where the demo's store is kept: beside the real one, never in it."""
    from platformdirs import user_data_path

    return user_data_path("scrubber", appauthor=False) / "demo.db"


def sample_folder() -> Path:
    """The folder with the sample's files."""
    return resource_path("sample")


def import_sample(store: OpenStore) -> Session:
    """The sample session, imported unless the store has it, from whatever folder."""
    (file,) = sample_folder().glob("*/*.jsonl")
    known = [s for s in store.sessions() if s.native_id == file.stem and s.relation == "root"]
    if known and known[0].source != str(file.absolute()):
        return known[0]
    results = list(store.import_paths([sample_folder()]))
    failed = [result for result in results if result.session is None]
    if failed:
        reasons = "; ".join(w.reason for result in failed for w in result.warnings)
        raise FormatError(f"the bundled sample cannot be imported: {reasons}")
    found = (store.session(r.session) for r in results if r.session is not None)
    return next(session for session in found if session.native_id == file.stem)


def wrong_edit(store: OpenStore, sample: Session) -> Event:
    """The sample's first edit, a wrong guess."""
    events = store.events(sample.id)
    return next(e for e in events if e.kind is Kind.TOOL_CALL and e.name == "Edit")


def fork_sample(store: OpenStore, sample: Session) -> Session:
    """The fork in front of the wrong edit: the one that is there, or a new one."""
    at = wrong_edit(store, sample).index
    title = f"{at} · before the wrong edit"
    return _once(
        store,
        sample,
        FORK_NOTE,
        lambda key: store.fork(sample.id, at, title=title, note=FORK_NOTE, key=key),
    )


def replayed_fork(store: OpenStore, sample: Session) -> Session:
    """A sibling of that fork, to be let run on."""
    at = wrong_edit(store, sample).index
    return _once(
        store,
        sample,
        REPLAY_NOTE,
        lambda key: store.fork(sample.id, at, title=f"{at} · replayed", note=REPLAY_NOTE, key=key),
    )


def edited_fork(store: OpenStore, sample: Session) -> Session:
    """A fork in which the wrong edit fails."""
    from scrubber.transfer.editing import Edit

    call = wrong_edit(store, sample)
    result = next(
        e
        for e in store.events(sample.id, call.index)
        if e.kind is Kind.TOOL_RESULT and e.call_id == call.call_id
    )
    edit = Edit("The file is read-only.", is_error=True)
    return _once(
        store,
        sample,
        EDIT_NOTE,
        lambda key: store.fork_edited(
            sample.id, result.index, edit, title="the edit fails", note=EDIT_NOTE, key=key
        ),
    )


def _once(
    store: OpenStore, sample: Session, note: str, make: Callable[[str | None], Fork]
) -> Session:
    """The fork with this note: the one that is there, or a new one."""
    try:
        return make(f"demo: {note}").session
    except (UnknownSessionError, ConflictError):
        pass  # someone deleted it, or an older version of the demo made another one
    forks = [child for child in store.children(sample.id) if child.note == note]
    return forks[0] if forks else make(None).session
