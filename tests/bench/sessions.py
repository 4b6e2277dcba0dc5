"""Stores with one long session, or with many, made once for all benchmarks of a run."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from scrubber.api import open_store
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import own
from tests.bench import corpus

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from tests.bench.measuring import Size


def long_session(folder: Path, events: int) -> tuple[OpenStore, str]:
    """A store with a session of so many events; a copy of the one that this process made first."""
    path = Path(shutil.copy(_long_session(events), folder))
    store = open_store(path)
    (session,) = store.sessions()
    return store, session.id


@cache
def _long_session(events: int) -> Path:
    folder = Path(_shelf().name)
    source = corpus.write_events(folder / f"{events}.jsonl", events)
    path = folder / f"{events}.db"
    with open_store(path) as store:
        store.import_paths([source])
    source.unlink()
    return path


@cache
def _shelf() -> TemporaryDirectory[str]:
    """A folder that goes when this process ends."""
    return TemporaryDirectory(prefix="scrubber-bench-")


def many_sessions(folder: Path, size: Size) -> tuple[Path, int]:
    """A store of many small sessions, and how many; a copy of what this process made first."""
    count = size.files * 20
    return Path(shutil.copy(_many_sessions(count), folder)), count


@cache
def _many_sessions(count: int) -> Path:
    folder = Path(_shelf().name)
    source, path = folder / "many.jsonl", folder / f"many-{count}.db"
    line = '{"messages":[{"role":"user","content":"question %d"},' + (
        '{"role":"assistant","content":"answer"}]}\n'
    )
    source.write_text("".join(line % number for number in range(count)))
    with open_store(path) as store:
        store.import_paths([source])
    source.unlink()
    return path


def deepen(store: OpenStore, session: str, depth: int, share: float = 0.999) -> str:
    """A fork of a fork of a fork …, each with an event of its own."""
    for number in range(depth):
        at = int(store.session(session).events * (share if number == 0 else 1))
        session = store.store.fork(session, at, title=f"depth {number}")[0].id
        draft = Draft(Kind.MESSAGE, f"depth {number}", Role.USER, origin=Origin.TYPED)
        store.store.append(session, [(own.encode(draft, own.content_of({})), draft)])
    return session
