"""What a session has of a format's own files, for writing it as such a file again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark, Role
from scrubber.core.tally import speaks
from scrubber.formats.conversations import ConversationFormat, Piece, parse_record
from scrubber.formats.exported import count_losses, traits_of

if TYPE_CHECKING:
    from collections import Counter

    from scrubber.core.transcript import Transcript
    from scrubber.formats.documents import Object


class Originals:
    """Looks up what the events of a session were read from; for one writing.

    A record may be a whole session of many megabytes: its pieces are kept while events of it come.
    """

    def __init__(self, transcript: Transcript, format: ConversationFormat) -> None:
        self.transcript = transcript
        self._format = format
        self._place: tuple[int, int] | None = None
        self._pieces: list[Piece] = []
        self._messages: dict[int, list[Piece]] = {}

    def piece(self, event: Event) -> Piece | None:
        """What an event was read from, if that was a file of the format."""
        if event.part < 0 or self.transcript.format_of(event) != self._format.name:
            return None
        self._turn_to(event)
        return self._pieces[event.part] if event.part < len(self._pieces) else None

    def message(self, event: Event, number: int) -> list[Piece]:
        """All pieces of a message of the record that an event of the format was read from."""
        self._turn_to(event)
        return self._messages.get(number, [])

    def _turn_to(self, event: Event) -> None:
        place = (event.source, event.record)
        if place == self._place:
            return
        self._place, self._messages = place, {}
        self._pieces = self._format.pieces(self.transcript.raw(event))
        for piece in self._pieces:
            self._messages.setdefault(piece.message, []).append(piece)

    def document(self) -> Object:
        """The object that the session came from, empty if it came from elsewhere."""
        for event in self.transcript.events():
            if event.part >= 0 and self.transcript.format_of(event) == self._format.name:
                value = parse_record(self.transcript.raw(event))
                return value if isinstance(value, dict) else {}
        return {}

    def has_prompt(self) -> bool:
        """Whether the object's system prompt is still that of the session: it may be edited."""
        return any(
            event.kind is Kind.MESSAGE and event.role is Role.SYSTEM
            for event in self.transcript.events()
            if (piece := self.piece(event)) is not None and piece.message < 0
        )

    def losses(self) -> Counter[str]:
        """``exported.count_losses`` without what the object says beside the messages.

        ``addresses``: pictures of which there is no more than an address.
        """
        count = count_losses(self.transcript)
        for event in self.transcript.events():
            if not speaks(event) and self.piece(event) is not None:
                count.subtract(traits_of(event))
            elif speaks(event) and event.marks & Mark.IMAGE:
                pictures = self.transcript.content(event).images
                count["addresses"] += sum(not picture.data for picture in pictures)
        return count
