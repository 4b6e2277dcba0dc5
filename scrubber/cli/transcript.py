"""A transcript as text to read: headings, calls on one line, results cut to their beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.cli import output
from scrubber.cli.tables import shorten, width_of
from scrubber.core.ages import clock, moment
from scrubber.core.content import Content, Data, Document, Image
from scrubber.core.describe import heading
from scrubber.core.events import Event, Kind, Mark, Role, Visibility
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.session import Session

_RESULT_LINES = 6
_WHO = {Role.USER: "you", Role.ASSISTANT: "model", Role.TOOL: "tool"}
_BLOCKS = (Kind.MESSAGE, Kind.COMPACTION, Kind.COMMAND, Kind.BRANCH_SUMMARY)


class TranscriptText:
    """Turns events into lines, one event after the other."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._group: object = object()
        self._hidden = 0

    def title(self, session: Session) -> Iterator[str]:
        """What session it is."""
        yield output.line(session.title) or "(no title)"
        facts = [session.id, session.format, session.model, moment(session.created), session.cwd]
        yield output.line(" · ".join(fact for fact in facts if fact))
        if session.note:
            yield output.line(f"note: {session.note}")

    def event(self, event: Event, content: Content) -> Iterator[str]:
        """The lines of one event; nothing for a hidden one, which is only counted."""
        if event.visibility is Visibility.HIDDEN:
            self._hidden += 1
            return
        if event.kind is Kind.TOOL_RESULT:
            yield from self._result(event, content)
            return
        if self._begins(event):
            yield ""
            yield self._rule(event)
        if event.kind is Kind.TOOL_CALL:
            yield self._call(event, content)
        elif event.kind is Kind.REASONING:
            yield self._reasoning(event, content)
        elif event.kind in _BLOCKS:
            yield from _body(event, content)
        else:
            yield self._cut(f"· {heading(event)}{_colon(output.line(event.text))}")

    def _begins(self, event: Event) -> bool:
        """Whether another message begins, or something that belongs to none."""
        group = event.group_id or (event.role if event.kind is not Kind.MESSAGE else event.index)
        begins = group != self._group
        self._group = group
        return begins and event.role is not Role.NONE

    def _rule(self, event: Event) -> str:
        who = _WHO.get(event.role, event.role.label)
        if event.kind in (Kind.COMPACTION, Kind.CONTEXT, Kind.COMMAND):
            who += f" · {event.kind.label}"
        right = f" #{event.index + 1:,}" + (f" · {clock(event.ts)}" if event.ts is not None else "")
        left = f"── {who} "
        return left + "─" * max(self._width - width_of(left) - len(right), 2) + right

    def _call(self, event: Event, content: Content) -> str:
        what = output.line(telling_argument(content.arguments)) or output.line(event.text)
        return self._cut(f"⚙ {output.line(event.name or 'tool')}  {what}")

    def _reasoning(self, event: Event, content: Content) -> str:
        size = f"{event.size:,} characters" if event.size else "sealed"
        return self._cut(f"▹ thinking ({size}){_colon(output.line(content.text))}")

    def _result(self, event: Event, content: Content) -> Iterator[str]:
        mark = "✗" if event.is_error else "✓"
        orphan = "  (answers no call)" if event.marks & Mark.ORPHAN else ""
        lines = [*content.text.splitlines(), *_others(content)]
        head = f"  {mark} {output.line(event.name or 'tool')} result  #{event.index + 1:,}{orphan}"
        yield self._cut(head)
        for line in lines[:_RESULT_LINES]:
            yield self._cut(f"  │ {line.expandtabs(4)}".rstrip())
        if (more := len(lines) - _RESULT_LINES) > 0:
            yield f"  │ … {more:,} more {'line' if more == 1 else 'lines'}"

    def playhead(self, at: int, of: int) -> Iterator[str]:
        """The line that shows where the cut is."""
        if self._hidden:
            yield ""
            yield f"({self._hidden:,} hidden events are not shown; `scrubber events` lists them)"
        text = f" playhead: {at:,} of {of:,} "
        left = "═" * max((self._width - len(text)) // 2, 2)
        yield ""
        yield left + text + "═" * max(self._width - len(left) - len(text), 2)

    def _cut(self, text: str) -> str:
        return shorten(text, self._width)


def _colon(text: str) -> str:
    return f": {text}" if text else ""


def _body(event: Event, content: Content) -> Iterator[str]:
    text = content.text or ("" if content.blocks else event.text)
    yield from text.expandtabs(4).splitlines()
    yield from _others(content)


def _others(content: Content) -> Iterator[str]:
    """What is not text, in words."""
    for block in content.blocks:
        if isinstance(block, Image):
            yield f"[image: {block.media_type or 'unknown type'}]"
        elif isinstance(block, Document):
            yield f"[document: {block.title or block.media_type}]"
        elif isinstance(block, Data):
            yield f"[data: {output.line(str(block.value))[:200]}]"
