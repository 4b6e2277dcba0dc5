"""Derives events from a session file of Qwen Code, record by record."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Draft, Kind, Mark, Role, Usage, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.base import parse_time
from scrubber.formats.gemini_cli.thread import Told, told
from scrubber.formats.object_lines import ObjectLinesReader
from scrubber.formats.pieces import draft_of
from scrubber.formats.qwen_code.chain import Chain
from scrubber.formats.qwen_code.pieces import Record, contents_pieces, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REWOUND = "what came after this point is no longer part of the conversation"
_TITLE_LENGTH = 90
_MOST = 2**40


class QwenReader(ObjectLinesReader):
    """Reads one session, or that of a sub-agent."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._chain = Chain()
        self._calls: dict[str, tuple[int, str]] = {}
        info = self.infos[""] = _info(path)
        self._rank = 2 if info.title else 0

    def tell(self, record: Record) -> list[Draft]:
        """The events of a record, with the rewind that it implies in front of them."""
        ts = parse_time(record.get("timestamp"))
        left, is_orphan = self._chain.left_by(record)
        self._rank = min(self._rank, 1) if left is not None else self._rank
        self._learn(record, ts)
        if is_orphan:
            self.warn(f"its parent {record['parentUuid']} is not in the file")
        groups = _groups(record)
        pieces = [told(next(groups, ""), part, p, ts) for part, p in enumerate(pieces_of(record))]
        is_compression = record.get("subtype") == "chat_compression" and len(pieces) > 1
        if is_compression:
            tail = self._chain.replace(pieces[1:])
            left = left if left is not None else tail
        drafts = self._rewind(record, left)
        for one in pieces:
            drafts.append(self._draft(record, one, left, self.length() + len(drafts)))
        if is_compression:
            _sum_up(drafts)
        for draft in drafts:
            draft.ts = ts
            draft.marks |= Mark.ORPHAN if is_orphan else Mark.NONE
        drafts[-1 if is_compression else 0].usage = _usage(record.get("usageMetadata"))
        self._chain.end(record, self.length() + len(drafts))
        return drafts

    def _rewind(self, record: Record, left: int | None) -> list[Draft]:
        """The rewind that a record implies; one that tells of itself is none."""
        if left is None or record.get("subtype") == "rewind":
            return []
        return [Draft(Kind.REWIND, REWOUND, visibility=Visibility.UI_ONLY, ref=left, part=-1)]

    def _draft(self, record: Record, one: Told, left: int | None, seq: int) -> Draft:
        draft = draft_of(one.part, one.piece, one.piece.block, one.message)
        if draft.kind is Kind.REWIND:
            draft.ref = left
        if draft.kind is Kind.TOOL_CALL and draft.call_id:
            self._calls[draft.call_id] = (seq, draft.text)
        elif draft.kind is Kind.TOOL_RESULT and draft.call_id:
            self._agent(record, draft.call_id, seq)
        elif draft.kind is Kind.MESSAGE and draft.role is Role.USER:
            self._prompt(record, draft)
        self._chain.add(one, seq)
        return draft

    def _learn(self, record: Record, ts: int | None) -> None:
        info = self.infos[""]
        info.saw(ts)
        for key in ("cwd", "model"):
            if isinstance(value := record.get(key), str) and value:
                setattr(info, key, value)
        payload = record.get("systemPayload")
        title = payload.get("customTitle") if isinstance(payload, dict) else None
        if record.get("subtype") == "custom_title" and isinstance(title, str):
            self._entitle(title, 3 if payload and payload.get("titleSource") == "manual" else 2)

    def _prompt(self, record: Record, draft: Draft) -> None:
        """Lists show what was typed, not what hooks and mentions put behind it."""
        payload = record.get("systemPayload")
        typed = payload.get("displayText") if isinstance(payload, dict) else None
        if isinstance(typed, str) and typed:
            draft.text = one_line(typed)
        if self._rank < 1 and draft.text:
            self._entitle(draft.text, 1)

    def _entitle(self, title: str, rank: int) -> None:
        if rank >= self._rank and title.strip():
            self.infos[""].title, self._rank = one_line(title, _TITLE_LENGTH), rank

    def _agent(self, record: Record, call_id: str, seq: int) -> None:
        """A sub-agent is known by the call that started it; its file's neighbour names that."""
        result: Any = record.get("toolCallResult")
        shown = result.get("resultDisplay") if isinstance(result, dict) else None
        call = self._calls.get(call_id)
        if call is not None and isinstance(shown, dict) and shown.get("type") == "task_execution":
            title = shown.get("taskDescription")
            text = title if isinstance(title, str) else call[1]
            self.infos[""].spawns[call_id] = Spawn(call[0], seq, text)


def _sum_up(drafts: list[Draft]) -> None:
    """The first thing that a compressed history says is its summary."""
    for draft in drafts:
        if draft.kind is Kind.MESSAGE and draft.role is Role.USER:
            draft.kind = Kind.COMPACTION
            return


def _groups(record: Record) -> Iterator[str]:
    """The message of each piece; the turns of a compressed history are messages of their own."""
    name = record.get("uuid")
    group = name if isinstance(name, str) else ""
    payload = record.get("systemPayload")
    history = payload.get("compressedHistory") if isinstance(payload, dict) else None
    if record.get("subtype") == "chat_compression" and isinstance(history, list):
        yield group
        for number, item in enumerate(history):
            yield from (f"{group}-{number}" for _ in contents_pieces(item))
        return
    yield from repeat(group)


def _info(path: Path) -> SessionInfo:
    """What a file's place tells; a sub-agent's lies in a folder named by its session."""
    info = SessionInfo(native_id=path.stem)
    if path.parent.parent.name != "subagents":
        return info
    meta = _meta(path)
    call, title = meta.get("toolUseId"), meta.get("description")
    info.relation, info.parent_native_id = "subagent", path.parent.name
    info.agent = call if isinstance(call, str) else path.stem
    info.title = title if isinstance(title, str) else ""
    return info


def _meta(path: Path) -> dict[str, Any]:
    try:
        meta = orjson.loads(path.with_suffix(".meta.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return meta if isinstance(meta, dict) else {}


def _usage(given: Any) -> Usage | None:
    """Tokens of a call; the prompt's include the cached ones, thoughts are part of the answer."""
    if not isinstance(given, dict):
        return None
    prompt, cached, said, thoughts, total = (
        _count(given, key)
        for key in (
            "promptTokenCount",
            "cachedContentTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "totalTokenCount",
        )
    )
    output = max(said, total - prompt) if total else said
    if not (prompt or output):
        return None
    return Usage(
        input=max(prompt - cached, 0),
        cache_read=cached,
        output=output,
        reasoning=min(thoughts, output),
        context=prompt,
    )


def _count(given: dict[str, Any], key: str) -> int:
    value = given.get(key)
    return min(value, _MOST) if isinstance(value, int) and value > 0 else 0
