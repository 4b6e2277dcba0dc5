"""A made-up format in which each line names its parent, for tests of trees in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from scrubber.core.content import Content, text_content
from scrubber.core.events import Draft, Kind, Role, Usage
from scrubber.core.session import SessionInfo
from scrubber.formats.base import Reading
from scrubber.formats.branching import TreeLogs
from scrubber.formats.jsonl import LineReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def draft_of(entry: dict[str, Any]) -> Draft:
    """What an entry says: a message, a call, or a result."""
    call = entry.get("call")
    kind = Kind.parse(entry["kind"])
    role = Role.TOOL if kind is Kind.TOOL_RESULT else Role.ASSISTANT
    usage = Usage(1, 2, 3, entry["tokens"])
    group = entry.get("group")
    return Draft(kind, entry["id"], role, ts=5, call_id=call, group_id=group, usage=usage)


class TreeReader:
    """Reads such a file."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._tree = TreeLogs()
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        for line in self._lines.read(stream):
            entry = line.value
            log, branch = self._tree.place(entry["id"], entry["parent"])
            if log not in self.infos:
                self.infos[log] = SessionInfo(title=f"from {entry['id']}", branch=branch)
            draft = draft_of(entry)
            draft.log = log
            self._tree.add(log, 1, entry["id"])
            yield Reading(line.raw, [draft])


class Tree:
    """The format."""

    name = "tree"
    title = "Tree"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        return 100 if head.startswith(b'{"id":') and b'"parent":' in head else 0

    def reader(self, path: Path) -> TreeReader:
        return TreeReader()

    def content(self, raw: bytes, part: int) -> Content:
        return text_content(orjson.loads(raw)["id"])

    def places(self) -> list[Any]:
        return []
