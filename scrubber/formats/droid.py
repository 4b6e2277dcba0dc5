"""Factory Droid: its session files, and the stream that ``droid exec`` writes as JSON.

A session file begins with ``session_start``; a ``message`` holds a message of Anthropic's API. The
stream has plain texts, calls and results as lines of their own, and ends with ``completion``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Draft, Kind, Mark, Role, Usage, Visibility, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.anthropic import is_message, message_pieces
from scrubber.formats.base import FoundPlace, Reader, parse_time
from scrubber.formats.claude_code.lineage import Lineage
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import Object, ObjectLinesReader, piece_content
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece, draft_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import Content as Contents

_REWIND = "rewound: what came after this point was left behind"
_STREAM = ("message", "tool_call", "tool_result", "completion", "system")
_TITLE_LENGTH = 90


def pieces_of(record: Object) -> list[Piece]:
    """The pieces of a record, at least one; what nobody knows gives an unknown piece."""
    kind, message = record.get("type"), record.get("message")
    if kind == "message" and is_message(message):
        said = [
            Piece(p.kind, p.role, p.visibility, p.content, p.marks, p.name, p.call_id)
            for p in message_pieces(message)
        ]
        if said:
            return said
    found = _others(record, str(kind))
    return [found if found is not None else _plain(Kind.UNKNOWN, SHOWN, record, str(kind))]


def _others(record: Object, kind: str) -> Piece | None:
    if kind in ("session_start", "system"):
        title = record.get("title") or record.get("model") or kind
        return _plain(Kind.SESSION_START, HIDDEN, record, str(title))
    if kind == "todo_state":
        todos = record.get("todos")
        told = todos.get("todos") if isinstance(todos, dict) else todos
        return _plain(Kind.PLAN, HIDDEN, record, told if isinstance(told, str) else "")
    if kind == "compaction_state" and isinstance(text := record.get("summaryText"), str):
        return Piece(Kind.COMPACTION, Role.USER, SEEN, Content((Text(text),), detail=record))
    if kind == "error":
        text = record.get("message") or kind
        return _plain(Kind.ERROR, SHOWN, record, str(text))._replace(marks=Mark.ERROR)
    return _streamed(record, kind)


def _plain(kind: Kind, seen: Visibility, record: Object, text: str) -> Piece:
    return Piece(kind, Role.NONE, seen, Content((Text(text),) if text else (), detail=record))


def _streamed(record: Object, kind: str) -> Piece | None:
    """What a line of the stream tells."""
    if kind == "message" and isinstance(text := record.get("text"), str):
        role = Role.ASSISTANT if record.get("role") == "assistant" else Role.USER
        return Piece(Kind.MESSAGE, role, SEEN, _said(text))
    if kind == "completion" and isinstance(text := record.get("finalText"), str):
        return Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, _said(text))
    call = record.get("toolCallId") or record.get("id")
    name = record.get("toolName") or record.get("toolId")
    known = name if isinstance(name, str) else None
    call_id = call if isinstance(call, str) else None
    if kind == "tool_call":
        content = Content(arguments=record.get("parameters"))
        return Piece(Kind.TOOL_CALL, Role.ASSISTANT, SEEN, content, name=known, call_id=call_id)
    if kind == "tool_result":
        marks = Mark.ERROR if record.get("isError") is True else Mark.NONE
        value = record.get("value")
        content = _said(value) if isinstance(value, str) else Content((Data(value),))
        return Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, content, marks, known, call_id)
    return None


def _said(text: str) -> Content:
    return Content((Text(text),) if text else ())


class DroidReader(ObjectLinesReader):
    """Reads a session file or a stream."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._lineage = Lineage()
        self._last: tuple[bytes, int] | None = None
        self.infos[""] = SessionInfo(native_id=path.stem, model=_model_beside(path))

    def tell(self, record: Object) -> list[Draft]:
        """The events of a record, with the rewind that it implies in front of them."""
        ts = _time(record.get("timestamp"))
        self._learn(record, ts)
        group = record.get("id")
        drafts = [
            draft_of(part, piece, piece.block, group if isinstance(group, str) else None)
            for part, piece in enumerate(pieces_of(record))
        ]
        self._complete(record, drafts)
        if (rewind := self._rewind(record, drafts)) is not None:
            drafts.insert(0, rewind)
        for draft in drafts:
            draft.ts = ts
        self._remember(drafts)
        return drafts

    def _learn(self, record: Object, ts: int | None) -> None:
        info = self.infos[""]
        info.saw(ts)
        if record.get("type") in ("session_start", "system"):
            keys = ("id", "session_id", "sessionId")
            names = [record[key] for key in keys if isinstance(record.get(key), str)]
            info.native_id = names[-1] if names else info.native_id
            for key in ("model", "cwd"):
                if isinstance(value := record.get(key), str):
                    setattr(info, key, value)
            if isinstance(title := record.get("title"), str) and title.strip():
                info.title = one_line(title, _TITLE_LENGTH)

    def _complete(self, record: Object, drafts: list[Draft]) -> None:
        """The end of a stream repeats what was said last, and tells the tokens of it all."""
        if record.get("type") != "completion" or len(drafts) != 1:
            return
        said = _digest(drafts[0])
        if self._last is not None and self._last[0] == said:
            drafts[0].kind, drafts[0].role = Kind.MIRROR, Role.NONE
            drafts[0].visibility, drafts[0].ref = Visibility.HIDDEN, self._last[1]
            drafts[0].group_id = None
        drafts[0].usage = _usage(record.get("usage"))

    def _rewind(self, record: Object, drafts: list[Draft]) -> Draft | None:
        """A second prompt below one parent leaves the first one behind."""
        parent = record.get("parentId")
        if not isinstance(parent, str) or not drafts:
            return None
        if drafts[0].kind is not Kind.MESSAGE or drafts[0].role is not Role.USER:
            return None
        left = self._lineage.rewound_from(parent, self.length())
        if left is None:
            return None
        self.warn("the conversation was rewound here")
        return Draft(Kind.REWIND, _REWIND, visibility=Visibility.UI_ONLY, ref=left, part=-1)

    def _remember(self, drafts: list[Draft]) -> None:
        for place, draft in enumerate(drafts, self.length()):
            if draft.kind is Kind.MESSAGE and draft.role is Role.ASSISTANT:
                self._last = _digest(draft), place
            if draft.kind is Kind.MESSAGE and draft.role is Role.USER and draft.text:
                info = self.infos[""]
                info.title = info.title or one_line(draft.text, _TITLE_LENGTH)


