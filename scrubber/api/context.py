"""What the model saw at an index: blocks and budget, what changed, the request itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from scrubber.api.kept import Kept
from scrubber.api.seeing import Seer
from scrubber.core.context.blocks import estimate
from scrubber.core.context.budget import budget_of
from scrubber.core.context.delta import delta
from scrubber.core.context.estimates import rate_of
from scrubber.core.context.seen import Seen, Told
from scrubber.core.context.window import told_window
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind, Role
from scrubber.core.running import Params
from scrubber.core.tally import speaks
from scrubber.formats.whole_requests import WHOLE_REQUESTS
from scrubber.live import context as requests
from scrubber.live import prices
from scrubber.live.taped_tools import defined_tools, definitions_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from scrubber.api.seeing import State
    from scrubber.core.context.calls import Call
    from scrubber.core.context.delta import Change
    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.transfer.kept import KeptTranscript

SHAPES = ("openai", "anthropic")
"""The APIs in whose shape a request can be given."""

_REMEMBERED = 4
"""Contexts: of the playhead and of the index before it, and where one comes from."""


class Contexts(Kept):
    """The context in front of an index, rebuilt as a request on a branch would be."""

    def context(self, session: str, at: int | None = None) -> Seen:
        """What the model gets in front of an index (None: the end), in blocks, with its tokens.

        Rebuilt from the events with compactions, edits of the context, rewinds and hidden events
        honoured; what the source does not record is said to be so. The contents are not read.
        """
        found, transcript = self._look(session, at)
        index = transcript.relevant(_matters)
        slices = self.store.slices(found.id).between(0, index)
        shorter = self._kept.transcript(found, index)
        seen = self._seen.get((found.id, slices), found, shorter)
        return replace(seen, index=transcript.index)

    def context_changes(self, session: str, before: int, after: int) -> tuple[Change, ...]:
        """What changed of the context from one index to another."""
        return delta(self.context(session, before).blocks, self.context(session, after).blocks)

    def context_body(self, session: str, at: int | None = None, shape: str = "openai") -> bytes:
        """The request as JSON in the shape of an API, as a branch would send it: with the recorded
        model and tools, and without what was not recorded. ``shape``: one of SHAPES.
        """
        from scrubber.live.wire.anthropic import ClaudeTraits, anthropic_body
        from scrubber.live.wire.openai import ChatTraits, openai_body

        if shape not in SHAPES:
            raise BadArgumentError(f"{shape!r} is no shape: use one of {', '.join(SHAPES)}")
        found, transcript = self._look(session, at)
        params, tools = Params(model=found.model or ""), definitions_in(transcript)
        request = requests.build(transcript, params, tools).request
        if shape == "anthropic":
            return anthropic_body(request, ClaudeTraits())
        return openai_body(request, ChatTraits())

    @cached_property
    def _seen(self) -> _Remembered:
        return _Remembered()


class _Remembered:
    """The contexts that were rebuilt last; used by any number of threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[Hashable, Seen] = OrderedDict()
        self._seer: tuple[object, Seer] = None, Seer(1)

    def get(self, key: Hashable, session: Session, transcript: KeptTranscript) -> Seen:
        """The context under a key, or a new one."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            if self._seer[0] is not transcript.kept:
                self._seer = transcript.kept, Seer(rate_of(session.model))
            made = self._found[key] = _seen(session, transcript, self._seer[1].look(transcript))
            while len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
            return made


def _seen(session: Session, transcript: KeptTranscript, state: State) -> Seen:
    survey, calls, offered = state.survey, state.told.found, state.tools
    first = calls[0].upto if calls else 0
    budget, blocks = budget_of(
        state.blocks,
        estimate(offered, state.rate) if offered is not None else 0,
        calls,
        sum(tokens for index, tokens in state.opening if index < first),
        max(survey.summary, survey.stops[-1] if survey.stops else 0),
        _window(session, transcript, calls),
    )
    is_system = any(block.event.role in _SYSTEM for block in blocks)
    return Seen(
        session.id,
        transcript.index,
        session.model,
        state.messages,
        blocks,
        budget,
        _told(is_system, session),
        _told(offered is not None, session),
        _names(transcript, offered),
        offered.index if offered is not None else None,
        state.boundaries,
        state.summed_up,
        sum(map(int.__sub__, survey.stops, survey.starts)),
        sum(block.is_made_up for block in blocks),
        state.closing.stray,
    )


def _window(session: Session, transcript: KeptTranscript, calls: Sequence[Call]) -> int | None:
    """What fits: as the source tells it, else as a table of models has it."""
    if calls:
        told = told_window(transcript.content(next(transcript.events_from(calls[-1].index))))
        if told is not None:
            return told
    return prices.recorded_window(session.model)


_TELLING = (Kind.REWIND, Kind.CONTEXT_EDIT, Kind.COMPACTION, Kind.CONTEXT)


def _matters(event: Event) -> bool:
    """Whether the context behind an event may be another than in front of it."""
    is_told = event.kind in _TELLING or event.usage is not None
    return is_told or speaks(event)


_SYSTEM = (Role.SYSTEM, Role.DEVELOPER)


def _told(is_there: bool, session: Session) -> Told:
    if is_there:
        return Told.RECORDED
    return Told.NONE if session.format in WHOLE_REQUESTS else Told.NOT_RECORDED


def _names(transcript: KeptTranscript, offered: Event | None) -> tuple[str, ...]:
    """The names of the tools that an event defines."""
    if offered is None:
        return ()
    values = (getattr(block, "value", None) for block in transcript.content(offered).blocks)
    return tuple(tool.name for value in values for tool in defined_tools(value))
