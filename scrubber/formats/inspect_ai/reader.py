"""Derives events from the records of an unfolded log, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from scrubber.core.events import Draft, Kind, one_line
from scrubber.core.kinds import CONTEXT
from scrubber.core.session import Branch, SessionInfo, Spawn
from scrubber.formats.base import Reading, parse_time
from scrubber.formats.inspect_ai.events import usage_of
from scrubber.formats.inspect_ai.records import (
    RUN,
    Record,
    Told,
    pieces_of,
    run_title,
    sample_name,
)
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.pieces import damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ABOUT_RECORD = -1
_MODEL_CALL = Kind.MODEL_CALL


class InspectReader:
    """Reads one log: the evaluation, its samples, and the agents within them."""

    def __init__(self, path: Path) -> None:
        self._name = path.stem
        self._lines = LineReader()
        self._lengths: dict[str, int] = {}
        self._messages: dict[str, list[tuple[int, int]]] = {}
        """For each log, where its messages begin and end."""
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in the order of the archive, samples by their events."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))

    def _line(self, line: Line) -> list[Draft]:
        if isinstance(line.value, dict) and "inspect" in line.value:
            return self._record(line.value)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        self.warnings.append((line.number, line.problem or "no record of a log"))
        draft = damaged_draft(line.raw)
        draft.part = _ABOUT_RECORD
        self._info(RUN)
        return self._enter([draft])

    def _record(self, record: Record) -> list[Draft]:
        log, kind = str(record.get("log") or RUN), record.get("inspect")
        ts = _time_of(record)
        self._prepare(record, log, kind)
        start = self._lengths.get(log, 0)
        drafts = [
            self._draft(part, told, record, ts) for part, told in enumerate(pieces_of(record))
        ]
        if kind == "message":
            places = self._messages.setdefault(log, [])
            for draft in drafts:
                draft.group_id = f"m{len(places)}" if draft.group_id else None
            places.append((start, start + len(drafts)))
        elif kind == "rewind" and drafts:
            drafts[0].ref = self._place(log, record.get("to"), 0)
        return self._enter(drafts)

    def _draft(self, part: int, told: Told, record: Record, ts: int | None) -> Draft:
        info = self._info(told.log)
        info.saw(ts)
        kind = told.piece.kind
        usage = usage_of(record.get("event")) if kind is _MODEL_CALL else None
        group = "m" if record.get("inspect") == "message" else None
        draft = draft_of(part, told.piece, told.content, group, usage)
        draft.log, draft.ts = told.log, ts
        if kind is CONTEXT:
            draft.text = one_line(_names_of(told.piece.block))
        if kind is _MODEL_CALL and info.model is None:
            info.model = told.piece.name
        return draft

    def _enter(self, drafts: list[Draft]) -> list[Draft]:
        for draft in drafts:
            self._lengths[draft.log] = self._lengths.get(draft.log, 0) + 1
        return drafts

    def _place(self, log: str, message: Any, end: int) -> int | None:
        """Where a message of a log begins (0) or ends (1)."""
        places = self._messages.get(log, [])
        if type(message) is not int or not 0 <= message < len(places):
            return None
        return places[message][end]

    # sessions

    def _info(self, log: str) -> SessionInfo:
        if log not in self.infos:
            self.infos[log] = SessionInfo(title=self._name if log == RUN else log, native_id=log)
        return self.infos[log]

    def _prepare(self, record: Record, log: str, kind: Any) -> None:
        """Learn about sessions before the events of the record are entered."""
        if kind in ("start", "header"):
            self._run(_dict(_dict(record.get("data")).get("eval")))
        elif kind == "sample":
            self._run(_dict(record.get("eval")))
            self._sample(record, log)
        elif kind == "thread":
            self._thread(record, log)
        elif kind in ("thread_end", "end"):
            parent = str(record.get("parent") or RUN)
            spawn = self._info(parent).spawns.get(log)
            if spawn is not None:
                spawn.stop = self._lengths.get(parent, 0)

    def _run(self, facts: Record) -> None:
        info = self._info(RUN)
        if facts and info.native_id == RUN:
            info.title = run_title(facts)
            name = facts.get("eval_id") or facts.get("run_id")
            info.native_id = name if isinstance(name, str) and name else self._name
            info.model = facts.get("model") if isinstance(facts.get("model"), str) else None
            info.saw(parse_time(facts.get("created")))
        elif info.native_id == RUN:
            info.native_id = self._name

    def _sample(self, record: Record, log: str) -> None:
        sample, run = _dict(record.get("sample")), self._info(RUN)
        task = _dict(record.get("eval")).get("task")
        name = sample.get("uuid")
        info = SessionInfo(
            title=f"{task}: {sample_name(sample)}" if task else sample_name(sample),
            native_id=name if isinstance(name, str) and name else f"{run.native_id}/{log}",
            parent_native_id=run.native_id,
            agent=log,
            relation="subagent",
            model=run.model,
        )
        info.saw(parse_time(sample.get("started_at")))
        self.infos[log] = info
        run.spawns[log] = Spawn(self._lengths.get(RUN, 0), None, info.title)

    def _thread(self, record: Record, log: str) -> None:
        parent = str(record.get("parent") or RUN)
        above = self._info(parent)
        model = record.get("model")
        info = SessionInfo(
            title=str(record.get("title") or log),
            native_id=f"{above.native_id}/{log.rpartition('/')[2]}",
            model=model if isinstance(model, str) else None,
        )
        at = self._place(parent, record.get("at"), 1)
        if record.get("how") == "branch" and at is not None:
            info.branch = Branch(parent, at)
        else:
            info.relation, info.parent_native_id, info.agent = "subagent", above.native_id, log
            above.spawns[log] = Spawn(self._lengths.get(parent, 0), None, info.title)
        self.infos[log] = info


def _names_of(tools: Any) -> str:
    names = [str(_dict(tool).get("name")) for tool in (tools if isinstance(tools, list) else ())]
    return f"{len(names)} tools: {', '.join(names)}"


def _time_of(record: Record) -> int | None:
    """The moment of a record: its own time, or that of what it is about."""
    for key in ("event", "sample", "data"):
        inner = record.get(key)
        if isinstance(inner, dict):
            stamp = inner.get("timestamp") or inner.get("completed_at") or inner.get("started_at")
            return parse_time(stamp or _dict(inner.get("eval")).get("created"))
    return parse_time(record.get("time"))


def _dict(value: Any) -> Record:
    return value if isinstance(value, dict) else {}
