"""Derives events from the entries of a session, in the order of the file.

A file is a tree: an entry names its parent. Each branch is a log of its own; pi goes on with the
one that was written last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, Mark, one_line
from scrubber.core.kinds import BRANCH_SUMMARY, COMPACTION, MESSAGE, USER
from scrubber.core.session import SessionInfo
from scrubber.formats.base import Reading
from scrubber.formats.branching import TreeLogs
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.pi.content import piece_content, summary_of
from scrubber.formats.pi.lineage import Copies, EntryIds, header_info
from scrubber.formats.pi.pieces import pieces_of
from scrubber.formats.pi.records import Record, is_header, message_of, text_or_none, time_of
from scrubber.formats.pi.usage import usage_of
from scrubber.formats.pieces import HIDDEN, SHOWN, damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TITLE_LENGTH = 90
_ABOUT_OTHERS = frozenset({Kind.LABEL, Kind.CONTEXT_EDIT})


class PiReader:
    """Reads one session file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = LineReader()
        self._tree = TreeLogs()
        self._ids = EntryIds()
        self._copies = Copies()
        self._named: str | None = None
        self._entitled: set[str] = set()
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The entries in file order."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))
        if self._lines.pending:
            self.warnings.append((-1, "the last line is incomplete; it is kept until it is whole"))
        if self._tree.overflow:
            why = f"more branches than are shown: {self._tree.overflow} entries go on in others"
            self.warnings.append((-1, why))

    def _line(self, line: Line) -> list[Draft]:
        if line.problem is not None:
            why = line.problem or "several JSON objects on one line, read one by one"
            self.warnings.append((line.number, why))
        if isinstance(line.value, dict):
            return self._record(line.value, line.number)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        if line.problem is None:
            self.warnings.append((line.number, "not a JSON object"))
        return self._enter([damaged_draft(line.raw)], self._tree.last, None, is_hidden=True)

    def _record(self, record: Record, number: int) -> list[Draft]:
        if is_header(record):
            return self._header(record)
        entry, parent = self._ids.of(record)
        if self._tree.knows(entry):
            self.warnings.append((number, f"entry {entry} stands twice"))
            return self._repeated(record)
        is_orphan = parent is not None and not self._tree.knows(parent)
        if is_orphan:
            self.warnings.append((number, f"its parent {parent} is not in the file"))
        log, branch = self._tree.place(entry, parent)
        if branch is not None:
            self.infos[log] = SessionInfo(branch=branch, cwd=self._info("").cwd)
        drafts = self._drafts(record, log, entry)
        if is_orphan:
            for draft in drafts:
                draft.marks |= Mark.ORPHAN
        return self._enter(drafts, log, entry)

    def _header(self, record: Record) -> list[Draft]:
        is_first = not self.infos
        if is_first:
            self.infos[""] = header_info(record, self._path)
            self._copies.begin(record, self.infos[""])
        drafts = self._drafts(record, self._tree.last, None)
        session = text_or_none(record.get("id")) if is_first else None
        return self._enter(drafts, self._tree.last, session)

    def _repeated(self, record: Record) -> list[Draft]:
        log = self._tree.last
        drafts = self._drafts(record, log, None)
        for draft in drafts:
            draft.marks |= Mark.DUPLICATE
            draft.visibility, draft.usage = HIDDEN, None
        return self._enter(drafts, log, None)

    def _drafts(self, record: Record, log: str, entry: str | None) -> list[Draft]:
        usage, group, ts = usage_of(record), entry, time_of(record)
        info, drafts = self._info(log), []
        info.saw(ts)
        if model := text_or_none(message_of(record).get("model") or record.get("modelId")):
            info.model = model
        for part, piece in enumerate(pieces_of(record)):
            content = piece_content(piece)
            draft = draft_of(part, piece, content, group, usage)
            if piece.kind is COMPACTION or piece.kind is BRANCH_SUMMARY:
                draft.text = one_line(summary_of(content))
            draft.ref = self._ref(record, draft, log)
            draft.ts, draft.log, usage = ts, log, None
            drafts.append(draft)
        self._entitle(record, drafts, log)
        return drafts

    def _ref(self, record: Record, draft: Draft, log: str) -> int | None:
        """What an entry is about: the one that it labels or edits, or keeps first."""
        if draft.kind in _ABOUT_OTHERS:
            return self._tree.find(str(record.get("targetId")), log)
        if draft.kind is not COMPACTION:
            return None
        if draft.visibility is SHOWN:
            kept = self._ids.first_kept(record)
            return self._tree.find(kept, log) if kept is not None else None
        return -self._tree.before(log)  # it stands for all there was, prompts of the program too

    def _enter(
        self, drafts: Sequence[Draft], log: str, entry: str | None, is_hidden: bool = False
    ) -> list[Draft]:
        """Put events at the end of a log; ``is_hidden``: nothing branches off for them."""
        for draft in drafts:
            draft.log = log
        self._info(log)
        is_hidden |= all(draft.visibility is HIDDEN for draft in drafts)
        self._tree.add(log, len(drafts), entry, is_hidden)
        if log == "":
            self._copies.see(drafts, self._tree.length(""), self.infos[""])
        return list(drafts)

    def _info(self, log: str) -> SessionInfo:
        if log not in self.infos:
            self.infos[log] = header_info({}, self._path)
        return self.infos[log]

    def _entitle(self, record: Record, drafts: Sequence[Draft], log: str) -> None:
        """The name that the person gave; else what was said first in a branch."""
        if record.get("type") == "session_info":
            self._named = text_or_none(str(record.get("name") or "").strip())
            if self._named:
                self._info("").title = one_line(self._named, _TITLE_LENGTH)
            return
        for draft in drafts:
            if log in self._entitled or draft.kind is not MESSAGE or not draft.text:
                continue
            is_prompt = draft.role is USER
            if (is_prompt or not self._info(log).title) and (log or not self._named):
                self._info(log).title = one_line(draft.text, _TITLE_LENGTH)
            if is_prompt:
                self._entitled.add(log)