def _digest(draft: Draft) -> bytes:
    return f"{draft.size} {draft.text}".encode(errors="replace")


def _time(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 2**43 else None
    return parse_time(value)


def _usage(given: JSON) -> Usage | None:
    if not isinstance(given, dict):
        return None
    keys = ("input", "cache_read_input", "cache_creation_input", "output")
    counts = [given.get(f"{key}_tokens") for key in keys]
    input, read, written, output = (
        min(count, 2**40) if isinstance(count, int) and count > 0 else 0 for count in counts
    )
    return Usage(input, read, written, output)


def _model_beside(path: Path) -> str | None:
    """The model, noted in a file beside the session's."""
    try:
        settings = orjson.loads(path.with_suffix(".settings.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    model = settings.get("model") if isinstance(settings, dict) else None
    return model if isinstance(model, str) else None


class Droid:
    """The format of Factory's command-line agent."""

    name = "droid"
    title = "Factory Droid"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the start of a session, or at lines of the stream with a session's id."""
        values = first_values(head)
        if any(isinstance(value, dict) and value.get("type") == "session" for value in values):
            return 0  # pi's, whose messages look the same
        return max(map(_likeness, values), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a session file or a stream."""
        return DroidReader(path)

    def content(self, raw: bytes, part: int) -> Contents:
        """The content of one event of a record; a damaged record's is its text."""
        return piece_content(raw, part, pieces_of, _REWIND)

    def places(self) -> Sequence[FoundPlace]:
        """``~/.factory/sessions``."""
        return [FoundPlace(Path.home() / ".factory" / "sessions", "**/*.jsonl")]


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict) or "uuid" in value:
        return 0
    kind = value.get("type")
    if kind == "session_start" and isinstance(value.get("id"), str):
        return 90
    if kind == "message" and is_message(value.get("message")):
        return 50 if isinstance(value.get("id"), str) else 0
    has_session = isinstance(value.get("session_id") or value.get("sessionId"), str)
    if not has_session or kind not in _STREAM or "message" in value:
        return 0
    return 75 if kind in ("tool_call", "tool_result", "completion") else 60


FORMAT = Droid()
