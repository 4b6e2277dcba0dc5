"""What the bodies of rows are built from: one event, its content, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.ages import clock
from scrubber.core.events import Event, Kind, Visibility
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.pieces import Run

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont

    from scrubber.core.content import Content
    from scrubber.models.event_feed import EventFeed
    from scrubber.ui.transcript.folds import Folds
    from scrubber.ui.transcript.style import Style

_LOOK_BACK = 48
_LOOK_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """One event with all that its row depends on."""

    event: Event
    content: Content
    style: Style
    folded: bool
    limits: tuple[int, int]
    """Characters and lines to lay out."""
    previous: Event | None
    """The event that is shown above, None at the beginning."""
    speaker: str
    """Who speaks in the message of the event."""
    enlarged: bool = False
    """Whether pictures are shown as large as the column."""
    call: Event | None = None
    """The call that a result answers."""
    call_content: Content | None = None

    @property
    def opens_group(self) -> bool:
        """Whether no block of the same message stands right above."""
        above = self.previous
        same = above is not None and above.group_id == self.event.group_id is not None
        return not (same and above is not None and above.role is self.event.role)

    @property
    def follows_call(self) -> bool:
        """Whether the row above is the call that this result answers."""
        return (
            self.previous is not None
            and self.previous.kind is Kind.TOOL_CALL
            and self.event.call_id is not None
            and self.previous.call_id == self.event.call_id
        )

    @property
    def colour(self) -> QColor:
        """The event's colour."""
        return labels.colour(self.event, self.style.theme)

    def run(self, text: str, font: QFont | None = None, colour: QColor | None = None) -> Run:
        """Words; muted and small unless said otherwise."""
        return Run(text, font or self.style.small, colour or self.style.theme.muted)

    def time(self) -> tuple[Run, ...]:
        """The time of day, if the event has one."""
        text = clock(self.event.ts)
        return (self.run(text),) if text else ()


class Surroundings:
    """Looks at the events around one, as far as they are at hand."""

    def __init__(self, feed: EventFeed, folds: Folds) -> None:
        self._feed = feed
        self._folds = folds
        self.missing = False
        """Whether a neighbour had to be left out because it is not loaded yet."""
        self.show_hidden = False
        self.fitting: bytes | None = None

    def scene(self, event: Event, content: Content, style: Style) -> Scene:
        """The event with its neighbourhood."""
        self.missing = False
        call = self._call_of(event) if event.kind is Kind.TOOL_RESULT else None
        return Scene(
            event,
            content,
            style,
            self._folds.is_folded(event),
            self._folds.limits(event.index, max(event.size, len(content.text))),
            self._previous(event.index),
            self._speaker(event),
            self._folds.is_enlarged(event.index),
            call,
            self._feed.content_at(call.index) if call is not None else None,
        )

    def _at(self, index: int) -> Event | None:
        if not 0 <= index < len(self._feed):
            return None
        event = self._feed.event_at(index)
        self.missing |= event is None
        return event

    def _previous(self, index: int) -> Event | None:
        for other in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
            if self.fitting is not None and other < len(self.fitting) and not self.fitting[other]:
                continue
            event = self._at(other)
            if event is None or self.show_hidden or event.visibility is not Visibility.HIDDEN:
                return event
        return None

    def _speaker(self, event: Event) -> str:
        if event.kind is Kind.MESSAGE or event.group_id is None:
            return labels.who(event)
        if event.kind is Kind.REASONING and event.name:
            return event.name
        for other in range(event.index + 1, min(len(self._feed), event.index + 1 + _LOOK_AHEAD)):
            after = self._feed.event_at(other)
            if after is None or after.group_id != event.group_id:
                break
            if after.kind is Kind.MESSAGE:
                return labels.who(after)
        return "Assistant"

    def _call_of(self, result: Event) -> Event | None:
        if result.ref is not None:
            call = self._at(result.index - (result.seq - result.ref))
            if call is not None and call.kind is Kind.TOOL_CALL:
                return call
        for other in range(result.index - 1, max(-1, result.index - 1 - _LOOK_BACK), -1):
            event = self._at(other)
            if event is None:
                return None
            if event.kind is Kind.TOOL_CALL and event.call_id == result.call_id is not None:
                return event
        return None
