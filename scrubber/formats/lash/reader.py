"""Derives events from the rows of a lash session: each branch of its tree is a session.

The log of a branch leaves that of its parent behind the last node that both share. Where the
session goes on is told by an event in the branch that has its leaf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Mark, Role, Usage, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.amounts import count_of
from scrubber.formats.base import parse_time
from scrubber.formats.branching import TreeLogs
from scrubber.formats.lash import rows
from scrubber.formats.lash.pieces import pieces_of
from scrubber.formats.object_lines import ObjectLinesReader
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.formats.jsonl import Line
    from scrubber.formats.object_lines import Object

_TITLE_LENGTH = 90
_SPOKEN = (Kind.MESSAGE, Kind.CONTEXT, Kind.COMPACTION)


class LashReader(ObjectLinesReader):
    """Reads the session of one database."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._tree = TreeLogs()
        self._logs: dict[str, str] = {}
        """The log of each node."""
        self._last: str | None = None
        self._titled: set[str] = set()
        self.infos[""] = SessionInfo(native_id=path.stem)

    def tell(self, record: Object) -> list[Draft]:
        """The events of a row."""
        row, table = record.get("row"), record.get("table")
        known: dict[str, Any] = row if isinstance(row, dict) else {}
        if table == rows.NODES and isinstance(known.get("node"), dict):
            return self._node(record, known["node"], str(known.get("node_id")))
        if table == rows.META:
            self._learn(known)
        elif table == rows.HEAD:
            self._learn_head(known)
        leaf = self._leaf(known) if table == rows.LEAF else None
        if leaf is not None:
            self._tree.last = self._logs[leaf]
        log = self._tree.last
        drafts = self._drafts(record, log)
        if table == rows.USAGE:
            drafts[0].usage = _usage(known)
        elif leaf is not None:
            drafts[0].ref = self._tree.find(leaf, log)
        return self._enter(drafts, log, None, is_hidden=True)

    def _line(self, line: Line) -> list[Draft]:
        drafts = super()._line(line)
        if drafts and drafts[0].marks & Mark.DAMAGED:
            self._enter(drafts, self._tree.last, None, is_hidden=True)
            drafts[0].log = self._tree.last
        return drafts

    # who it is

    def _learn(self, row: Object) -> None:
        info, relation = self.infos[""], row.get("relation_json")
        info.native_id = text_or_none(row.get("session_id")) or info.native_id
        if name := text_or_none(row.get("session_name")):
            info.title = name
            self._titled.add("")
        info.model, info.cwd = text_or_none(row.get("model")), text_or_none(row.get("cwd"))
        info.saw(parse_time(row.get("created_at")))
        if isinstance(relation, dict) and text_or_none(relation.get("parent_session_id")):
            info.parent_native_id = str(relation["parent_session_id"])
            info.relation = "fork"

    def _learn_head(self, row: Object) -> None:
        """A session that an agent of another was set to work in is that one's sub-agent."""
        info, state = self.infos[""], row.get("head_json")
        frames = state.get("agent_frames") if isinstance(state, dict) else None
        for frame in frames if isinstance(frames, list) else []:
            assigned = frame.get("assignment") if isinstance(frame, dict) else None
            if info.relation == "fork" and isinstance(assigned, dict) and assigned.get("subagent"):
                info.relation, info.agent = "subagent", info.native_id

    # the tree

    def _node(self, record: Object, node: Object, name: str) -> list[Draft]:
        parent = text_or_none(node.get("parent_node_id"))
        is_orphan = parent is not None and not self._tree.knows(parent)
        if is_orphan:
            self.warn(f"node {name}: its parent {parent} is not there")
        if self._tree.knows(name):
            self.warn(f"node {name} stands twice")
        log, branch = self._tree.place(name, parent)
        if branch is not None:
            main = self.infos[""]
            self.infos[log] = SessionInfo(branch=branch, cwd=main.cwd, model=main.model)
        drafts = self._drafts(record, log)
        for draft in drafts:
            draft.marks |= Mark.ORPHAN if is_orphan else Mark.NONE
            draft.ts = parse_time(node.get("timestamp"))
            draft.group_id = name if draft.role is Role.ASSISTANT else None
            self.infos[log].saw(draft.ts)
            if draft.kind is Kind.COMPACTION:
                draft.ref = -self._tree.before(log)  # a frame sees nothing of the one before
        self._entitle(drafts, log)
        self._logs.setdefault(name, log)
        self._last = name if any(draft.kind in _SPOKEN for draft in drafts) else self._last
        return self._enter(drafts, log, name)

    def _entitle(self, drafts: list[Draft], log: str) -> None:
        """A branch is called after what is said first in it, by its user if there is one."""
        for draft in drafts:
            if draft.kind is not Kind.MESSAGE or not draft.text or log in self._titled:
                continue
            is_users = draft.role is Role.USER
            if is_users or not self.infos[log].title:
                self.infos[log].title = one_line(draft.text, _TITLE_LENGTH)
            if is_users:
                self._titled.add(log)

    def _leaf(self, row: Object) -> str | None:
        """The node that the session goes on from; a lost one is healed as lash does."""
        leaf = text_or_none(row.get("node_id"))
        if leaf is None or self._tree.knows(leaf):
            return leaf
        self.warn(f"the leaf {leaf} is not there: the session goes on from {self._last}")
        return self._last

    # events

    def _drafts(self, record: Object, log: str) -> list[Draft]:
        pieces = pieces_of(record)
        drafts = [draft_of(part, p, p.block) for part, p in enumerate(pieces)]
        for draft in drafts:
            draft.log = log
        return drafts

    def _enter(
        self, drafts: list[Draft], log: str, node: str | None, is_hidden: bool = False
    ) -> list[Draft]:
        self._tree.add(log, len(drafts), node, is_hidden)
        return drafts


def _usage(row: Object) -> Usage:
    return Usage(
        count_of(row, "input_tokens"),
        count_of(row, "cache_read_input_tokens"),
        count_of(row, "cache_write_input_tokens"),
        count_of(row, "output_tokens"),
        count_of(row, "reasoning_output_tokens"),
    )
