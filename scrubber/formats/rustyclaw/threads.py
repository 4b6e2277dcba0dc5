"""RustyClaw's threads: a log of each, ``<id>.log.jsonl``, with ``<id>.meta.json`` beside it.

Both are one source: the lines of the log, and behind them one line for the metadata, which change
all the time. Nothing is ever taken from a log; a compaction only moves how far its summary reaches.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scrubber.core.events import Draft, Kind, Role, one_line
from scrubber.core.session import SessionInfo
from scrubber.core.survey import KEEP
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.containers import Stamp, files_stamp
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import ObjectLinesReader, piece_content
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import draft_of
from scrubber.formats.rustyclaw import thread_files
from scrubber.formats.rustyclaw.thread_pieces import META, pieces_of, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON, Content
    from scrubber.formats.jsonl import Line
    from scrubber.formats.object_lines import Object

_KINDS = ("turn_started", "turn_ended", "message", META)
_TITLE_LENGTH = 90
_FOLDERS = ("threads", "sessions/threads", "agents/*/threads", "agents/*/sessions/threads")


class ThreadReader(ObjectLinesReader):
    """Reads one thread."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._info = self.infos[""] = SessionInfo(native_id=thread_files.id_of(path))
        self._messages: list[int] = []
        """Where the first event of each message stands."""
        self._turn_is_open = False

    def _line(self, line: Line) -> list[Draft]:
        if line.problem:
            self.warnings.append((line.number, "RustyClaw itself reads no further than here"))
        return super()._line(line)

    def tell(self, record: Object) -> list[Draft]:
        """The events of a line."""
        kind = record.get("kind")
        if kind == META:
            self._learn(record.get(META))
        elif kind in _KINDS[:2]:
            self._turn_is_open = kind == _KINDS[0]
        ts = time_of(record.get("timestamp") or record.get("at"))
        self._info.saw(ts)
        group = f"m{len(self._messages)}"
        if kind == "message":
            self._messages.append(self.length())
        drafts = [draft_of(n, p, p.block, group) for n, p in enumerate(pieces_of(record))]
        for draft in drafts:
            draft.ts = ts
            self._entitle(draft)
            if draft.name == KEEP:
                draft.ref = self._first_kept(record)
        return drafts

    def _learn(self, meta: JSON) -> None:
        if self._turn_is_open:
            self.warn("the last turn has no end: it was interrupted")
        known: dict[str, Any] = meta if isinstance(meta, dict) else {}
        if label := text_or_none(known.get("label")):
            self._info.title = label
        elif not known:
            self.warn("the thread's metadata cannot be read")
            self._info.title = self._info.title or f"Recovered thread {self._info.native_id}"
        self._info.cwd = text_or_none(known.get("working_dir"))
        for key in ("created_at", "last_activity"):
            self._info.saw(time_of(known.get(key)))
        if type(parent := known.get("parent_id")) is int:
            self._info.parent_native_id, self._info.agent = str(parent), self._info.native_id
            self._info.relation = "subagent"

    def _entitle(self, draft: Draft) -> None:
        is_prompt = draft.kind is Kind.MESSAGE and draft.role is Role.USER
        if is_prompt and draft.text and not self._info.title:
            self._info.title = one_line(draft.text, _TITLE_LENGTH)

    def _first_kept(self, record: Object) -> int | None:
        """The first event that a summary does not cover; None: it covers all."""
        covered = record[META].get("compacted_up_to")
        if type(covered) is not int or not 0 <= covered < len(self._messages):
            return None
        return self._messages[covered]


class RustyClawThreads:
    """The format of such logs."""

    name = "rustyclaw-threads"
    title = "RustyClaw thread"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a line with one of its kinds and a system time of Rust."""
        return 95 if any(map(_is_line, first_values(head))) else 0

    def open(self, path: Path) -> BinaryIO:
        """The log, with the metadata as its last line."""
        return thread_files.open_thread(path)

    def unpacks(self, path: Path) -> bool:
        """Whether there are metadata beside it."""
        return thread_files.meta_of(path) is not None

    def stamp(self, path: Path) -> Stamp:
        """What changes with the log, or with the metadata."""
        meta = thread_files.meta_of(path)
        return files_stamp(path, [meta] if meta is not None else [])

    def belongs_to(self, path: Path) -> Path | None:
        """The log of a thread, if there is one."""
        return thread_files.log_of(path)

    def reader(self, path: Path) -> Reader:
        """A reader for a thread."""
        return ThreadReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a line; a damaged one's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """The threads of each agent below ``~/.rustyclaw``; not its workspaces, which are large."""
        home = Path.home() / ".rustyclaw"
        return [FoundPlace(home, f"{inside}/*.log.jsonl") for inside in _FOLDERS]


def _is_line(value: JSON) -> bool:
    if not isinstance(value, dict) or value.get("kind") not in _KINDS:
        return False
    return time_of(value.get("timestamp") or value.get("at")) is not None


FORMAT = RustyClawThreads()
