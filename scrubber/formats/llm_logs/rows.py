"""The log of ``llm`` as lines of JSON: a call of a model each, with what it added.

Since 2026 messages are a tree whose nodes are named by their content, and a *turn* leads from one
of them to another; before, a *response* held prompt and answer. What stands in other tables
(fragments, attachments, calls) is put in its place, in bounded space.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.parsing import loads
from scrubber.formats.sqlite_rows import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

Row = dict[str, Any]

TURNS, RESPONSES = "turns", "responses"
OF_TURNS = frozenset({"turns", "threads", "messages", "parts"})
_MOST_BYTES = 256 * 1024 * 1024
"""Of fragments and attachments that are put in their places; what is beyond is only named."""


class Log:
    """Makes the lines of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, set[str]] = {}
        """For each thread, the messages that its lines, or those it goes on from, have told."""
        self._told: set[str] = set()
        self._left = _MOST_BYTES

    def lines(self) -> Iterator[bytes]:
        """Responses, then turns: a database that has turns gets no responses any more."""
        if RESPONSES in self._database.tables:
            for row in self._rows(f"SELECT * FROM {RESPONSES} ORDER BY id"):
                yield record(RESPONSES, row | self._beside(row))
        if self._database.tables >= OF_TURNS:
            for row in self._rows(f"SELECT * FROM {TURNS} ORDER BY datetime_utc, id"):
                yield record(TURNS, row | self._turn(row))

    def _rows(self, query: str, *values: Any) -> Iterator[Row]:
        return self._database.rows(query, values)

    def _of(self, table: str, query: str, *values: Any) -> list[Row]:
        return list(self._rows(query, *values)) if table in self._database.tables else []

    # turns

    def _turn(self, row: Row) -> Row:
        """The thread of a turn, and the messages that it adds to it."""
        thread = str(row["thread_id"])
        known = self._known.get(thread, self._told)
        inputs, base = self._chain(row["parent_message_hash"], known)
        seen = {message["hash"] for message in inputs}
        outputs, _ = self._chain(row["tip_message_hash"], known | seen)
        new = seen | {message["hash"] for message in outputs}
        if thread not in self._known:
            self._known[thread] = self._ancestors(base)
        self._known[thread] |= new
        self._told |= new
        threads = self._of("threads", "SELECT * FROM threads WHERE id = ?", thread)
        tools = self._of(
            "turn_tools",
            "SELECT name, description, input_schema FROM turn_tools t JOIN tools ON tools.id = "
            "t.tool_id WHERE t.turn_id = ? ORDER BY tools.id",
            row["id"],
        )
        found: Row = {"thread": threads[0] if threads else {"id": thread}, "base": base}
        return found | {"inputs": inputs, "outputs": outputs, "tools": tools}

    def _chain(self, tip: JSON, known: set[str]) -> tuple[list[Row], str | None]:
        """(messages, the known one in front of them) on the way to a message, oldest first."""
        found: list[Row] = []
        seen: set[str] = set()
        while isinstance(tip, str) and tip not in known and tip not in seen:
            seen.add(tip)
            rows = list(self._rows("SELECT * FROM messages WHERE hash = ?", tip))
            if not rows:
                return found[::-1], None
            found.append(rows[0] | {"parts": self._parts(tip)})
            tip = rows[0]["parent_hash"]
        return found[::-1], tip if isinstance(tip, str) and tip in known else None

    def _ancestors(self, tip: str | None) -> set[str]:
        found: set[str] = set()
        while tip is not None and tip not in found:
            found.add(tip)
            rows = list(self._rows("SELECT parent_hash FROM messages WHERE hash = ?", tip))
            tip = rows[0]["parent_hash"] if rows else None
        return found

    def _parts(self, message: str) -> list[Row]:
        query = "SELECT * FROM parts WHERE message_hash = ? ORDER BY position"
        return [self._part(row) for row in self._rows(query, message)]

    def _part(self, row: Row) -> Row:
        payload = _parsed(row.get("payload"))
        part = payload if isinstance(payload, dict) else {}
        refs = part.pop("text_ref", None)
        text = self._text(refs) if isinstance(refs, list) else row.get("text")
        found: Row = {"type": row.get("type"), **part}
        if text is not None:
            found["text"] = text
        for key in ("attachment", "attachments"):
            if key in found:
                found[key] = self._resolved(found[key])
        return found

    def _text(self, refs: list[JSON]) -> str:
        texts = []
        for ref in refs:
            if isinstance(ref, dict) and "fragment" in ref:
                texts.append(self._fragment(ref["fragment"]))
            elif isinstance(ref, dict):
                texts.append(str(ref.get("literal", "")))
        return "".join(texts)

    def _fragment(self, number: JSON) -> str:
        query = "SELECT content FROM fragments WHERE id = ?"
        rows = self._of("fragments", query, number) if isinstance(number, int) else []
        text = str(rows[0]["content"]) if rows else ""
        return text if rows and self._afford(len(text)) else f"[fragment {number}]"

    def _resolved(self, given: JSON) -> JSON:
        if isinstance(given, list):
            return [self._resolved(one) for one in given]
        name = given.get("id") if isinstance(given, dict) else None
        rows = self._of("attachments", "SELECT * FROM attachments WHERE id = ?", name)
        return self._attachment(rows[0]) if rows else given

    def _attachment(self, row: Row) -> Row:
        """An attachment, its bytes as base64; files and addresses are only named."""
        content = row.get("content")
        kept = {key: value for key, value in row.items() if key != "content" and value is not None}
        if isinstance(content, bytes) and self._afford(len(content)):
            kept["content"] = base64.b64encode(content).decode()
        return kept

    def _afford(self, size: int) -> bool:
        if size > self._left:
            return False
        self._left -= size
        return True

    # responses

    def _beside(self, row: Row) -> Row:
        """What other tables hold of a response."""
        name = row["id"]
        attachments = self._of(
            "prompt_attachments",
            "SELECT a.* FROM prompt_attachments p JOIN attachments a ON a.id = p.attachment_id "
            'WHERE p.response_id = ? ORDER BY p."order"',
            name,
        )
        conversations = self._of(
            "conversations", "SELECT * FROM conversations WHERE id = ?", row.get("conversation_id")
        )
        found: Row = {
            "attachments": [self._attachment(one) for one in attachments],
            "fragments": self._fragments("prompt_fragments", name),
            "system_fragments": self._fragments("system_fragments", name),
        }
        for table in ("tool_calls", "tool_results"):
            query = f"SELECT * FROM {table} WHERE response_id = ? ORDER BY id"
            found[table] = self._of(table, query, name)
        if conversations:
            found["conversation"] = conversations[0]
        return {key: value for key, value in found.items() if value}

    def _fragments(self, table: str, response: JSON) -> list[str]:
        query = f'SELECT fragment_id FROM {table} WHERE response_id = ? ORDER BY "order"'
        return [self._fragment(row["fragment_id"]) for row in self._of(table, query, response)]


def lines(database: Database) -> Iterator[bytes]:
    """The lines of a database."""
    return Log(database).lines()


def _parsed(text: JSON) -> JSON:
    try:
        return loads(text.encode()) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
