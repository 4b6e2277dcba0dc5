"""A sample as records, one a line; each is enough to tell its events, and nothing stands twice.

Records are objects with their kind in ``inspect``: ``sample``, ``message`` (shown where a model
first sees it), ``rewind``, ``tools``, ``event``, ``result`` (of a call whose result no model saw),
``thread`` and ``thread_end`` (a conversation of its own), ``end``. Without events, so that nothing
is lost: ``variant`` (the same message with other ids), ``call`` (a message of a request as it went
over the wire), ``attachment``. In a model event, ``$messages``, ``$message``, ``$calls`` and
``$tools`` stand for what other records hold, by their ``number``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.inspect_ai.attachments import Attachments
from scrubber.formats.inspect_ai.context import Conversation, Pool, Told, best_of, ranges
from scrubber.formats.inspect_ai.samples import Fields, Sample, expand
from scrubber.formats.inspect_ai.scopes import Scope, Scopes
from scrubber.formats.inspect_ai.shapes import (
    begins_scoring,
    emptied,
    referring,
    said_by,
    without_events,
)
from scrubber.formats.inspect_ai.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Record = dict[str, Any]

_AT_THE_END = frozenset(
    {
        "output", "scores", "store", "error", "error_retries", "limit", "model_usage",
        "role_usage", "model_fallbacks", "completed_at", "total_time", "working_time",
        "turn_count", "timelines", "invalidation", "token_limit_usage",
    }
)  # fmt: skip


class Unfolder:
    """Unfolds one sample; ``key`` is that of its main log."""

    def __init__(self, sample: Sample, key: str, facts: Fields, problems: list[str]) -> None:
        self._sample = sample
        self._facts = facts
        self._attachments = Attachments(sample, problems)
        self._main = Conversation(key, is_open=True)
        self._scopes = Scopes(self._main)
        self._pool, self._tools = Pool(), Pool()
        self._wire = Wire(sample.calls, self._attachments)
        self._places: dict[int, tuple[int, int]] = {}
        """For each message of the sample's pool that was met, its number and key."""
        self._talks = [self._main]
        self._shown: set[int] = set()
        self._finished: list[int] | None = None
        """The messages that the sample ended with, once they were told."""
        self._calls: dict[str, Conversation] = {}
        self._results: dict[str, Fields] = {}
        """Events of tools whose result no model has seen yet, by call."""

    def records(self) -> Iterator[Record]:
        """The records of the sample, in the order of its events."""
        fields: Fields = self._attachments.resolve(self._sample.fields)
        begin = {key: value for key, value in fields.items() if key not in _AT_THE_END}
        yield {"inspect": "sample", "log": self._main.log, "eval": self._facts, "sample": begin}
        yield from self._retries(fields.get("error_retries"))
        for event in self._sample.events:
            yield from self._event(self._attachments.resolve(event), self._scopes.root)
        yield from self._finish()
        yield from self._close([*self._talks[1:], self._main])
        for name, text in self._attachments.rest():
            yield {"inspect": "attachment", "log": self._main.log, "id": name, "text": text}
        end = {key: value for key, value in fields.items() if key in _AT_THE_END}
        end["messages"] = {"$messages": ranges(self._finished or ())}
        yield {"inspect": "end", "log": self._main.log, "sample": without_events(end)}

    # events

    def _event(self, event: JSON, outer: Scope) -> Iterator[Record]:
        if not isinstance(event, dict):
            yield {"inspect": "event", "log": outer.home.log, "event": event}
            return
        kind = event.get("event")
        scope = self._scopes.find(event.get("span_id"), outer)
        if begins_scoring(event) and scope is self._scopes.root:
            yield from self._finish()
        if kind == "span_begin":
            scope = self._scopes.begin(event, outer)
        elif kind == "model":
            yield from self._model(event, scope)
            return
        elif kind in ("tool", "subtask"):
            yield from self._nested(event, scope)
            event = emptied(event)
            self._note_tool(event)
        elif kind == "compaction":
            scope.home.is_compacted = True
        place = self._calls.get(str(event.get("id"))) if kind == "tool" else None
        if kind == "score" and scope.kind == "scorer" and scope.parent is not None:
            place = scope.parent.home
        log = (place or scope.home).log
        yield {"inspect": "event", "log": log, "event": event}
        if kind == "span_end" and (ended := self._scopes.end(event)) is not None:
            yield from self._close(ended.conversations)

    def _nested(self, event: Fields, scope: Scope) -> Iterator[Record]:
        """Events that older logs keep within the event of the tool they happened in."""
        inner = event.get("events")
        if not isinstance(inner, list) or not inner:
            return
        name = str(event.get("agent") or event.get("function") or event.get("name") or "tool")
        below = Scope("tool", name, scope)
        for one in inner:
            yield from self._event(one, below)
        if below.is_own:
            yield from self._close(below.conversations)

    def _note_tool(self, event: Fields) -> None:
        if event.get("event") == "tool" and isinstance(event.get("id"), str):
            self._results[event["id"]] = event

    def _model(self, event: Fields, scope: Scope) -> Iterator[Record]:
        talk, inputs, skipped, how = self._input(event, scope)
        if how:
            yield self._thread(talk, how, event, scope)
        yield from self._agree(talk, inputs, skipped, event.get("timestamp"))
        talk.note_input(event.get("input_refs"), inputs, skipped)
        yield from self._offer(talk, event.get("tools"))
        said = said_by(event)
        told = self._pool.enter(said) if said is not None else None
        told_event = event | {"input": {"$messages": talk.spans}}
        told_event.pop("input_refs", None)
        if told is not None:
            told_event["output"] = referring(event["output"], told.number)
        if event.get("tools"):
            told_event["tools"] = {"$tools": self._tools.enter({"tools": event["tools"]}).number}
        yield from self._wire.told(talk, told_event)
        yield {"inspect": "event", "log": talk.log, "event": told_event}
        if told is not None:
            yield self._tell(talk, told, event.get("completed") or event.get("timestamp"))

    def _input(self, event: Fields, scope: Scope) -> tuple[Conversation, list[Told], int, str]:
        """(conversation, messages, how many are left out in front of them, how it came to be)."""
        for talk in () if event.get("input") else scope.conversations:
            if (rest := talk.continued(event.get("input_refs"))) is not None:
                return talk, list(self._inputs_of([], rest)), talk.given, ""
        inputs = list(self._inputs_of(event.get("input"), event.get("input_refs")))
        talk, how = self._scopes.conversation(scope, inputs, self._next_log)
        return talk, inputs, 0, how

    def _inputs_of(self, given: JSON, refs: JSON) -> Iterator[Told]:
        for message in given if isinstance(given, list) else ():
            yield self._pool.enter(message)
        for position, message in expand(refs, self._sample.pool):
            if position not in self._places:
                self._places[position] = self._pool.enter(self._attachments.resolve(message))[:2]
            plain = message if isinstance(message, dict) else {}
            yield Told(*self._places[position], plain)

    # messages

    def _agree(
        self, talk: Conversation, inputs: list[Told], skipped: int, time: JSON
    ) -> Iterator[Record]:
        """Make the conversation what the model was given."""
        talk.is_compacted = False
        same = talk.shared([told.key for told in inputs], skipped)
        if (place := talk.cut(same)) is not None:
            yield {"inspect": "rewind", "log": talk.log, "to": place, "time": time}
        for at, told in enumerate(inputs, skipped):
            if at < same:
                yield from self._variant(talk, told)
            else:
                yield self._tell(talk, told, time)

    def _tell(self, talk: Conversation, told: Told, time: JSON) -> Record:
        talk.add(told.key)
        self._shown.add(told.key)
        self._pool.is_first(told)
        message = self._attachments.resolve(told.message)
        for call in message.get("tool_calls") or () if message.get("role") == "assistant" else ():
            if isinstance(call, dict) and isinstance(call.get("id"), str):
                self._calls[call["id"]] = talk
        if message.get("role") == "tool":
            event = self._results.pop(str(message.get("tool_call_id")), {})
            time = event.get("completed") or event.get("timestamp") or time
        record = {"inspect": "message", "log": talk.log, "number": told.number}
        return record | {"time": time, "message": message}

    def _variant(self, talk: Conversation, told: Told) -> Iterator[Record]:
        if self._pool.is_first(told):
            record = {"inspect": "variant", "log": talk.log, "number": told.number}
            yield record | {"message": self._attachments.resolve(told.message)}

    def _offer(self, talk: Conversation, tools: JSON) -> Iterator[Record]:
        if tools == talk.tools or (not tools and talk.tools is None):
            return
        talk.tools = tools
        told = self._tools.enter({"tools": tools})
        self._tools.is_first(told)
        record = {"inspect": "tools", "log": talk.log, "number": told.number}
        yield record | {"tools": tools}

    def _finish(self) -> Iterator[Record]:
        """What the conversation at the end holds beyond what the last model was given."""
        if self._finished is not None:
            return
        final = [self._pool.enter(self._attachments.resolve(m)) for m in self._sample.messages()]
        self._finished = [told.number for told in final]
        talk = best_of([self._main, *self._scopes.root.conversations[1:]], final)
        talk = self._main if talk is None else talk
        same = talk.shared([told.key for told in final])
        goes_on = same == len(talk.keys)
        for at, told in enumerate(final):
            if at >= same and goes_on:
                yield self._tell(talk, told, self._sample.fields.get("completed_at"))
            elif told.key in self._shown:
                yield from self._variant(talk, told)
            elif self._pool.is_first(told):
                record = {"inspect": "aside", "log": talk.log, "number": told.number}
                yield record | {"message": told.message}
        yield from self._unseen(self._main)

    # conversations

    @property
    def _next_log(self) -> str:
        return f"{self._main.log}/{len(self._talks)}"

    def _thread(self, talk: Conversation, how: str, event: Fields, scope: Scope) -> Record:
        self._talks.append(talk)
        talk.is_open = True
        parent = talk.parent or self._main
        title = self._scopes.name_of(event.get("span_id")) if how == "side" else scope.name
        record: Record = {"inspect": "thread", "log": talk.log, "how": how, "parent": parent.log}
        record |= {"title": title or scope.name or "model call", "model": event.get("model")}
        record |= {"time": event.get("timestamp")}
        return record | ({"at": talk.places[-1]} if how == "branch" else {})

    def _close(self, talks: list[Conversation]) -> Iterator[Record]:
        """End conversations; results that no model saw are told."""
        for talk in talks:
            yield from self._unseen(talk)
            is_open, talk.is_open = talk.is_open, False
            if is_open and talk is not self._main and not talk.base:
                record = {"inspect": "thread_end", "log": talk.log}
                yield record | {"parent": (talk.parent or self._main).log}

    def _unseen(self, talk: Conversation) -> Iterator[Record]:
        for call in [call for call in self._results if self._calls.get(call) is talk]:
            event = self._results.pop(call)
            if not event.get("pending"):
                yield {"inspect": "result", "log": talk.log, "event": event}

    def _retries(self, retries: JSON) -> Iterator[Record]:
        """Attempts that ended in an error, with what is kept of them."""
        for number, retry in enumerate(retries if isinstance(retries, list) else (), 1):
            events = retry.get("events") if isinstance(retry, dict) else None
            if not isinstance(events, list) or not events:
                continue
            talk = Conversation(self._next_log, parent=self._main)
            scope = Scope("retry", f"attempt {number}", self._scopes.root, [talk], is_own=True)
            yield self._thread(talk, "retry", {}, scope)
            for event in events:
                yield from self._event(event, scope)
            error = {key: value for key, value in retry.items() if key != "events"}
            yield {"inspect": "retry", "log": talk.log, "error": error}
            yield from self._close(self._talks[1:])
        self._scopes = Scopes(self._main)
        self._calls.clear()
        self._results.clear()
