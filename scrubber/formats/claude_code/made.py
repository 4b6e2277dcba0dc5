"""Records in the shape of Claude Code for events that it did not record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from scrubber.core.events import Event, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.base import parse_time
from scrubber.formats.claude_code.kept import id_in_file

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.formats.claude_code.pieces import Record
    from scrubber.formats.continuing import Plan


class Maker:
    """Makes the records of one export; ``envelope`` is what all of them say around a message."""

    def __init__(self, source: Session, session: UUID, plan: Plan) -> None:
        self._model = source.model or "unknown"
        self._session = session
        self._plan = plan
        self._created = source.created
        self._newest = -1
        self.envelope: Record = {"userType": "external"}
        if source.cwd:
            self.envelope["cwd"] = source.cwd

    def said(self, event: Event, blocks: list[Any], new: str, parent: str | None) -> Record:
        """A record with what an event says."""
        assistant = event.role is Role.ASSISTANT
        message: dict[str, Any] = {"role": "assistant" if assistant else "user", "content": blocks}
        if assistant:
            message = {
                "id": self._message_id(event),
                "type": "message",
                "model": self._model,
                "stop_reason": None,
                "stop_sequence": None,
                **message,
            }
        elif len(blocks) == 1 and blocks[0].get("type") == "text":
            message["content"] = blocks[0]["text"]
        return self._record(message, new, parent, event.ts)

    def interrupted(self, call: Event, new: str, parent: str | None) -> Record:
        """A record that answers a call which nothing answers."""
        block = {
            "type": "tool_result",
            "tool_use_id": id_in_file(self._plan, call),
            "content": INTERRUPTED,
            "is_error": True,
        }
        return self._record({"role": "user", "content": [block]}, new, parent, None)

    def _record(self, message: Record, new: str, parent: str | None, ts: int | None) -> Record:
        return {
            "parentUuid": parent,
            "isSidechain": False,
            **self.envelope,
            "sessionId": str(self._session),
            "type": message["role"],
            "message": message,
            "uuid": new,
            "timestamp": self.stamp(ts),
        }

    def _message_id(self, event: Event) -> str:
        """The id that all records of one message share."""
        group = event.group_id or f"{event.source} {event.record} {event.part}"
        if group in self._plan.native or group.startswith("msg_"):
            return group
        return f"msg_{uuid5(self._session, group).hex[:24]}"

    def rising(self, recorded: object) -> str:
        """A record's own time, or one behind all that was written: old clients go by the newest."""
        ts = parse_time(recorded)
        if isinstance(recorded, str) and ts is not None and ts > self._newest:
            self._newest = ts
            return recorded
        return self.stamp(None)

    def stamp(self, ts: int | None) -> str:
        """A time; behind all that was written, for what has none or an earlier one."""
        if ts is None or ts <= self._newest:
            ts = self._newest + 1 if self._newest >= 0 else self._created
        self._newest = ts
        when = datetime.fromtimestamp(ts / 1000, UTC)
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
