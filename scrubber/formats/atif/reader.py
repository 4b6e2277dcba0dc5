"""Derives events from the parts of an ATIF file: its steps, and the facts beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Role, Visibility
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.atif.family import find_relation
from scrubber.formats.atif.pieces import (
    AtifDialect,
    compacts,
    is_step,
    reference_key,
    reference_title,
    references_of,
)
from scrubber.formats.atif.usage import totals_of, usage_of
from scrubber.formats.base import parse_time
from scrubber.formats.conversation_log import ConversationLog
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.tree_documents import TreeDocumentReader

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.json_tree import Part, TreePath

ABOUT_COPIES = -2
"""Part number of the event that tells that the steps from here on were copied."""

KNOWN_VERSIONS = tuple(f"ATIF-v1.{minor}" for minor in range(9))
_BELOW = "subagent_trajectories"


@dataclass
class _Document:
    """One trajectory of the file while it is read."""

    key: str
    info: SessionInfo
    log: ConversationLog
    length: int = 0
    step: int = 0
    is_copied: bool = False
    is_replaced: bool = False
    """Whether the last step said that what follows stands for all that was before."""
    counts_tokens: bool = False
    run: str | None = None
    below: list[_Document] = field(default_factory=list)


class AtifReader(TreeDocumentReader):
    """Reads one trajectory file: the trajectory, and those embedded in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._dialect = AtifDialect()
        self._documents: dict[TreePath, _Document] = {}

    def opens(self, path: TreePath) -> bool:
        """Steps, and embedded trajectories with theirs."""
        return path[-1] in ("steps", _BELOW) or (len(path) > 2 and path[-2] == _BELOW)

    def accepts(self, value: JSON) -> bool:
        """Steps."""
        return is_step(value)

    def other(self, part: Part, draft: Draft) -> Draft:
        """In the log of its trajectory."""
        return self._entered(self._document(part.path), [draft])[0]

    def derive(self, part: Part) -> list[Draft]:
        """The events of a step, or of a member of a trajectory."""
        document, value = self._document(part.path), part.value
        if is_step(value):
            return self._step(document, value, part)
        if isinstance(value, dict) and isinstance(part.path[-1], str):
            return self._member(document, value, part)
        self.warnings.append((part.number, "not a step"))
        return [self.unknown(part)]

    def finish(self) -> None:
        """Tell embedded trajectories who started them, and files whose part they are."""
        for document in self._documents.values():
            info = document.info
            info.native_id = info.native_id or document.run
            for below in document.below:
                below.info.parent_native_id = info.native_id
        if "" in self.infos:
            find_relation(self._path, self.infos[""])

    def _document(self, path: TreePath) -> _Document:
        """The trajectory that a path is in."""
        ends = [n + 2 for n, key in enumerate(path[:-1]) if key == _BELOW]
        place = path[: ends[-1]] if ends else path[:1] or (0,)
        if place not in self._documents:
            self._documents[place] = self._new(place, path)
        return self._documents[place]

    def _new(self, place: TreePath, path: TreePath) -> _Document:
        if len(place) == 1:
            key, info = str(place[0] or ""), SessionInfo()
        else:
            key = "side-" + "-".join(str(n) for n in place if isinstance(n, int))
            info = SessionInfo(relation="subagent", agent=key)
        self.infos[key] = info
        document = _Document(key, info, ConversationLog(key, info))
        if len(place) > 1:
            self._document(place[:-2]).below.append(document)
        return document

    def _step(self, document: _Document, step: dict[str, Any], part: Part) -> list[Draft]:
        document.log.next_record()
        self._check_number(document, step, part.number)
        ts = parse_time(step.get("timestamp"))
        document.info.saw(ts)
        document.info.model = text_or_none(step.get("model_name")) or document.info.model
        pieces = self._dialect.pieces(step)
        drafts = [document.log.enter(number, piece) for number, piece in enumerate(pieces)]
        usage = usage_of(step.get("metrics"))
        drafts[0].usage, document.counts_tokens = usage, document.counts_tokens or usage is not None
        if document.is_replaced and step["source"] == "user":
            for draft in drafts[:1]:
                draft.kind = Kind.COMPACTION
        document.is_replaced = compacts(step)
        if self._begins_copies(document, step):
            drafts.insert(0, _copies())
        for draft in drafts:
            draft.ts = ts
        self._note_agents(document, step, drafts)
        return self._entered(document, drafts)

    def _check_number(self, document: _Document, step: dict[str, Any], line: int) -> None:
        number = step.get("step_id")
        if number != document.step + 1:
            self.warnings.append((line, f"step {number} follows step {document.step}"))
        document.step = number if isinstance(number, int) else document.step + 1

    def _begins_copies(self, document: _Document, step: dict[str, Any]) -> bool:
        was, document.is_copied = document.is_copied, step.get("is_copied_context") is True
        return document.is_copied and not was

    def _note_agents(self, document: _Document, step: dict[str, Any], drafts: list[Draft]) -> None:
        """Remember at which event each sub-agent was started, and at which it was done."""
        calls = {
            draft.call_id: document.length + number
            for number, draft in enumerate(drafts)
            if draft.kind is Kind.TOOL_CALL
        }
        titles = {reference_key(r): reference_title(r) for r in references_of(step)}
        for number, draft in enumerate(drafts):
            if draft.kind is not Kind.SUBAGENT_END or draft.name is None:
                continue
            start = draft.ref = calls.get(draft.call_id)
            here = document.length + number
            title = titles.get(draft.name, "")
            title = "" if title == draft.name else title
            spawn = Spawn(here if start is None else start, here, title)
            document.info.spawns[draft.name] = spawn

    def _member(self, document: _Document, value: dict[str, Any], part: Part) -> list[Draft]:
        for key, item in value.items():
            self._fact(document, key, item, part.number)
        pieces = self._dialect.pieces(value)
        drafts = [document.log.enter(number, piece) for number, piece in enumerate(pieces)]
        if "final_metrics" in value and drafts and not document.counts_tokens:
            drafts[0].usage = totals_of(value["final_metrics"])
        return self._entered(document, drafts)

    def _fact(self, document: _Document, key: str, item: JSON, line: int) -> None:
        info = document.info
        if key == "schema_version" and item not in KNOWN_VERSIONS:
            self.warnings.append((line, f"version {item!r} is read as {KNOWN_VERSIONS[-1]}"))
        elif key == "session_id":
            document.run = text_or_none(item)
        elif key == "trajectory_id":
            info.native_id = text_or_none(item)
            if info.relation == "subagent":
                info.agent = info.native_id or info.agent
        elif key == "agent" and isinstance(item, dict):
            info.model = info.model or text_or_none(item.get("model_name"))
            extra = item.get("extra")
            info.cwd = text_or_none(extra.get("cwd")) if isinstance(extra, dict) else None
            if info.relation == "subagent" and not info.title:
                info.title = text_or_none(item.get("name")) or ""

    def _entered(self, document: _Document, drafts: list[Draft]) -> list[Draft]:
        for draft in drafts:
            draft.log = document.key
        document.length += len(drafts)
        return drafts


def _copies() -> Draft:
    return Draft(
        Kind.LINK,
        "the steps from here on were copied from the trajectory before",
        Role.NONE,
        Visibility.UI_ONLY,
        part=ABOUT_COPIES,
    )
