"""Derives sessions and their branches from a file of conversations, one conversation at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, ClassVar

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Draft, Kind, Mark, Role, Visibility, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.base import Reading
from scrubber.formats.branching import TreeLogs
from scrubber.formats.conversations import ABOUT_RECORD, parse_record
from scrubber.formats.exports.archives import first_values, open_export
from scrubber.formats.layouts import HEAD_BYTES, RecordReader, record_reader
from scrubber.formats.pieces import draft_of
from scrubber.formats.record_cache import RecordCache
from scrubber.formats.streams import rejoined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrubber.formats.base import FoundPlace, Reader
    from scrubber.formats.exports.conversation import Conversation, Node, Service
    from scrubber.formats.jsonl import Line

_TITLE_LENGTH = 90
_SEPARATORS = b"[], \t\r\n\xef\xbb\xbf"


class ExportReader:
    """Reads the conversations of one export."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._records: RecordReader | None = None
        self._keys: set[str] = set()
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """What is left of a file that was cut off."""
        return self._records.pending if self._records is not None else b""

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """A record for each conversation; brackets and commas belong to one of them."""
        head = stream.read(HEAD_BYTES)
        self._records = record_reader(head, self._service.is_conversation)
        for line in self._records.read(rejoined(head, stream)):
            yield Reading(line.raw, self._drafts(line))
        if self.pending:
            self.warnings.append((-1, "the file ends within a conversation; what is there is kept"))

    def _drafts(self, line: Line) -> list[Draft]:
        if line.problem is not None:
            why = line.problem or "several JSON values on one line, read one by one"
            self.warnings.append((line.number, why))
        if self._service.is_conversation(line.value):
            return _Telling(self, self._service.conversation(line.value), line.number).drafts
        if line.value is None and line.problem is None and not line.raw.strip(_SEPARATORS):
            return []
        return [self._other(line)]

    def _other(self, line: Line) -> Draft:
        """A record that could not be read, or is no conversation: a session of its own."""
        if line.problem is None:
            self.warnings.append((line.number, "not a conversation"))
        key, text = self.new_key(f"line-{line.number}"), line.raw.decode(errors="replace").strip()
        self.infos[key] = SessionInfo(title=f"Line {line.number}: not readable as a conversation")
        damaged = Mark.DAMAGED if line.problem is not None else Mark.NONE
        shown = Visibility.UI_ONLY
        return Draft(
            Kind.UNKNOWN, one_line(text), visibility=shown, marks=damaged, size=len(text),
            log=key, part=ABOUT_RECORD,
        )  # fmt: skip

    def new_key(self, wanted: str) -> str:
        """The key of a log that the file has not got yet; the same whenever the file is read."""
        key = wanted
        while key in self._keys:
            key += "'"
        self._keys.add(key)
        return key


class _Telling:
    """One conversation while its events are put into logs."""

    def __init__(self, reader: ExportReader, conversation: Conversation, line: int) -> None:
        self._reader = reader
        self._conversation = conversation
        self._key = reader.new_key((conversation.id or f"line-{line}").replace("/", "_"))
        self._tree = TreeLogs(self._key)
        self._entitled: set[str] = set()
        self.drafts: list[Draft] = []
        self._begin()
        for node in conversation.nodes:
            self._node(node)
        if self._tree.overflow:
            why = f"more branches than are shown: {self._tree.overflow} messages go on in others"
            reader.warnings.append((line, why))

    def _begin(self) -> None:
        told = self._conversation
        self._reader.infos[self._key] = SessionInfo(
            title=one_line(told.title, _TITLE_LENGTH),
            native_id=told.id,
            model=told.model,
            created=told.created,
            updated=told.updated,
        )

    def _node(self, node: Node) -> None:
        parent = None if node.parent is None else self._entry(node.parent)
        log, branch = self._tree.place(self._entry(node.id), parent)
        if branch is not None:
            self._reader.infos[log] = SessionInfo(branch=branch)
        info = self._reader.infos[log]
        info.model = node.model or info.model or self._conversation.model
        begin = len(self.drafts)
        for piece, content, ts, group in node.told:
            draft = draft_of(len(self.drafts), piece, content, group)
            draft.ts, draft.log = ts, log
            draft.marks |= Mark.ORPHAN if node.is_orphan else Mark.NONE
            info.saw(ts)
            self._entitle(draft, info)
            self.drafts.append(draft)
        fresh = self.drafts[begin:]
        is_hidden = all(draft.visibility is Visibility.HIDDEN for draft in fresh)
        self._tree.add(log, len(fresh), self._entry(node.id), is_hidden)

    def _entry(self, node: str) -> str:
        """The name of a node among all of the file; no conversation's key has a slash."""
        return f"{self._key}/{node}"

    def _entitle(self, draft: Draft, info: SessionInfo) -> None:
        """A branch, and what has no name, is called after the first thing said in it."""
        if draft.kind is not Kind.MESSAGE or not draft.text or draft.log in self._entitled:
            return
        if draft.role is Role.USER:
            self._entitled.add(draft.log)
        has_name = draft.log == self._key and self._conversation.title
        if not has_name and (draft.role is Role.USER or not info.title):
            info.title = one_line(draft.text, _TITLE_LENGTH)


class ExportFormat:
    """What the formats of such exports share; each has its service."""

    name: ClassVar[str]
    title: ClassVar[str]
    version = 1
    endings = (".zip",)

    def __init__(self, service: Service) -> None:
        self._service = service
        self._cache = RecordCache(self._contents)

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a conversation of the service, in a file or in an archive."""
        values = first_values(path, head)
        return 95 if any(self._service.is_conversation(value) for value in values) else 0

    def open(self, path: Path) -> BinaryIO:
        """The conversations of a file or an archive."""
        return open_export(path)

    def unpacks(self, path: Path) -> bool:
        """Whether it is an archive."""
        return path.suffix in (".zip", ".zst")

    def reader(self, path: Path) -> Reader:
        """A reader for an export."""
        return ExportReader(self._service)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a conversation; a damaged record's is its text."""
        contents = self._cache.of(raw) if part >= 0 else []
        if 0 <= part < len(contents):
            return contents[part]
        value = parse_record(raw)
        return Content((Data(value) if value is not None else Text(raw.decode(errors="replace")),))

    def _contents(self, raw: bytes) -> list[Content]:
        value = parse_record(raw)
        if not self._service.is_conversation(value):
            return []
        nodes = self._service.conversation(value).nodes
        return [told.content for node in nodes for told in node.told]

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere in particular: exports are downloaded."""
        return []
