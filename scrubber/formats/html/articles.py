"""One event as an article: who, what, when, how it came to be, and what it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.formats.html.bodies import body
from scrubber.formats.html.prose import escaped

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.notes import Note

_LABELS = {
    Kind.REASONING: "thinking",
    Kind.COMPACTION: "compaction",
    Kind.CONTEXT: "context",
    Kind.COMMAND: "command",
    Kind.SUBAGENT_START: "sub-agent starts",
    Kind.SUBAGENT_END: "sub-agent ends",
}
_WHO = {Role.USER: "you", Role.ASSISTANT: "model"}
_KINDS = {
    Kind.REASONING: "thinking",
    Kind.TOOL_CALL: "tool",
    Kind.TOOL_RESULT: "tool",
    Kind.SUBAGENT_START: "agent",
    Kind.SUBAGENT_END: "agent",
}
_FOLDED = (Kind.REASONING, Kind.CONTEXT, Kind.STATE)
_LONG = 600
_SHORT = 100


def article(event: Event, content: Content, name: str, is_gone: bool, goes_on: bool) -> str:
    """An event; ``name`` is its anchor, ``goes_on``: of the same message as the one in front."""
    kinds = ["event", lane(event), *(["error"] if event.is_error else [])]
    kinds += [*(["gone"] if is_gone else []), *(["on"] if goes_on else [])]
    inside, preview = body(event, content), _preview(event, content)
    is_folded = bool(inside) and _is_folded(event)
    if is_folded:
        preview = event.text
    elif preview:
        inside = ""
    head = (
        f'<header><a class="no" href="#{name}">#{event.index + 1}</a> {_label(event)}'
        f"{_chips(event, is_gone)}"
        + (f' <span class="preview">{escaped(preview)}</span>' if preview else "")
        + f"{_time(event)}</header>"
    )
    shown = f"<details><summary>{head}</summary>{inside}</details>" if is_folded else head + inside
    return f'<article id="{name}" class="{" ".join(kinds)}">{shown}</article>\n'


def written(note: Note) -> str:
    """What somebody wrote on the event in front of it: a sign, a word, the words."""
    sign = {"bookmark": "🔖 bookmark", "label": "⚑ label", "note": "✎ note"}[note.kind]
    text = f' <span class="t">{escaped(note.text)}</span>' if note.text else ""
    return f'<p class="written"><b>{sign}</b>{text}</p>\n'


def lane(event: Event) -> str:
    """The colour of an event, by the lanes of the timeline."""
    if event.kind in _KINDS:
        return _KINDS[event.kind]
    if event.kind in (Kind.MESSAGE, Kind.COMMAND) and event.role is Role.USER:
        return "you"
    if event.kind is Kind.MESSAGE and event.role is Role.ASSISTANT:
        return "model"
    return "other"


def _is_folded(event: Event) -> bool:
    """Whether an event stands behind a click: what nobody reads first."""
    is_prompt = event.role in (Role.SYSTEM, Role.DEVELOPER) and event.size > _LONG
    return event.kind in _FOLDED or is_prompt


def _preview(event: Event, content: Content) -> str:
    """A call's only argument, if it is short: it stands in the head of its event."""
    given = content.arguments
    if event.kind is not Kind.TOOL_CALL or not isinstance(given, dict) or len(given) != 1:
        return ""
    (text,) = given.values()
    return text if isinstance(text, str) and len(text) <= _SHORT and "\n" not in text else ""


def _label(event: Event) -> str:
    tool = f"<code>{escaped(event.name or 'tool')}</code>"
    if event.kind is Kind.TOOL_CALL:
        return f'<b class="who">calls {tool}</b>'
    if event.kind is Kind.TOOL_RESULT:
        return f'<b class="who">result of {tool}</b>'
    if event.kind is Kind.MESSAGE:
        return f'<b class="who">{_WHO.get(event.role, event.role.label)}</b>'
    label = _LABELS.get(event.kind, event.kind.label.replace("_", " "))
    who = _WHO.get(event.role, event.role.label) if event.role is not Role.NONE else ""
    who = "" if event.kind is Kind.REASONING else who
    return f'<b class="who">{label}</b>' + (f' <span class="role">{who}</span>' if who else "")


def _chips(event: Event, is_gone: bool) -> str:
    told = [("error", "✗ error")] if event.is_error else []
    if event.origin is not Origin.RECORDED:
        told.append(("origin", event.origin.label))
    if is_gone:
        told.append(("", "rewound"))
    if event.visibility is Visibility.UI_ONLY and event.kind is not Kind.ERROR:
        told.append(("", "not seen by the model"))
    for mark, word in ((Mark.ORPHAN, "answers no call"), (Mark.DAMAGED, "damaged")):
        if event.marks & mark:
            told.append(("", word))
    return "".join(f' <span class="chip {kind}">{word}</span>' for kind, word in told)


def _time(event: Event) -> str:
    if event.ts is None:
        return ""
    time = datetime.fromtimestamp(event.ts / 1000, UTC)
    return f' <time datetime="{time:%Y-%m-%dT%H:%M:%SZ}">{time:%H:%M:%S}</time>'
