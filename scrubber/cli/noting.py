"""What the commands ``note``, ``label`` and ``bookmark`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import add_json, index
from scrubber.cli.short_ids import ShortIds
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from scrubber.api import OpenStore
    from scrubber.core.notes import Note, NoteKind

PLACE = "SESSION[@E]"


def add_place(parser: argparse.ArgumentParser) -> None:
    """The session, or the event in front of an index of it, that a command is about."""
    parser.add_argument(
        "place", metavar=PLACE, help="a session; with @E the event #E, just in front of the cut E"
    )


def add_list(parser: argparse.ArgumentParser, whose: str = "all sessions") -> None:
    """The session that a list is of, and ``--json``."""
    parser.add_argument(
        "session", metavar="SESSION", nargs="?", help=f"its id, or a beginning; else {whose}"
    )
    add_json(parser, "an object a line")


def place_of(store: OpenStore, words: str) -> tuple[str, int | None]:
    """(the session's id, the event's position from 0, or None) of ``SESSION[@E]``."""
    session, at, number = words.partition("@")
    known = store.session(session)
    if not at:
        return known.id, None
    try:
        cut = index(number)
    except Exception as error:
        raise BadArgumentError(f"{words}: {error}") from None
    if not 1 <= cut <= known.events:
        raise BadArgumentError(f"session {known.id}: there is no event #{cut} in 1…{known.events}")
    return known.id, cut - 1


def chosen(store: OpenStore, session: str | None) -> list[str]:
    """The session that was named, or all in which anything is written."""
    return store.notes.noted() if session is None else [store.session(session).id]


def notes_of(store: OpenStore, sessions: Iterable[str], kind: NoteKind) -> Iterator[dict[str, Any]]:
    """The notes of a kind, as the JSON of docs/cli.md."""
    told: set[str] = set()
    several = list(sessions)
    for session in several:
        for note in store.notes.of(session):
            if note.kind != kind or note.id in told:
                continue  # forks share it: it is told once
            if note.session != session and note.session in several:
                continue  # it is told of the session in which it was written
            told.add(note.id)
            yield as_json(session, note)


def as_json(session: str, note: Note) -> dict[str, Any]:
    """A note as the JSON of docs/cli.md."""
    return {
        "id": note.id,
        "kind": note.kind,
        "session": session,
        "index": note.index,
        "changed": note.is_changed,
        "text": note.text,
        "was_at": note.was_at,
        "excerpt": note.excerpt,
        "created": note.created,
        "updated": note.updated,
    }


def put(store: OpenStore, found: list[dict[str, Any]], as_lines: bool, nothing: str) -> None:
    """Write what was found, as a table or as JSON Lines."""
    if as_lines:
        for item in found:
            output.put_json(item)
        return
    if not found:
        output.say(nothing)
        return
    ids = ShortIds(store.sessions())
    rows = [
        (ids.of(item["session"]), where(item), item["kind"], output.line(words(item)))
        for item in found
    ]
    for line in tables.table(("SESSION", "EVENT", "KIND", "TEXT"), rows, width=output.width()):
        output.put(line)


def where(item: dict[str, Any]) -> str:
    """The event that a note is on, as a person counts."""
    if item.get("changed"):
        return f"evidence changed (was #{item['was_at'] + 1:,})"
    return "—" if item["index"] is None else f"#{item['index'] + 1:,}"


def words(item: dict[str, Any]) -> str:
    """What a note says, and of what; of a verdict, why."""
    said = (item["text"], item.get("reason"), item.get("excerpt"))
    return " · ".join(str(part) for part in said if part)
