"""Writes a session as a new database of the Agents SDK: ``SQLiteSession(ID, FILE)`` goes on.

Items of the SDK are written as they stood; what others said, in their shape. The SDK drops calls
without a result, so those are answered as interrupted. The database is always a new file: nothing
of the one that a session came from is touched.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import orjson

from scrubber.core import ages
from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.core.tally import speaks
from scrubber.formats import sqlite_rows
from scrubber.formats.agents_sdk.items import item_of, parsed, table_of
from scrubber.formats.base import Handoff
from scrubber.formats.codex.made import Maker
from scrubber.formats.continuing import OpenCalls, plan_of
from scrubber.formats.exported import count_losses, sentences
from scrubber.formats.parsing import loads
from scrubber.formats.responses_items import item_pieces
from scrubber.formats.resuming import working_folder
from scrubber.places import default_store_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.transcript import Transcript

NAME = "agents-sdk"
_LOST = ("reasoning", "rewound", "system", "tools", "unsaid", "shown", "agents", "usage")
_COLUMNS = "session_id, message_data, created_at"
_SCHEMA = (
    "CREATE TABLE agent_sessions (session_id TEXT PRIMARY KEY, "
    "created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "
    "updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
    "CREATE TABLE agent_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, "
    "message_data TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "
    "FOREIGN KEY (session_id) REFERENCES agent_sessions (session_id) ON DELETE CASCADE)",
    "CREATE INDEX idx_agent_messages_session_id ON agent_messages (session_id, id)",
)


def random_id(transcript: Transcript) -> str:
    """A session id that no other has."""
    return f"fork-{uuid4()}"


class AgentsWriter:
    """Copies items of the SDK as they are, and writes other events in their shape."""

    name = NAME
    title = "OpenAI Agents SDK"
    suffix = ".db"

    def __init__(self, new_id: Callable[[Transcript], str] = random_id) -> None:
        self._new_id = new_id

    def losses(self, transcript: Transcript) -> list[str]:
        """What the SDK keeps elsewhere, what was repaired, and what it could not take back."""
        count, plan = count_losses(transcript), plan_of(transcript, NAME)
        count["reasoning"] = sum(
            event.kind is Kind.REASONING
            and (transcript.format_of(event) != NAME or event.group_id in plan.edited)
            for event in plan.survey.kept(transcript.events())
        )
        found = sentences(count, _LOST)
        if plan.unanswered:
            closed = ages.count(len(plan.unanswered), "open call is", "open calls are")
            found.append(f'{closed} answered with "{INTERRUPTED}"')
        return found

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The database."""
        yield self._database(transcript, self._new_id(transcript))

    def handoff(self, transcript: Transcript, cwd: str | None = None) -> Handoff:
        """A database of its own beside this program's store."""
        folder, _ = working_folder(transcript.session, cwd)
        name = self._new_id(transcript)
        path = default_store_path().parent / NAME / f"{name}.db"
        call = f"SQLiteSession({name!r}, {str(path)!r})"
        told = f"in your program: Runner.run(agent, prompt, session={call})"
        return Handoff(path, name, folder, call, (told,))

    def hand_over(self, transcript: Transcript, handoff: Handoff) -> Iterator[bytes]:
        """The database."""
        yield self._database(transcript, handoff.native_id)

    def _database(self, transcript: Transcript, name: str) -> bytes:
        created = _time(transcript.session.created)
        session = ("INSERT INTO agent_sessions VALUES (?, ?, ?)", (name, created, created))
        insert = (
            "INSERT INTO agent_messages (session_id, message_data, created_at) VALUES (?, ?, ?)"
        )
        items = (
            (insert, (name, text, _time(ts or transcript.session.created)))
            for text, ts in _items(transcript)
        )
        return sqlite_rows.new_database(_SCHEMA, [session, *items])


def _items(transcript: Transcript) -> Iterator[tuple[str, int | None]]:
    """(item as JSON text, moment) of what is written."""
    plan, maker = plan_of(transcript, NAME), Maker()
    calls, last = OpenCalls(plan.unanswered), (-1, -1)
    for event in plan.survey.kept(transcript.events()):
        if not speaks(event) or (event.kind is Kind.REASONING and event.group_id in plan.edited):
            continue
        for call in calls.due(event):
            yield _text(maker.interrupted(call)), event.ts
        is_whole = False
        if transcript.format_of(event) == NAME:
            place, last = last, (event.source, event.record)
            if place == last:
                continue  # a call of the provider's own with its result: one item
            text = _native(transcript, event)
            item = parsed(text)
            if isinstance(item, dict):
                maker.learn(item)
                is_whole = len(item_pieces(item)) > 1
            yield text, event.ts
        elif (made := _made(maker, transcript, event)) is not None:
            yield made, event.ts
        calls.note(event, is_answered=is_whole)
    for call in calls.due():
        yield _text(maker.interrupted(call)), None


def _native(transcript: Transcript, event: Event) -> str:
    record = loads(transcript.raw(event))
    found = item_of(record) if table_of(record) else None
    return str(found[0]) if found is not None else "{}"


def _made(maker: Maker, transcript: Transcript, event: Event) -> str | None:
    """The item for an event of another agent; its reasoning is sealed for others, or worth none."""
    if event.kind is Kind.REASONING or event.role in (Role.SYSTEM, Role.DEVELOPER):
        return None
    item = maker.item(event, transcript.content(event))
    return _text(item) if item is not None else None


def _text(item: object) -> str:
    return orjson.dumps(item, option=orjson.OPT_NON_STR_KEYS).decode()


def _time(ts: int) -> str:
    return datetime.fromtimestamp(ts / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


WRITER = AgentsWriter()
