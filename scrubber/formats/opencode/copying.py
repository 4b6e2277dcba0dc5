"""One export to OpenCode while it is written: events to messages with their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Event, Kind, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.core.tally import speaks
from scrubber.formats.continuing import plan_of
from scrubber.formats.json_tree import part_value
from scrubber.formats.opencode.made import parts_of, result_state
from scrubber.formats.opencode.parts import state_of
from scrubber.formats.opencode.records import is_message, told_of
from scrubber.formats.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript
    from scrubber.formats.opencode.ids import Ids

NAME = "opencode"

Message = dict[str, Any]

_NO_TOKENS = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
_AROUND = ("step-start", "step-finish", "snapshot")


class Copy:
    """One export while it is written."""

    def __init__(self, transcript: Transcript, ids: Ids, now: int, cwd: str | None) -> None:
        self._transcript = transcript
        self._plan = plan_of(transcript, NAME)
        self._ids = ids
        self._now = now
        session = transcript.session
        self._cwd = cwd or session.cwd or "/"
        self._newest = min(session.created, now)
        self._user = ""
        self._model = {"providerID": "unknown", "modelID": session.model or "unknown"}
        self._agent = "build"
        self._new: dict[str, str] = {}
        self._raw, self._record, self._pieces = b"", Message(), list[Piece]()

    def info(self) -> Message:
        """The session."""
        session = self._transcript.session
        return {
            "id": self._ids.session,
            "slug": f"scrubber-{self._ids.session[-8:].lower()}",
            "projectID": "global",
            "directory": self._cwd,
            "title": session.title or "A session",
            "version": "scrubber",
            "metadata": {"forkedFrom": {"sessionID": session.native_id, "format": session.format}},
            "time": {"created": self._now, "updated": self._now},
        }

    def messages(self) -> Iterator[Message]:
        """The messages in order; one is given once the next begins, as results complete it."""
        message: Message | None = None
        key = ""
        for event in self._plan.survey.kept(self._transcript.events()):
            if event.kind is Kind.TOOL_RESULT:
                self._answer(message, event)
                continue
            parts = self._parts(event)
            if not parts:
                continue
            fresh = self._key(event)
            if message is None or fresh != key:
                if message is not None and not _is_hollow(message):
                    yield self._closed(message)
                message, key = self._message(event), fresh
            message["parts"] += parts
        if message is not None and not _is_hollow(message):
            yield self._closed(message)

    def _key(self, event: Event) -> str:
        """Which message an event is of: that of the source, also for what was edited in it."""
        group = event.group_id or ""
        if self._is_native(event):
            return str(self._native(event)["info"].get("id"))
        if event.role is Role.ASSISTANT and group:
            return group.rpartition(":")[0] if group in self._plan.native else group
        return f"{event.source} {event.record} {event.part}"

    def _is_native(self, event: Event) -> bool:
        return self._transcript.format_of(event) == NAME

    def _native(self, event: Event) -> Message:
        """The record of an event; many events share one."""
        raw = self._transcript.raw(event)
        if raw != self._raw:
            value = part_value(raw)
            self._record = value if is_message(value) else {"info": {}, "parts": []}
            self._pieces = [told.piece for told in told_of(self._record)]
            self._raw = raw
        return self._record

    def _parts(self, event: Event) -> list[Message]:
        """The parts of an event; none for what is none, or cannot be taken back."""
        if event.kind is Kind.REASONING and event.group_id in self._plan.edited:
            return []
        if not self._is_native(event):
            return parts_of(event, self._transcript.content(event)) if speaks(event) else []
        self._native(event)
        is_part = 0 <= event.part < len(self._pieces)
        block = self._pieces[event.part].block if is_part else None
        if not isinstance(block, dict) or "type" not in block:
            return []  # what is told of the message as a whole stays with it
        return [dict(block) | ({"state": self._opened(block)} if block["type"] == "tool" else {})]

    def _opened(self, block: Message) -> Message:
        """A call's state without its result, which an event of its own brings."""
        time = state_of(block).get("time")
        start = time.get("start") if isinstance(time, dict) else None
        return self._interrupted(state_of(block).get("input"), start)

    def _interrupted(self, input: Any, start: Any) -> Message:
        start = start if isinstance(start, int) else self._newest
        return {
            "status": "error",
            "input": input if isinstance(input, dict) else {},
            "error": INTERRUPTED,
            "time": {"start": start, "end": start},
        }

    def _answer(self, message: Message | None, event: Event) -> None:
        """Give a call its result."""
        parts = message["parts"] if message is not None else []
        for part in reversed(parts):
            if part.get("type") != "tool" or part.get("callID") != event.call_id:
                continue
            if self._is_native(event):
                self._native(event)
                part["state"] = dict(state_of(self._pieces[event.part].block))
            else:
                content = self._transcript.content(event)
                part["state"] = result_state(event, content, part["state"])
            return

    def _message(self, event: Event) -> Message:
        info: Message = {}
        if self._is_native(event):
            info = dict(self._native(event)["info"])
        is_model = event.role is Role.ASSISTANT or info.get("role") == "assistant"
        info |= {"role": "assistant" if is_model else "user"}
        return {"info": info, "parts": [], "ts": event.ts}

    def _closed(self, message: Message) -> Message:
        """A message as it is written: new ids, and all that the client asks for."""
        info, ts = message["info"], message["ts"]
        old, new = str(info.get("id")), self._ids.message()
        self._new[old] = new
        self._newest = max(self._newest, min(ts or self._newest, self._now))
        given = info.get("time")
        times = given if isinstance(given, dict) else {}
        info |= {"id": new, "sessionID": self._ids.session}
        info["time"] = times | {"created": self._newest}
        if info["role"] == "user":
            self._user = new
            self._as_user(info)
        else:
            self._as_model(info)
        ids = {"messageID": new, "sessionID": self._ids.session}
        parts = [part | {"id": self._ids.part()} | ids for part in message["parts"]]
        return {"info": info, "parts": [self._renamed(part) for part in parts]}

    def _renamed(self, part: Message) -> Message:
        tail = part.get("tail_start_id")
        return part | {"tail_start_id": self._new[tail]} if tail in self._new else part

    def _as_user(self, info: Message) -> None:
        model = info.get("model")
        if isinstance(model, dict) and "providerID" in model:
            self._model = {key: model[key] for key in ("providerID", "modelID") if key in model}
        self._agent = str(info.get("agent") or self._agent)
        info |= {"agent": self._agent, "model": info.get("model") or self._model}

    def _as_model(self, info: Message) -> None:
        created = info["time"]["created"]
        own = {
            "mode": self._agent,
            "agent": self._agent,
            "path": {"cwd": self._cwd, "root": self._cwd},
            "cost": 0,
            "tokens": _NO_TOKENS,
            **self._model,
        }
        for key, value in own.items():
            info.setdefault(key, value)
        info["parentID"] = self._new.get(str(info.get("parentID")), self._user or info["id"])
        info["time"].setdefault("completed", created)


def _is_hollow(message: Message) -> bool:
    """Whether a model's message holds nothing but thoughts, which providers refuse."""
    said = {part.get("type") for part in message["parts"]} - {*_AROUND, "reasoning"}
    return message["info"]["role"] == "assistant" and not said
