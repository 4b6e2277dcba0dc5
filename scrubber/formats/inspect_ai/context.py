"""What the model saw: a model event repeats all of its input; here it is told what is new of it.

A conversation is a list of messages that grows from one model event to the next. Where an input
is no continuation (compaction, a trimmed history, another attempt), what it leaves is rewound and
what is new is told, so that the messages in front of a model event are always its recorded input.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrubber.core.content import JSON

Message = dict[str, Any]


class Told(NamedTuple):
    """A message of the pool of a sample."""

    number: int
    """Which of the sample's distinct messages it is."""
    key: int
    """The same for messages that are the same to a model, whatever ids and notes they carry."""
    message: Message


class Pool:
    """The distinct messages of a sample; only their digests are kept."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, tuple[int, int]] = {}
        self._keys: dict[bytes, int] = {}
        self._known: set[int] = set()

    def enter(self, message: JSON) -> Told:
        """The place of a message in the pool."""
        plain = message if isinstance(message, dict) else {"role": "unknown", "content": message}
        exact = _digest(plain)
        if exact not in self._numbers:
            key = self._keys.setdefault(_digest(_essence(plain)), len(self._keys))
            self._numbers[exact] = len(self._numbers), key
        return Told(*self._numbers[exact], plain)

    def is_first(self, told: Told) -> bool:
        """Whether this is the first record of the message; it counts as one from now on."""
        is_new = told.number not in self._known
        self._known.add(told.number)
        return is_new


def _digest(value: JSON) -> bytes:
    data = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    return blake2b(data, digest_size=16).digest()


def _essence(message: Message) -> JSON:
    """What of a message goes to a model."""
    calls = message.get("tool_calls")
    error = message.get("error") or message.get("tool_error")
    return [
        message.get("role"),
        _plain(message.get("content")),
        [_call(call) for call in calls] if isinstance(calls, list) else [],
        message.get("tool_call_id"),
        error.get("message") if isinstance(error, dict) else error,
    ]


def _plain(content: JSON) -> JSON:
    if not isinstance(content, list):
        return content or ""
    if len(content) == 1 and isinstance(content[0], dict) and content[0].get("type") == "text":
        return content[0].get("text") or ""
    return [
        {key: item for key, item in part.items() if item is not None and key != "internal"}
        if isinstance(part, dict)
        else part
        for part in content
    ]


def _call(call: JSON) -> JSON:
    if not isinstance(call, dict):
        return call
    return [call.get("id"), call.get("function"), call.get("arguments")]


@dataclass
class Conversation:
    """One thread of messages, and where they stand in its log."""

    log: str
    title: str = ""
    parent: Conversation | None = None
    base: int = 0
    """So many of its messages are those of the conversation that it branches off from."""
    keys: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """For each message, its number in its log."""
    told: int = 0
    """Messages told in this log so far."""
    tools: JSON = None
    opening: tuple[str, int] = ("", -1)
    """Of a side conversation: the model's role, and the system prompt."""
    is_open: bool = False
    is_compacted: bool = False
    """Whether the next input may have nothing in common with what was said."""

    refs: list[list[int]] = field(default_factory=list)
    """What of the sample's pool the last input was, where it was given so."""
    given: int = 0
    """How many messages that was."""
    spans: list[list[int]] = field(default_factory=list)
    """Their numbers."""

    def continued(self, refs: JSON) -> JSON:
        """What an input adds to the last one, as ranges of the pool; None if it is no such input.

        Inputs are compared by their ranges, since comparing message by message takes a time that
        grows with the square of their number.
        """
        last, is_fit = len(self.refs) - 1, is_ranges(refs) and len(refs) >= len(self.refs)
        if last < 0 or not is_fit or refs[:last] != self.refs[:last]:
            return None
        start, stop = self.refs[last]
        if refs[last][0] != start or refs[last][1] < stop:
            return None
        return [[stop, refs[last][1]], *refs[last + 1 :]]

    def note_input(self, refs: JSON, told: Sequence[Told], skipped: int) -> None:
        """Remember an input, ``told`` behind the first ``skipped`` messages of it."""
        self.refs = refs if is_ranges(refs) else []
        self.given = skipped + len(told)
        before = [list(span) for span in self.spans] if skipped else []
        self.spans = ranges((one.number for one in told), before)

    def shared(self, keys: Sequence[int], skipped: int = 0) -> int:
        """How many messages this and an input begin with in common; ``skipped`` surely are."""
        own = self.keys[skipped:]
        if own == keys[: len(own)]:
            return len(self.keys)
        pairs = zip(own, keys, strict=False)
        found = next((at for at, (mine, other) in enumerate(pairs) if mine != other), len(keys))
        return skipped + found

    def cut(self, length: int) -> int | None:
        """Forget all but the first messages; the place of the first that is gone."""
        if length >= len(self.keys):
            return None
        if length < self.given:
            self.refs = []
        place = self.places[length]
        del self.keys[length:], self.places[length:]
        return place

    def add(self, key: int) -> None:
        """Take note of a message that is told now."""
        self.keys.append(key)
        self.places.append(self.told)
        self.told += 1

    def branch(self, log: str, title: str, length: int) -> Conversation:
        """A conversation that begins with the first messages of this one."""
        origin: Conversation = self
        while origin.parent is not None and length <= origin.base:
            origin = origin.parent
        keys, places = self.keys[:length], self.places[:length]
        return Conversation(log, title, origin, length, keys, places, tools=self.tools)


def kin(conversation: Conversation, inputs: Sequence[Told]) -> int:
    """How many messages that are no system prompt a conversation and an input share."""
    known = set(conversation.keys)
    return sum(told.key in known and told.message.get("role") != "system" for told in inputs)


def best_of(conversations: Sequence[Conversation], inputs: Sequence[Told]) -> Conversation | None:
    """The conversation that an input continues; None if it has nothing to do with any."""
    keys = [told.key for told in inputs]
    found: tuple[Conversation | None, tuple[int, int]] = None, (0, 0)
    for one in conversations:
        score = one.shared(keys), kin(one, inputs)
        if score[1] and score[0] >= one.base and score > found[1]:
            found = one, score
    return found[0]


def is_ranges(value: JSON) -> bool:
    """Whether a value is a list of ranges ``[start, end)``."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
        for pair in value
    )


def ranges(numbers: Iterable[int], before: list[list[int]] | None = None) -> list[list[int]]:
    """Numbers as ranges ``[start, end)`` in their order, behind others."""
    found = before or []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1][1] += 1
        else:
            found.append([number, number + 1])
    return found
