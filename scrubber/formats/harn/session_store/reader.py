"""Derives events from the rows of harn's session store; each of its sessions is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Draft, Kind, Mark, Role, Usage, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.amounts import count_of, ms_of
from scrubber.formats.harn.messages import message_pieces
from scrubber.formats.harn.session_store.pieces import compacted, pieces_of, raw_message
from scrubber.formats.harn.session_store.rows import CLOSED, EVENTS, SESSIONS
from scrubber.formats.object_lines import ObjectLinesReader
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.jsonl import Line
    from scrubber.formats.object_lines import Object

_TITLE_LENGTH = 90


class _Log:
    """What is to be known of a session while its rows come."""

    def __init__(self) -> None:
        self.copies = 0
        """How many of its events are its parent's, and still to come."""
        self.said: set[bytes] = set()
        self.places: dict[str, int] = {}
        """Where each message stands, by the names that its row goes by."""


class SessionStoreReader(ObjectLinesReader):
    """Reads the sessions of one database."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._logs: dict[str, _Log] = {}
        self._last = ""

    def _line(self, line: Line) -> list[Draft]:
        drafts = super()._line(line)
        if drafts and drafts[0].marks & Mark.DAMAGED:
            self._log(self._last)
            drafts[0].log = self._last
        return drafts

    def tell(self, record: Object) -> list[Draft]:
        """The events of a row."""
        given, table = record.get("row"), record.get("table")
        row: dict[str, Any] = given if isinstance(given, dict) else {}
        name = text_or_none(row.get("session_id" if table == EVENTS else "id"))
        log = self._last = name or self._last
        known, info = self._log(log), self.infos[log]
        if table == SESSIONS:
            self._begin(row, known, info)
        ts = _moment(row.get("ts_ms" if table == EVENTS else "created_at_ms"))
        info.saw(ts)
        drafts = [
            draft_of(n, p, p.block, f"event-{row.get('event_id')}")
            for n, p in enumerate(pieces_of(record))
        ]
        for draft in drafts:
            draft.ts, draft.log = ts, log
            self._entitle(draft, info)
        if table == EVENTS:
            self._enter(row, drafts, known, info)
        elif table == CLOSED:
            info.title = text_or_none(row.get("title")) or info.title
            info.model = text_or_none(row.get("model")) or info.model
            drafts[0].usage = _usage(row)
        return drafts

    def _log(self, name: str) -> _Log:
        if name not in self._logs:
            self._logs[name] = _Log()
            self.infos[name] = SessionInfo(native_id=name or None)
        return self._logs[name]

    def _begin(self, row: Object, log: _Log, info: SessionInfo) -> None:
        info.cwd = text_or_none(row.get("cwd"))
        parent = text_or_none(row.get("parent_session_id"))
        if parent is None:
            return
        info.parent_native_id = parent
        log.copies = count_of(row, "shared")
        if row.get("session_type") == "subagent" or not log.copies:
            info.relation, info.agent = "subagent", info.native_id
        else:
            info.relation = "fork"

    def _enter(self, row: Object, drafts: list[Draft], log: _Log, info: SessionInfo) -> None:
        """Follow the conversation: copies, compactions, messages that are taken out."""
        place = self.length(info.native_id or "")
        if info.relation == "fork" and log.copies:
            log.copies -= 1
            info.shared = place + len(drafts)
        if (message := raw_message(row)) is not None:
            log.said.add(_name_of(message))
            for key in _names(row):
                log.places.setdefault(key, place)
        for draft in drafts:
            if draft.kind is Kind.CONTEXT_EDIT:
                draft.ref = next((log.places[k] for k in _targets(row) if k in log.places), None)
            elif draft.kind is Kind.COMPACTION:
                draft.ref = 0
        if row.get("kind") == "compaction":
            self._mark_repeated(row, drafts, log)

    def _mark_repeated(self, row: Object, drafts: list[Draft], log: _Log) -> None:
        """Messages that a compaction kept stand in front of it as well."""
        payload = row.get("payload_json")
        part = 1
        for message in compacted(payload if isinstance(payload, dict) else {}):
            parts = len(message_pieces(message, 0))
            if _name_of(message) in log.said:
                for draft in drafts[part : part + parts]:
                    draft.marks |= Mark.DUPLICATE
            part += parts

    def _entitle(self, draft: Draft, info: SessionInfo) -> None:
        is_prompt = draft.kind is Kind.MESSAGE and draft.role is Role.USER
        if is_prompt and draft.text and not info.title:
            info.title = one_line(draft.text, _TITLE_LENGTH)


def _name_of(message: JSON) -> bytes:
    return orjson.dumps(message, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def _names(row: Object) -> list[str]:
    """What the row of a message goes by: its event's id, and what its headers say."""
    headers = row.get("headers_json")
    given = headers if isinstance(headers, dict) else {}
    found = [given.get(key) for key in ("source_event_id", "message_id")]
    return [str(row.get("event_id")), *(name for name in found if isinstance(name, str))]


def _targets(row: Object) -> list[str]:
    payload = row.get("payload_json")
    given = payload if isinstance(payload, dict) else {}
    several = given.get("source_event_ids")
    found = [given.get("source_event_id"), *(several if isinstance(several, list) else [])]
    return [str(name) for name in found if isinstance(name, (str, int))]


def _moment(value: JSON) -> int | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return ms_of(value / 1000) if is_number else None


def _usage(row: Object) -> Usage | None:
    cost = row.get("cost_usd_micros")
    micros = cost if type(cost) is int and 0 <= cost < 2**53 else None
    found = Usage(
        count_of(row, "usage_input"), output=count_of(row, "usage_output"), cost_micros=micros
    )
    return found if found.total or micros else None
