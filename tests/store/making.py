"""Makes stores with sessions in them, without any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Role, Usage
from scrubber.core.session import SessionInfo
from scrubber.core.slices import Slice, SliceList
from scrubber.store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.events import Event
    from scrubber.store import Store
    from scrubber.store.verify import Fault


def message(text: str, **facts: Any) -> Draft:
    """What somebody said."""
    return Draft(Kind.MESSAGE, text, Role.USER, size=len(text), **facts)


def call(call_id: str, **facts: Any) -> Draft:
    """A tool call."""
    return Draft(Kind.TOOL_CALL, "ls", Role.ASSISTANT, name="Bash", call_id=call_id, **facts)


def result(call_id: str, **facts: Any) -> Draft:
    """What a call gave."""
    return Draft(Kind.TOOL_RESULT, "done", Role.TOOL, call_id=call_id, **facts)


def messages(count: int, word: str = "message") -> list[Draft]:
    """Messages with numbers, each of which costs tokens."""
    return [message(f"{word} {n}", ts=n, usage=Usage(1, 2, 3, n, context=n)) for n in range(count)]


def add_session(
    store: Store, drafts: Sequence[Draft], path: Path | None = None, **info: Any
) -> str:
    """A session of one source with a record for each event; gives its id."""
    _, writer = store.writer(path, "made-up", 1)
    for draft in drafts:
        writer.add(draft.text.encode() + b"\n", [draft])
    changes = writer.commit({"": SessionInfo(**{"title": "made up", **info})})
    (session,) = changes.added
    return session


def texts(store: Store, session: str) -> list[str]:
    """The texts of all its events."""
    return [event.text for event in store.events(session)]


def faults(store: Store) -> list[Fault]:
    """What is wrong with the store."""
    return list(verify(store.connections.get()))


def read_log(store: Store, log: int, length: int) -> list[Event]:
    """The first events of a log, whether a session has them or not."""
    return store.read(SliceList([Slice(log, 0, length)]), 0, length)
