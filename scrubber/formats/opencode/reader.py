"""Derives events from sessions of OpenCode: an exported one, or those of its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Role, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.opencode.parts import child_of, state_of
from scrubber.formats.opencode.records import (
    ABOUT_REVERT,
    Record,
    Told,
    is_message,
    moment,
    told_of,
)
from scrubber.formats.pieces import draft_of
from scrubber.formats.tree_documents import TreeDocumentReader

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.formats.json_tree import Part, TreePath


class OpenCodeReader(TreeDocumentReader):
    """Reads ``{"info": session, "messages": [{"info", "parts"}]}``, one or several."""

    def __init__(self) -> None:
        super().__init__()
        self._session = ""
        self._lengths: dict[str, int] = {}
        self._starts: dict[str, dict[str, int]] = {}
        """For each session, where its messages and their parts begin."""
        self._reverts: dict[str, JSON] = {}

    def opens(self, path: TreePath) -> bool:
        """The messages are taken apart, so that each is a record."""
        return path[1:] == ("messages",)

    def accepts(self, value: JSON) -> bool:
        """A message."""
        return is_message(value)

    def _drafts(self, part: Part) -> list[Draft]:
        if part.value is None and part.problem is None and part.raw.lstrip().startswith(b"}"):
            return self._reverted(self._session, self._reverts.pop(self._session, None))
        return super()._drafts(part)

    def derive(self, part: Part) -> list[Draft]:
        """The events of a message, or of a member of the object."""
        value = part.value
        if is_message(value):
            return self._message(value)
        info = value.get("info") if isinstance(value, dict) else None
        if isinstance(info, dict) and len(part.path) == 2:
            self._about(info)
            return []
        revert = value.get("reverted") if isinstance(value, dict) else None
        if isinstance(revert, dict):
            return self._reverted(str(revert.get("sessionID")), revert)
        return [self.unknown(part)]

    def other(self, part: Part, draft: Draft) -> Draft:
        """What could not be read is of the session at hand."""
        self._info(self._session)
        return self._place(self._session, [draft])[0]

    # sessions

    def _info(self, session: str) -> SessionInfo:
        if session not in self.infos:
            self.infos[session] = SessionInfo(native_id=session or None)
        return self.infos[session]

    def _about(self, given: Record) -> None:
        """What a session is, in front of its messages."""
        self._session = str(given.get("id") or "")
        info = self._info(self._session)
        info.title = one_line(str(given.get("title") or ""), 200)
        info.cwd = given["directory"] if isinstance(given.get("directory"), str) else None
        for key in ("created", "updated"):
            info.saw(moment(given.get("time"), key))
        parent = given.get("parentID")
        if isinstance(parent, str) and parent:
            info.relation, info.parent_native_id = "subagent", parent
            info.agent = self._session
        origin = _dict(_dict(given.get("metadata")).get("forkedFrom"))
        if origin.get("format") == "opencode" and isinstance(origin.get("sessionID"), str):
            info.relation, info.parent_native_id = "fork", origin["sessionID"]
        if isinstance(given.get("revert"), dict):
            self._reverts[self._session] = given["revert"]

    def _message(self, record: Record) -> list[Draft]:
        given = record["info"]
        session = str(given.get("sessionID") or self._session)
        info = self._info(session)
        told = told_of(record)
        self._note_model(info, given)
        start, starts = self._lengths.get(session, 0), self._starts.setdefault(session, {})
        starts.setdefault(str(given.get("id")), start)
        drafts = [self._draft(number, one, given, session) for number, one in enumerate(told)]
        if not info.title:
            asked = (d.text for d in drafts if d.kind is Kind.MESSAGE and d.role is Role.USER)
            info.title = one_line(next(asked, ""), 90)
        for number, one in enumerate(told):
            part = one.piece.block
            if isinstance(part, dict) and isinstance(part.get("id"), str):
                starts.setdefault(part["id"], start + number)
            if one.piece.kind is Kind.TOOL_CALL and (child := child_of(part)) is not None:
                title = _dict(state_of(part).get("input")).get("description")
                stop = start + number + 1 if len(told) > number + 1 else None
                info.spawns[child] = Spawn(start + number, stop, str(title or ""))
        return self._place(session, drafts)

    def _draft(self, number: int, told: Told, given: Record, session: str) -> Draft:
        draft = draft_of(number, told.piece, told.content, usage=told.usage)
        if told.piece.visibility is Visibility.IN_CONTEXT and told.piece.role:
            draft.group_id = f"{given.get('id')}:{told.step}"
        if told.piece.kind is Kind.TOOL_RESULT:
            draft.group_id = None
        draft.ts, draft.log = told.ts, session
        self._info(session).saw(told.ts)
        return draft

    def _note_model(self, info: SessionInfo, given: Record) -> None:
        model = given.get("modelID") or _dict(given.get("model")).get("modelID")
        if isinstance(model, str) and model:
            info.model = model

    def _place(self, session: str, drafts: list[Draft]) -> list[Draft]:
        self._lengths[session] = self._lengths.get(session, 0) + len(drafts)
        for draft in drafts:
            draft.log = session
        return drafts

    def _reverted(self, session: str, revert: JSON) -> list[Draft]:
        """The event that tells what a session was reverted to, if it is."""
        if not isinstance(revert, dict):
            return []
        self._info(session)
        place = revert.get("partID") or revert.get("messageID")
        starts = self._starts.get(session, {})
        draft = Draft(
            Kind.REWIND,
            "reverted: what is behind this point is dropped by the next prompt",
            visibility=Visibility.UI_ONLY,
            ref=starts.get(place) if isinstance(place, str) else None,
            part=ABOUT_REVERT,
        )
        return self._place(session, [draft])


def _dict(value: Any) -> Record:
    return value if isinstance(value, dict) else {}
