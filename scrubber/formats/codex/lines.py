"""The lines of a new rollout: the first one, those that are copied, and those that are made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from scrubber.core.events import Event, Kind, Role
from scrubber.formats.base import parse_time
from scrubber.formats.codex.facts import Address, facts_of
from scrubber.formats.codex.ids import stamp
from scrubber.formats.codex.records import Record, entry_of
from scrubber.formats.exported import to_json

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.formats.responses_items import Item

_ORDINAL = re.compile(rb'("ordinal"\s*:\s*)\d+')
_OWN_ID = rb'([:\[,]\s*)"%s"'


class Lines:
    """Numbers, dates and addresses the lines of one export."""

    def __init__(self, meta: Record, source: Session, address: Address) -> None:
        self._meta = meta
        self._address = address
        self._source = source
        self._session = address.session
        self._is_numbered = meta.get("history_mode") == "paginated"
        self._count = 0
        self._time = source.created
        self._turn = str(uuid5(address.session, "turn"))
        old = meta["id"] if isinstance(meta.get("id"), str) else "no id"
        self._own_id = re.compile(_OWN_ID % re.escape(old.encode()))

    def first(self, prompt: str | None) -> bytes:
        """The session's facts."""
        facts = facts_of(self._meta, self._source, self._address, prompt)
        return self._numbered(
            {"timestamp": facts["timestamp"], "type": "session_meta", "payload": facts}
        )

    def copied(self, raw: bytes, record: Record, told: Record | None = None) -> bytes:
        """A line as it is, but for its number and the session's id; ``told`` replaces facts."""
        entry = entry_of(record)
        if entry is None or "payload" not in record or told is not None:
            return self.rewritten(_enveloped(record, told or {}, stamp(self._time)))
        self._see(entry.ts, entry.payload)
        line = raw.lstrip(b"\xef\xbb\xbf").strip()
        if entry.type not in ("response_item", "compacted"):
            line = self._own_id.sub(rb'\1"%s"' % str(self._session).encode(), line)
        if self._is_numbered and record.get("ordinal") != self._count:
            head, payload, rest = line.partition(b'"payload"')
            head, found = _ORDINAL.subn(rb"\g<1>%d" % self._count, head, count=1)
            if not found:
                return self.rewritten(record)
            line = head + payload + rest
        self._count += 1
        return line + b"\n"

    def rewritten(self, record: Record) -> bytes:
        """A line with other content than it had."""
        self._see(parse_time(record.get("timestamp")), record.get("payload"))
        return self._numbered(record)

    def _numbered(self, record: Record) -> bytes:
        if self._is_numbered:
            record = {**record, "ordinal": self._count}
        self._count += 1
        return to_json(record) + b"\n"

    def item(self, item: Item, ts: int | None = None) -> bytes:
        """A line with an item of the history that Codex did not record."""
        return self._line("response_item", item, ts)

    def made(self, event: Event, item: Item) -> list[bytes]:
        """An item with what repeats it for the screen, if it is said by a person or the model."""
        lines = [self.item(item, event.ts)]
        if event.kind is not Kind.MESSAGE or event.role not in (Role.USER, Role.ASSISTANT):
            return lines
        text = "\n".join(part["text"] for part in item["content"] if "text" in part)
        said = self._screen(event.role is Role.USER, text, str(uuid5(self._session, text)))
        return [*lines, self._line("event_msg", said, event.ts)] if text else lines

    def _screen(self, is_user: bool, text: str, id: str) -> dict[str, Any]:
        if not self._is_numbered:
            kind = "user_message" if is_user else "agent_message"
            return {"type": kind, "message": text}
        part: dict[str, Any] = {"type": "text" if is_user else "Text", "text": text}
        part |= {"text_elements": []} if is_user else {}
        return {
            "type": "item_completed",
            "thread_id": str(self._session),
            "turn_id": self._turn,
            "item": {
                "type": "UserMessage" if is_user else "AgentMessage",
                "id": id,
                "content": [part],
            },
            "started_at_ms": self._time,
            "completed_at_ms": self._time,
        }

    def _line(self, type: str, payload: Record, ts: int | None) -> bytes:
        self._time = max(self._time, ts or 0)
        return self.rewritten({"timestamp": stamp(self._time), "type": type, "payload": payload})

    def _see(self, ts: int | None, payload: Any) -> None:
        """Keep the time and the turn, for what is made next."""
        self._time = max(self._time, ts or 0)
        if isinstance(payload, dict) and isinstance(payload.get("turn_id"), str):
            self._turn = payload["turn_id"]


def _enveloped(record: Record, told: Record, when: str) -> Record:
    """A line in today's shape: those before 0.32 were bare."""
    if "payload" not in record:
        return {
            "timestamp": record.get("timestamp") or when,
            "type": "response_item",
            "payload": record,
        }
    return record | {"payload": record["payload"] | told}
