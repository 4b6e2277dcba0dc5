"""A session as a whole, after harn: its snapshot, where it comes from, its skills, the one at work.

The store's tree is the only lineage. It has no circles: where a fork or a link would make one, the
parent stays who it was, as harn does where a session is linked to itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Event, Kind
from scrubber.formats.harn.transcript_events import event_of
from scrubber.sessions.forks import Forks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.sessions.view import View

_AT_WORK: ContextVar[tuple[str, ...]] = ContextVar("sessions_at_work", default=())

_PARTS = {Kind.REASONING: "private_reasoning", Kind.TOOL_CALL: "tool_intent"}
"""harn's words for parts of a message that are events of their own here."""


class Lineage(Forks):
    """What is known of a session as a whole."""

    def snapshot(self, id: str) -> dict[str, Any] | None:
        """harn's transcript dict with ``parent_id``, ``child_ids`` and ``branched_at_event_index``.

        None if there is no such session; no use of it. There is one event for each event of the
        store, so that an index means the same in both; ``summary``, ``metadata`` and ``state`` are
        absent where nothing is known.
        """
        if not self.lives.holds(id):
            return None
        view, facts = self._view(id), self.lives.facts(id)
        session = self.store.session(id)
        known = {k: v for k, v in (facts.facts or {}).items() if v is not None}
        if view.spans and view.spans[0][0].kind is Kind.COMPACTION:
            known["summary"] = view.said[0].get("content")
        return {
            "_type": "transcript",
            "version": 2,
            "id": id,
            "messages": self.messages(id),
            "events": list(_events(view)),
            "assets": known.pop("assets", []),
            **{key: known[key] for key in ("summary", "metadata", "state") if key in known},
            "parent_id": session.parent,
            "child_ids": [child.id for child in self.store.children(id)],
            "branched_at_event_index": facts.branched_at,
        }

    def ancestry(self, id: str) -> dict[str, Any] | None:
        """``{"parent_id", "child_ids", "root_id"}``, None if there is no such session.

        The root is the last session that can be reached, whether it is in memory or not.
        """
        if not self.lives.holds(id):
            return None
        children = [child.id for child in self.store.children(id)]
        line = self.lives.line(id)
        parent = line[1] if len(line) > 1 else None
        return {"parent_id": parent, "child_ids": children, "root_id": line[-1]}

    def link_child(self, parent: str, child: str) -> None:
        """Make a session another's child; both are opened. To itself: nothing is changed.

        A BadArgumentError if the parent comes from the child. A former parent lets go of it.
        """
        self.open(parent)
        self.open(child)
        if parent == child:
            return

        def work() -> None:
            at = self.store.session(parent).events
            if not self.lives.adopt(parent, child, "subagent", at):
                raise BadArgumentError(
                    f"session {parent} comes from {child}: it is no parent of it"
                )
            facts = self.lives.facts(child).facts or {}
            metadata = {**(facts.get("metadata") or {}), "parent_session_id": parent}
            self.lives.put(child, facts={**facts, "metadata": metadata})

        self._atomic(work)

    # Skills

    def active_skills(self, id: str) -> list[str]:
        """The names of the skills that are active in it. Forks begin without any."""
        return list(self.lives.facts(self._known("active_skills", id)).skills)

    def set_active_skills(self, id: str, names: Sequence[str]) -> None:
        """Say which skills are active."""
        self.lives.put(self._known("set_active_skills", id), skills=list(names))
        self.resident.touch(id)

    # The session at work

    @contextmanager
    def current_session(self, id: str) -> Iterator[str]:
        """Let a session be the current one within a block; blocks nest, in threads and in tasks."""
        token = _AT_WORK.set((*_AT_WORK.get(), self._known("current_session", id)))
        try:
            yield id
        finally:
            _AT_WORK.reset(token)

    @staticmethod
    def current_id() -> str | None:
        """The current session of the innermost block, None outside of all."""
        stack = _AT_WORK.get()
        return stack[-1] if stack else None


def _events(view: View) -> Iterator[dict[str, Any]]:
    """An event for each event; of a message, the last of its events tells all of it."""
    whole = {span[-1].index: number for number, span in enumerate(view.spans)}
    inside = {event.index for span in view.spans for event in span}
    for event in view.transcript.events():
        name = f"{event.log}:{event.seq}"
        if event.index in whole:
            yield event_of(view.said[whole[event.index]], name)
        else:
            yield _beside(event, name, event.index in inside)


def _beside(event: Event, name: str, is_part: bool) -> dict[str, Any]:
    kind = _PARTS.get(event.kind, "message_part") if is_part else event.kind.label
    if not is_part and event.kind in (Kind.MESSAGE, Kind.TOOL_RESULT):
        kind = "transcript_archive"  # said, and no longer among the messages
    return {
        "id": name,
        "kind": kind,
        "role": event.role.label,
        "visibility": "internal",
        "text": event.text,
        "blocks": [],
    }
