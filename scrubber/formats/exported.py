"""What the writers of message files share: what is told of the session, and what is lost."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import JSON, Data
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.core.survey import survey_of
from scrubber.core.tally import speaks
from scrubber.formats.closing import ClosedTranscript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scrubber.core.content import Content
    from scrubber.core.messages import Message
    from scrubber.core.notes import Note
    from scrubber.core.transcript import Transcript

_AGENTS = {Kind.SUBAGENT_START, Kind.SUBAGENT_END}
_LOSSES = {
    "shown": "{event|events} that the model never saw (notices, API errors, …) {is|are} left out",
    "unsaid": "{piece|pieces} of context that {is|are} no message {is|are} left out",
    "hidden": "{hidden record|hidden records} (snapshots, progress, titles, …) {is|are} left out",
    "rewound": "{event|events} that the conversation was rewound past {is|are} left out",
    "agents": "{note|notes} of sub-agents {is|are} left out; they have sessions of their own",
    "reasoning": "{piece|pieces} of reasoning {is|are} left out",
    "calls": "{tool call|tool calls} {is|are} left out",
    "sealed": "{signature|signatures} of reasoning {is|are} left out, no provider takes {it|them}",
    "failed": "{result is a failure|results are failures}, which the format cannot mark",
    "open": "{call has|calls have} no result: providers reject the conversation as it is",
    "closed": "{call was|calls were} never answered: {it is|they are} answered as interrupted",
    "orphans": "{result answers|results answer} no call of the conversation",
    "stray": "{result that answers|results that answer} no call {is|are} left out",
    "system": "{system message|system messages} {is|are} left out",
    "later_system": "{system message|system messages} of later on {is|are} moved to the front",
    "tools": "the definitions of the tools are left out",
    "images": "{picture|pictures} {is|are} named, not shown",
    "addresses": "{picture that is|pictures that are} elsewhere {is|are} named, not shown",
    "times": "the times of {event|events} are left out",
    "usage": "the tokens of {model call|model calls} are left out",
    "added": "{event|events} made by hand or on a branch cannot be told from recorded ones",
}
"""In ``{one|many}``, the first with its number in front; a later ``{one|many}`` without."""

_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


def count_losses(transcript: Transcript) -> Counter[str]:
    """How often there is what some formats cannot hold, by the words of ``sentences``."""
    survey, count = survey_of(transcript), Counter[str]()
    calls, answered = set[str](), set[str]()
    for event in transcript.events():
        if survey.is_dropped(event.index):
            count["rewound"] += 1
            continue
        count.update(traits_of(event))
        if event.kind is Kind.TOOL_CALL and event.call_id:
            calls.add(event.call_id)
        elif event.kind is Kind.TOOL_RESULT and speaks(event):
            count["orphans"] += event.call_id not in calls
            answered.add(event.call_id or "")
    count["open"] = len(calls - answered)
    count["later_system"] = max(count["system"] - 1, 0)
    return count


def count_closed_losses(transcript: Transcript) -> Counter[str]:
    """The same for a format that must have a result for each call, and a call for each result."""
    closed = ClosedTranscript(transcript)
    count = count_losses(closed)
    count["closed"], count["stray"] = closed.closed, closed.stray
    count["added"] -= closed.closed
    count["failed"] -= closed.closed
    return count


def traits_of(event: Event) -> Iterator[str]:
    """What an event is that some format cannot hold."""
    if event.kind in _AGENTS:
        yield "agents"
    elif event.visibility is Visibility.HIDDEN:
        yield "hidden"
    elif event.visibility is Visibility.UI_ONLY:
        if event.kind is not Kind.REWIND:
            yield "shown"
    elif is_tools(event):
        yield "tools"
    elif not speaks(event):
        yield "unsaid"
    elif event.role in (Role.SYSTEM, Role.DEVELOPER):
        yield "system"
    if event.kind is Kind.REASONING:
        yield "reasoning"
    for trait, mark in (("sealed", Mark.SEALED), ("images", Mark.IMAGE)):
        if event.marks & mark:
            yield trait
    if event.kind is Kind.TOOL_CALL and speaks(event):
        yield "calls"
    if event.kind is Kind.TOOL_RESULT and event.is_error:
        yield "failed"
    for trait, there in (("times", event.ts), ("usage", event.usage)):
        if there is not None:
            yield trait
    if event.origin is not Origin.RECORDED:
        yield "added"


def sentences(count: Counter[str], traits: Iterable[str]) -> list[str]:
    """What is lost of these traits, in plain words."""
    return [_sentence(_LOSSES[trait], count[trait]) for trait in traits if count[trait]]


def _sentence(words: str, number: int) -> str:
    chosen = _CHOICE.sub(
        lambda found: f"{number:,} {found[1 if number == 1 else 2]}", words, count=1
    )
    return _CHOICE.sub(lambda found: str(found[1 if number == 1 else 2]), chosen)


def is_tools(event: Event) -> bool:
    """Whether an event holds the definitions of the tools that the model was offered."""
    return event.kind is Kind.CONTEXT and event.role is Role.NONE and event.name == "tools"


def tools_of(transcript: Transcript) -> JSON:
    """The definitions of the tools, as they were last given; None if nothing tells them."""
    last = tools_event(transcript)
    if last is None:
        return None
    return next((b.value for b in transcript.content(last).blocks if isinstance(b, Data)), None)


def tools_event(transcript: Transcript) -> Event | None:
    """The event that tells the definitions of the tools, the last one."""
    survey, last = survey_of(transcript), None
    for event in survey.kept(transcript.events()):
        last = event if is_tools(event) else last
    return last


class Provenance:
    """Which messages of an export are not as recorded, and how they came to be."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def note(self, number: int, message: Message) -> None:
        """Take note of the message that is written with this number."""
        for origin in sorted(message.origins):
            entry = {"message": number, "origin": origin.label}
            if entry not in self.entries[-4:]:
                self.entries.append(entry)


