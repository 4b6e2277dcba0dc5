"""What importing did, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scrubber.core.session import Changes
from scrubber.store.sources import Warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scrubber.core.session import Session
    from scrubber.store import Store
    from scrubber.store.followers import Follower
    from scrubber.store.sources import Source

Status = Literal["new", "extended", "unchanged", "rewritten", "failed"]


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


def failed(path: Path, reason: str) -> Imported:
    """The result of a file that could not be read."""
    return Imported(None, "", "", str(path), "failed", 0, 0, (Warning(0, reason),))


def results(
    store: Store,
    source: Source,
    followers: Iterable[Follower],
    status: Status,
    path: Path,
    grown: Changes | None = None,
) -> Iterator[Imported]:
    """The results of a file that was read; sessions of it that were put away are taken back."""
    warnings = source.warnings
    for one in followers:
        if one.trashed is not None:
            store.restore(one.id)
        own = status
        if grown is not None and one.id in grown.added:
            own = "new"
        elif status == "extended" and grown is not None and one.id not in grown.changed:
            own = "unchanged"
        yield result_of(one, own, path, warnings)
        warnings = ()


def result_of(
    one: Session | Follower, status: Status, path: Path, warnings: tuple[Warning, ...] = ()
) -> Imported:
    """The result for one session."""
    return Imported(
        one.id, one.title, one.format, str(path), status, one.events, one.messages, warnings
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
