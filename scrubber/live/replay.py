"""The provider that replays: it gives what the source's model said next, as long as it fits.

Nothing is sent and nothing is copied: the branch shares the events of the source. A reply fits if
everything that the model was told before it is what it had been told when it was recorded.
"""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Origin, Role, one_line
from scrubber.core.grouping import LOOK_AHEAD
from scrubber.core.messages import Message, messages
from scrubber.core.tally import SPOKEN, speaks
from scrubber.formats.closing import ClosedTranscript
from scrubber.live.errors import RecordingEndedError, UnmatchedError
from scrubber.live.parts import Repeated, Replied, Stop
from scrubber.live.provider import Forecast
from scrubber.live.sources import Recording, recording_of
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from scrubber.core.content import Content
    from scrubber.live.parts import Part
    from scrubber.live.provider import Request
    from scrubber.store import Store

_STEP = 64


class Replay:
    """Replays one branch's source."""

    name = "replay"
    origin = Origin.RECORDED
    plays_user = True

    def __init__(self, store: Store, answers: Callable[[Event], bool]) -> None:
        """``answers``: whether a recorded result is to be taken along, where it stands."""
        self._store = store
        self._answers = answers

    def body(self, request: Request) -> bytes:
        """Nothing is sent."""
        return b""

    def objections(self, request: Request) -> list[str]:
        """Only that there may be nothing to replay."""
        if recording_of(self._store, request.session) is None:
            return ["this session is no fork: there is no recording to replay"]
        return []

    def takes_pictures(self, request: Request) -> bool | None:
        """Yes."""
        return True

    def forecast(self, request: Request, body: bytes) -> Forecast:
        """Free of charge."""
        return Forecast(0, is_estimate=False)

    def is_mid_reply(self, session: str) -> bool:
        """Whether the branch ends within a message of the model that the source goes on with."""
        recording = recording_of(self._store, session)
        if recording is None:
            return False
        length = self._store.session(session).events
        last = next(filter(speaks, self._backwards(session, length)), None)
        following = next(filter(speaks, self._from(recording)), None)
        if last is None or following is None or following.group_id is None:
            return False
        return following.role is Role.ASSISTANT and following.group_id == last.group_id

    async def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        """The stretches of the source up to the end of its next reply."""
        recording = recording_of(self._store, request.session)
        if recording is None:
            raise UnmatchedError("this session is no fork: there is no recording to replay")
        self._compare(request, recording, self._answered_upto(recording))
        bounds = self._bounds(recording)
        first, last = bounds or (self._length(recording), self._length(recording))
        for start, stop in list(self._stretches(recording, first, last)):
            yield Repeated(recording.session, start, stop)
        if bounds is None:
            raise RecordingEndedError("the recording is at its end")
        yield Replied(Stop.END)

    # Whether it fits

    def _answered_upto(self, recording: Recording) -> int:
        """Index behind the recorded results of the calls that are open where the branch stands.

        The branch has answered them, if not with these results.
        """
        store, session, at = self._store, recording.session, recording.at
        waiting = {call.call_id for call in store.open_calls(session, at)}
        stop = at
        for event in takewhile(lambda e: e.role is not Role.ASSISTANT, self._from(recording)):
            if _is_result(event) and event.call_id in waiting:
                stop = event.index + 1
        return stop

    def _compare(self, request: Request, recording: Recording, stop: int) -> None:
        slices = self._store.slices(request.session)
        if slices == self._store.slices(recording.session).between(0, stop):
            return
        session = self._store.session(recording.session)
        source = ClosedTranscript(StoredTranscript(self._store, session, stop))
        recorded = messages(source, honour_compaction=True)
        for number, said in enumerate(request.messages):
            expected = next(recorded, None)
            if expected is None:
                raise UnmatchedError(
                    f"{_place(number, said)}, {_words(said)}, is not in the recording"
                )
            if _substance(expected) != _substance(said):
                raise UnmatchedError(
                    f"{_place(number, said)} is {_words(said)}; "
                    f"the recorded reply was to {_words(expected)}"
                )
        if (missing := next(recorded, None)) is not None:
            where = _place(len(request.messages), missing)
            raise UnmatchedError(f"{where} of the recording, {_words(missing)}, is missing")

    # What comes next

    def _bounds(self, recording: Recording) -> tuple[int, int] | None:
        """Index of the next reply's first part, and the one behind its last; None: there is none.

        As everywhere, parts of one message may stand behind results of parallel calls.
        """
        spoken = filter(speaks, self._from(recording))
        opening = next((event for event in spoken if event.role is Role.ASSISTANT), None)
        if opening is None:
            return None
        last = opening.index + 1
        for event in islice(spoken, LOOK_AHEAD if opening.group_id is not None else 0):
            if event.group_id == opening.group_id and not _is_result(event):
                last = event.index + 1
        return opening.index, last

    def _stretches(self, recording: Recording, first: int, last: int) -> Iterator[tuple[int, int]]:
        """All that stands there up to ``last``, but for results that the branch has of its own."""
        elsewhere = {
            call.call_id for call in self._store.open_calls(recording.session, recording.at)
        }
        begun = recording.at
        for event in islice(self._from(recording), last - recording.at):
            if not _is_result(event):
                continue
            if event.call_id in elsewhere or (event.index > first and not self._answers(event)):
                if begun < event.index:
                    yield begun, event.index
                begun = event.index + 1
        if begun < last:
            yield begun, last

    def _from(self, recording: Recording) -> Iterator[Event]:
        """The events of the recording that come next."""
        length = self._length(recording)
        for at in range(recording.at, length, _STEP):
            yield from self._store.events(recording.session, at, min(at + _STEP, length))

    def _backwards(self, session: str, stop: int) -> Iterator[Event]:
        return self._store.events_backwards(session, stop, tuple(SPOKEN))

    def _length(self, recording: Recording) -> int:
        return self._store.session(recording.session).events


def _is_result(event: Event) -> bool:
    return event.kind is Kind.TOOL_RESULT and speaks(event)


def _substance(message: Message) -> tuple[object, ...]:
    """What a message says, whoever put it there; ids and seals count, times do not."""
    return message.role, tuple(_said(event, content) for event, content in message.items)


def _said(event: Event, content: Content) -> tuple[object, ...]:
    return (
        event.kind,
        event.name if event.kind is Kind.TOOL_CALL else None,
        event.call_id,
        event.is_error,
        content.blocks,
        content.arguments,
        content.signature,
    )


def _place(number: int, message: Message) -> str:
    event = message.items[0][0]
    is_result = event.kind is Kind.TOOL_RESULT
    return f"message {number + 1} ({f'result of {event.name}' if is_result else event.role.label})"


def _words(message: Message) -> str:
    text = " ".join(event.text for event, _ in message.items if event.text)
    return f"“{one_line(text, 70)}”" if text else "empty"