def metadata(transcript: Transcript, provenance: Provenance) -> dict[str, Any]:
    """Where an export comes from, for a reader of the file."""
    session = transcript.session
    found = {
        "session": session.id,
        "title": session.title,
        "parent": session.parent,
        "forked_at": session.forked_at,
        "index": transcript.index,
        "format": session.format,
        "source": session.source,
        "provenance": provenance.entries,
    }
    told = {
        "note": session.note,
        "labels": list(session.labels),
        "hypothesis": session.hypothesis,
        "verdict": session.verdict,
        "verdict_reason": session.reason,
        "notes": [
            {"index": note.index, "kind": note.kind, "text": note.text}
            for note in notes_of(transcript)
        ],
    }
    written = {key: value for key, value in told.items() if value}
    return {key: value for key, value in found.items() if value is not None} | written


def notes_of(transcript: Transcript) -> list[Note]:
    """What was written on the events of a transcript that comes out of a store; else nothing."""
    notes: Callable[[], list[Note]] = getattr(transcript, "notes", list)
    return notes()


def readable(found: Iterable[Message]) -> Iterator[Message]:
    """The messages without those that are only a summary which its provider sealed."""
    for message in found:
        if not all(_is_sealed_summary(event, content) for event, content in message.items):
            yield message


def _is_sealed_summary(event: Event, content: Content) -> bool:
    is_summary = event.kind in (Kind.COMPACTION, Kind.CONTEXT)
    return is_summary and bool(content.signature) and not content.blocks


def to_json(value: JSON) -> bytes:
    """Compact JSON."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def array_items(items: Iterable[JSON]) -> Iterator[bytes]:
    """The items of an array with the commas between them, one at a time."""
    for number, item in enumerate(items):
        yield (b"," if number else b"") + to_json(item)
