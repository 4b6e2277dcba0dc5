"""What must be the same of two sessions, however they got into their stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.transfer.imported import Imported


def facts(event: Event) -> tuple[Any, ...]:
    """All of an event but where the store keeps it."""
    return (
        *(event.index, event.kind, event.role, event.visibility, event.origin, event.marks),
        *(event.ts, event.name, event.call_id, event.group_id, event.ref, event.part),
        *(event.size, event.text, event.usage),
    )


def events(store: OpenStore, session: str | None) -> list[tuple[Any, ...]]:
    """All events of a session, with their records but for what separates them."""
    assert session is not None
    return [(*facts(e), store.raw(e).strip()) for e in store.events(session)]


def everything(store: OpenStore) -> dict[str, Any]:
    """All sessions by the agent's own id."""
    return {
        str(session.native_id): (
            events(store, session.id),
            store.totals(session.id),
            session.title,
            session.relation,
            session.forked_at,
            session.created,
            session.updated,
            session.model,
        )
        for session in store.sessions()
    }


def import_one(store: OpenStore, *paths: Path) -> list[Imported]:
    """Import, and see that nothing failed and nothing is wrong afterwards."""
    results = list(store.import_paths(paths))
    assert [r.warnings for r in results if r.status == "failed"] == []
    assert list(store.verify()) == []
    return results


def source_bytes(store: OpenStore, session: str | None) -> bytes:
    """The session exported as the file it came from."""
    assert session is not None
    return b"".join(store.export(session, format="source"))
