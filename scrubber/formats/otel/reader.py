"""Derives events from the spans of a file, in file order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Role, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.conversation_log import ConversationLog
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.otel.attributes import attributes_of
from scrubber.formats.otel.spans import OtelDialect, is_span, model_of, operation_of
from scrubber.formats.otel.threads import Thread, digest, is_counted
from scrubber.formats.tree_documents import TreeDocumentReader

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.formats.conversations import Piece
    from scrubber.formats.json_tree import Part, TreePath

ABOUT_REWIND = -2
"""Part number of the event that tells that a call no longer holds what was said before."""

LISTS = frozenset({"resourceSpans", "resource_spans", "batches"})
INNER = frozenset({"scopeSpans", "scope_spans", "instrumentationLibrarySpans"})
_IDS = (
    "copilot_chat.chat_session_id",
    "gen_ai.conversation.id",
    "session.id",
    "traceloop.association.properties.session_id",
)
_TITLE_LENGTH = 90


@dataclass
class _Group:
    """The conversations of one conversation id, or of one trace."""

    key: str
    name: str
    threads: list[Thread] = field(default_factory=list)


class OtelReader(TreeDocumentReader):
    """Reads one file: an object of spans, or one a line."""

    def __init__(self) -> None:
        super().__init__()
        self._dialect = OtelDialect()
        self._groups: dict[str, _Group] = {}
        self._traces: dict[str, _Group] = {}
        self._last: Thread | None = None
        self._facts: dict[str, JSON] = {}

    def opens(self, path: TreePath) -> bool:
        """The lists that lead to spans, and what is in them."""
        names = LISTS | INNER
        return path[-1] in (names | {"spans"}) or (len(path) > 2 and path[-2] in names)

    def accepts(self, value: JSON) -> bool:
        """Spans."""
        return is_span(value)

    def other(self, part: Part, draft: Draft) -> Draft:
        """Beside the span before it."""
        thread = self._current()
        draft.log = thread.key
        thread.length += 1
        return draft

    def derive(self, part: Part) -> list[Draft]:
        """The events of a span, or of a fact beside spans."""
        value = part.value
        if is_span(value):
            return self._span(value)
        if isinstance(value, dict) and isinstance(part.path[-1], str):
            return self._member(value)
        self.warnings.append((part.number, "not a span"))
        return [self.unknown(part)]

    def _member(self, value: dict[str, Any]) -> list[Draft]:
        """A resource or a scope is told again only if it is another one than before."""
        if all(self._facts.get(key, self) == item for key, item in value.items()):
            return []
        self._facts.update(value)
        pieces = self._dialect.pieces(value)
        return self._entered(self._current(), list(enumerate(pieces))) if pieces else []

    def _span(self, span: dict[str, Any]) -> list[Draft]:
        attributes = attributes_of(span.get("attributes"))
        group, pieces = self._group(span, attributes), self._dialect.pieces(span)
        operation, numbered = operation_of(attributes), list(enumerate(pieces))
        if operation == "chat":
            return self._call(group, attributes, numbered)
        thread = self._thread_of_tool(group, pieces[0].call_id)
        if operation == "tool" and pieces[0].call_id in thread.calls:
            spoken = (Kind.TOOL_CALL, Kind.TOOL_RESULT)
            numbered = [(n, piece) for n, piece in numbered if piece.kind not in spoken]
        elif operation == "tool":
            numbered = [*numbered[1:], numbered[0]]  # what is told about a call comes behind it
        if operation == "agent":
            thread.info.model = thread.info.model or model_of(attributes)
            if request := text_or_none(attributes.get("copilot_chat.user_request")):
                thread.info.title = one_line(request, _TITLE_LENGTH)
        return self._entered(thread, numbered)

    def _group(self, span: dict[str, Any], attributes: dict[str, JSON]) -> _Group:
        """By the id of a conversation; else that of its trace, which may have told one before."""
        trace = str(span.get("traceId"))
        found = (text_or_none(attributes.get(key)) for key in _IDS)
        name = next(filter(None, found), None)
        known = self._groups.get(name) if name else self._traces.get(trace)
        if known is None and name and (before := self._traces.get(trace)):
            known = before if before.name == trace else None
        if known is None:
            known = _Group(self._unused(name or trace) if self._groups else "", name or trace)
        if name:
            known.name = name
            self._groups[name] = known
            for thread in known.threads[:1]:
                thread.info.native_id = name
        self._groups.setdefault(known.name, known)
        self._traces.setdefault(trace, known)
        return known

    def _unused(self, key: str) -> str:
        """A key that no log has yet."""
        while key in self.infos:
            key += "+"
        return key

    def _current(self) -> Thread:
        if self._last is None:
            self._last = self._thread("", None)
        return self._last

    def _thread(self, key: str, name: str | None) -> Thread:
        if self._last is not None and self._last.key == key:
            return self._last
        info = self.infos.setdefault(key, SessionInfo())
        info.native_id = info.native_id or name
        return Thread(key, info, ConversationLog(key, info))

    def _main(self, group: _Group) -> Thread:
        if not group.threads:
            thread = self._thread(group.key, group.name)
            thread.info.native_id = group.name
            group.threads.append(thread)
        return group.threads[0]

    def _thread_of_tool(self, group: _Group, call: str | None) -> Thread:
        if call:
            for thread in group.threads:
                if call in thread.calls:
                    return thread
        return self._main(group)

    def _call(
        self, group: _Group, attributes: dict[str, JSON], numbered: list[tuple[int, Piece]]
    ) -> list[Draft]:
        said = [digest(piece) for _, piece in numbered if is_counted(piece)]
        thread, kept = self._continued(group, said, attributes)
        if said or not thread.info.model:
            thread.info.model = model_of(attributes) or thread.info.model
        thread.log.next_record()
        drafts = self._rewound(thread, kept, numbered[0][1]) if said else []
        fresh = self._fresh(thread, numbered, kept)
        return [*drafts, *self._entered(thread, fresh)]

    def _continued(
        self, group: _Group, said: list[bytes], attributes: dict[str, JSON]
    ) -> tuple[Thread, int]:
        """The conversation that a call goes on with, and how much of it they share."""
        main = self._main(group)
        if not said or not main.said:
            return main, 0
        kept, place = max((t.shared(said), -n) for n, t in enumerate(group.threads))
        if kept:
            return group.threads[-place], kept
        key = self._unused(f"{group.name}/{len(group.threads)}")
        title = text_or_none(attributes.get("gen_ai.agent.name")) or ""
        thread = self._thread(key, key)
        thread.info.relation, thread.info.agent = "subagent", key
        thread.info.parent_native_id = group.name
        start = max(main.length - 1, 0)
        main.info.spawns[key] = Spawn(start, None, title)
        group.threads.append(thread)
        return thread, 0

    def _rewound(self, thread: Thread, kept: int, head: Piece) -> list[Draft]:
        if kept >= len(thread.said):
            return []
        count = len(thread.said) - kept
        draft = Draft(
            Kind.REWIND,
            f"the call no longer holds the last {count} of what was said",
            Role.NONE,
            Visibility.UI_ONLY,
            ts=head.ts,
            ref=thread.drop(kept),
            log=thread.key,
            part=ABOUT_REWIND,
        )
        thread.length += 1
        return [draft]

    def _fresh(
        self, thread: Thread, numbered: list[tuple[int, Piece]], kept: int
    ) -> list[tuple[int, Piece]]:
        """What of a call was not shown yet."""
        fresh: list[tuple[int, Piece]] = []
        for number, piece in numbered:
            mark = digest(piece)
            is_new = True
            if is_counted(piece):
                kept, is_new = kept - 1, kept <= 0
                if is_new:
                    thread.said.append(mark)
                    thread.places.append(thread.length + len(fresh))
            elif piece.message >= 0 or piece.name == "tools":
                is_new = mark not in thread.told
                thread.told.add(mark)
            if is_new:
                fresh.append((number, piece))
        return fresh

    def _entered(self, thread: Thread, numbered: list[tuple[int, Piece]]) -> list[Draft]:
        self._last = thread
        thread.calls.update(p.call_id for _, p in numbered if p.message >= 0 and p.call_id)
        thread.length += len(numbered)
        return [thread.log.enter(number, piece) for number, piece in numbered]
