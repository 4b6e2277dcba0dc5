"""Sessions of the Agents SDK as lines of JSON: an item of a conversation each, in their order.

``agent_messages`` holds items of the Responses API; ``message_structure``, where it is there, says
which branches hold them: a branch shares the rows of the messages in front of it. Both only ever
grow, so what is new stands behind what was there. A turn's usage follows its last item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.sqlite_rows import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

MESSAGES, STRUCTURE, USAGE = "agent_messages", "message_structure", "turn_usage"
_OF_MESSAGES = {"id", "session_id", "message_data", "created_at"}
_OF_STRUCTURE = {"session_id", "message_id", "branch_id", "sequence_number"}


def messages_table(database: Database) -> str | None:
    """The table with the items: its name may be chosen; None if there is none."""
    if MESSAGES in database.tables:
        return MESSAGES
    fitting = (t for t in sorted(database.tables) if set(database.columns(t)) == _OF_MESSAGES)
    return next(fitting, None)


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    table = messages_table(database)
    if table is None:
        return
    if set(database.columns(STRUCTURE)) >= _OF_STRUCTURE:
        yield from _branched(database, table)
    else:
        for row in database.rows(f'SELECT * FROM "{_quoted(table)}" ORDER BY id'):
            yield record(MESSAGES, row)


def _branched(database: Database, table: str) -> Iterator[bytes]:
    """Rows of the structure, each with its item where that is first met."""
    told: set[int] = set()
    last = _last_of_turns(database)
    query = f'SELECT * FROM "{_quoted(table)}" WHERE id = ?'
    for row in database.rows(f"SELECT * FROM {STRUCTURE} ORDER BY id"):
        item: Row | None = None
        if row["message_id"] not in told:
            told.add(row["message_id"])
            item = next(database.rows(query, (row["message_id"],)), None)
        yield record(STRUCTURE, row | ({"item": item} if item is not None else {}))
        turn = last.get(row["id"])
        if turn is not None:
            yield from _usage(database, turn)
    for row in database.rows(
        f'SELECT * FROM "{_quoted(table)}" WHERE id NOT IN (SELECT message_id FROM {STRUCTURE}) '
        "ORDER BY id"
    ):
        yield record(MESSAGES, row)


def _last_of_turns(database: Database) -> dict[int, tuple[Any, ...]]:
    """For the last row of each turn, which turn that is."""
    if USAGE not in database.tables:
        return {}
    query = (
        f"SELECT max(id) AS last, session_id, branch_id, user_turn_number FROM {STRUCTURE} "
        "GROUP BY session_id, branch_id, user_turn_number"
    )
    return {
        row["last"]: (row["session_id"], row["branch_id"], row["user_turn_number"])
        for row in database.rows(query)
    }


def _usage(database: Database, turn: tuple[Any, ...]) -> Iterator[bytes]:
    query = (
        f"SELECT * FROM {USAGE} WHERE session_id = ? AND branch_id = ? AND user_turn_number = ? "
        "ORDER BY id"
    )
    for row in database.rows(query, turn):
        yield record(USAGE, row)


def _quoted(name: str) -> str:
    return name.replace('"', '""')
