"""What a session used: tokens, cache, cost and time, by answer, turn, model and tool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scrubber.api.kept import Kept
from scrubber.core.events import Kind
from scrubber.core.usage.recorded_model import model_of
from scrubber.core.usage.walk import UsageWalk
from scrubber.live import prices
from scrubber.transfer.kept import KeptWalk

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.core.usage.account import Account
    from scrubber.transfer.kept import KeptTranscript


@dataclass(frozen=True, slots=True)
class Used:
    """What a session used in front of an index, and in all."""

    session: str
    index: int
    upto: Account
    whole: Account


class Usages(Kept):
    """Recorded usage. Costs are as recorded, or by the prices of genai-prices; never guessed."""

    def usage(self, session: str, at: int | None = None) -> Used:
        """The account in front of an index (None: the end), and that of the whole session."""
        found, transcript = self._look(session, None)
        slices = self.store.slices(found.id)
        whole = self._accounts.look(transcript, slices, lambda walk: walk.account)
        index = found.events if at is None else min(at, found.events)
        return Used(found.id, index, whole.up_to(index), whole)

    @cached_property
    def _accounts(self) -> KeptWalk[_SessionWalk]:
        return KeptWalk(_SessionWalk)


class _SessionWalk:
    """The account of one session, made further as it grows."""

    def __init__(self, session: Session) -> None:
        self.seen = 0
        self._transcript: KeptTranscript | None = None
        self._walk = UsageWalk(session.model, self._model_of, prices.recorded_cost)

    @property
    def account(self) -> Account:
        return self._walk.account

    def see(self, transcript: KeptTranscript) -> None:
        """Look at the events that were not seen yet."""
        self._transcript = transcript
        for event in transcript.events_from(self.seen):
            self._walk.see(event)
        self.seen = max(self.seen, transcript.index)

    def _model_of(self, event: Event) -> str | None:
        assert self._transcript is not None
        if event.kind is Kind.MODEL_CALL and event.name:
            return event.name
        return model_of(event, self._transcript.raw(event))
