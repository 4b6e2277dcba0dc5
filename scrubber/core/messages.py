"""The messages of a session as the model sees them, built from its events.

The model sees messages, the timeline shows events: one assistant message is several events
(reasoning, text, calls), and what was rewound, hidden or only shown is no message at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Origin, Role
from scrubber.core.grouping import grouped
from scrubber.core.survey import Survey, survey_of
from scrubber.core.tally import speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Message:
    """One message to or from the model, with the events ``start``…``stop``-1 it spans.

    The spans of two messages overlap where the source has results of parallel calls between the
    parts of their message.
    """

    role: Role
    items: tuple[tuple[Event, Content], ...]

    @property
    def start(self) -> int:
        """Index of its first event."""
        return self.items[0][0].index

    @property
    def stop(self) -> int:
        """Index behind its last event."""
        return self.items[-1][0].index + 1

    @property
    def origins(self) -> frozenset[Origin]:
        """How its parts came to be, but for those that the source recorded."""
        return frozenset(event.origin for event, _ in self.items) - {Origin.RECORDED}


def messages(transcript: Transcript, honour_compaction: bool = False) -> Iterator[Message]:
    """The messages of a transcript in order, with a few of them in memory.

    Events of one group are one message, also if results of parallel calls stand between them: the
    results follow the whole message. Each tool result is a message of its own.
    ``honour_compaction`` leaves out what the last summary stands for, but no system prompt;
    without it, what a compaction repeats of the messages in front of it is left out.
    """
    for group in message_events(transcript, honour_compaction):
        items = tuple((event, transcript.content(event)) for event in group)
        yield Message(group[0].role, items)


def message_events(
    transcript: Transcript, honour_compaction: bool = False
) -> Iterator[list[Event]]:
    """The events of each message, as ``messages`` has them; their contents are not read."""
    return grouped(spoken_events(transcript, honour_compaction))


def spoken_events(transcript: Transcript, honour_compaction: bool = False) -> Iterator[Event]:
    """The events that the model sees, in the order of the timeline."""
    survey = survey_of(transcript)
    is_left_out = survey.is_summed_up if honour_compaction else is_repetition
    events = (
        event
        for event in survey.in_context(survey.kept(transcript.events()))
        if not is_left_out(event) and speaks(event)
    )
    if honour_compaction and survey.kept_from is not None:
        return _summary_first(transcript, survey, events)
    return events


def _summary_first(
    transcript: Transcript, survey: Survey, events: Iterator[Event]
) -> Iterator[Event]:
    """The events, with the last summary in front of those that a compaction kept behind it."""
    summary = list(survey.summary_of(transcript.events()))
    told = {event.index for event in summary}
    for event in events:
        if summary and event.index >= (survey.kept_from or 0):
            yield from summary
            summary = []
        if event.index not in told:
            yield event
    yield from summary


def is_repetition(event: Event) -> bool:
    """Whether a compaction keeps a message here that stands in front of it as well."""
    return event.kind is Kind.COMPACTION and bool(event.marks & Mark.DUPLICATE)
