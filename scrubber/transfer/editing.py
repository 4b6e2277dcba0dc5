"""Forks in which one event says something else: the rest is shared, the original stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from scrubber.core.content import JSON, Content, Text, text_content
from scrubber.core.describe import describe
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Draft, Event, Kind, Mark, Origin, Role, one_line
from scrubber.core.telling import telling_argument
from scrubber.formats import own
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from scrubber.store import Store

EDITABLE = frozenset(
    {Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.CONTEXT, Kind.COMMAND, Kind.COMPACTION}
)
"""Reasoning is not among them: it is the provider's, and sealed as a rule."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an event shall say instead; None leaves it as it is."""

    text: str | None = None
    arguments: JSON = None
    """Of a call: an object, or the text where it is none."""
    is_error: bool | None = None
    """Of a result."""


def fork_edited(
    store: Store, session: str, index: int, edit: Edit, keep_following: bool, title: str, note: str
) -> str:
    """A fork whose event ``index`` is edited, with or without what follows; gives its id.

    To be called in a transaction. A BadArgumentError for an index that is not there, an event that
    cannot be edited, or an edit that changes nothing.
    """
    event = _event(store, session, index)
    draft, content = edited(event, _content(store, session, event), edit)
    child, _ = store.fork(
        session, index, title=title or f"edited: {describe(event, 60)}", note=note
    )
    store.append(child.id, [(own.encode(draft, content), draft)])
    return _finish(store, child.id, session, index + 1, keep_following)


def fork_with_system(
    store: Store, session: str, text: str, keep_following: bool, title: str, note: str
) -> str:
    """A fork with another system prompt, or with one where there was none; gives its id."""
    if not text.strip():
        raise BadArgumentError("a system prompt must not be empty")
    first = next((e for e in store.events(session, 0, 200) if e.role is Role.SYSTEM), None)
    if first is not None and first.kind in EDITABLE:
        named = title or "another system prompt"
        return fork_edited(store, session, first.index, Edit(text), keep_following, named, note)
    draft = Draft(Kind.MESSAGE, one_line(text), Role.SYSTEM, origin=Origin.TYPED, size=len(text))
    child, _ = store.fork(session, 0, title=title or "with a system prompt", note=note)
    store.append(child.id, [(own.encode(draft, text_content(text)), draft)])
    return _finish(store, child.id, session, 0, keep_following)


def _finish(store: Store, child: str, session: str, rest: int, keep_following: bool) -> str:
    if keep_following:
        store.share(child, session, rest, store.session(session).events)
    source = {"session": store.session(session).id, "at": rest}
    store.set_branch_settings(child, {**store.branch_settings(session), "source": source})
    return child


def edited(event: Event, content: Content, edit: Edit) -> tuple[Draft, Content]:
    """The event that stands in another's place."""
    if event.kind not in EDITABLE:
        raise BadArgumentError(
            f"event #{event.index + 1} is a {event.kind.label}: it cannot be edited"
        )
    is_call = event.kind is Kind.TOOL_CALL
    if is_call and edit.text is not None:
        raise BadArgumentError(f"event #{event.index + 1} is a call: edit its arguments")
    if not is_call and edit.arguments is not None:
        raise BadArgumentError(f"event #{event.index + 1} is no call: it has no arguments to edit")
    changed = _changed(content, edit)
    marks = _marks(event, edit)
    if changed == content and marks == event.marks & Mark.ERROR:
        raise BadArgumentError(f"event #{event.index + 1} would say just what it says")
    text = telling_argument(changed.arguments) if is_call else changed.text
    size = len(orjson.dumps(changed.arguments)) if is_call else len(changed.text)
    draft = Draft(
        event.kind,
        one_line(text),
        event.role,
        event.visibility,
        Origin.EDITED,
        marks | (event.marks & Mark.IMAGE),
        event.ts,
        event.name,
        event.call_id,
        event.group_id,
        size=size,
    )
    return draft, changed


def _changed(content: Content, edit: Edit) -> Content:
    if edit.arguments is not None:
        return replace(content, arguments=edit.arguments)
    if edit.text is None:
        return content
    # One text in the place of all of them; pictures and files stay where they are.
    others = tuple(block for block in content.blocks if not isinstance(block, Text))
    return Content((*text_content(edit.text).blocks, *others) if edit.text else others)


def _marks(event: Event, edit: Edit) -> Mark:
    if edit.is_error is None:
        return event.marks & Mark.ERROR
    if event.kind is not Kind.TOOL_RESULT:
        raise BadArgumentError(f"event #{event.index + 1} is no result: it cannot fail")
    return Mark.ERROR if edit.is_error else Mark.NONE


def _event(store: Store, session: str, index: int) -> Event:
    found = store.session(session)
    if not 0 <= index < found.events:
        raise BadArgumentError(f"session {found.id}: there is no event #{index + 1}")
    return store.events(session, index, index + 1)[0]


def _content(store: Store, session: str, event: Event) -> Content:
    found = store.session(session)
    return StoredTranscript(store, found, found.events).content(event)
