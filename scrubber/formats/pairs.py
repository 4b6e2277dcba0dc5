"""Writes two sessions that part somewhere as one preference pair, for fine-tuning by preference."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.messages import messages
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_closed_losses,
    metadata,
    sentences,
    to_json,
    tools_of,
)
from scrubber.formats.messages_writer import to_message, to_openai_tools
from scrubber.formats.quoting import quoted_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript

_LOST = (
    "open", "closed", "stray", "failed", "sealed", "rewound", "shown", "unsaid", "hidden", "agents",
    "times", "usage",
)  # fmt: skip


class PairsWriter:
    """``{"input": {"messages", "tools"}, "preferred_output", "non_preferred_output"}`` on a line.

    What both sessions begin with is the input; the session exported is the preferred one, that
    which it is compared with the other. Messages are in the shape of OpenAI's chat completions.
    """

    name = "pairs"
    title = "Preference pair (OpenAI)"
    suffix = ".jsonl"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message to or from the model, and the seals on reasoning."""
        return sentences(count_closed_losses(transcript), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """A BadArgumentError: a pair is of two sessions."""
        raise BadArgumentError(f"{self.name} compares two sessions: name the other one (--against)")

    def write_pair(self, better: Transcript, worse: Transcript) -> Iterator[bytes]:
        """The pair; a BadArgumentError, before anything is written, if it would be none."""
        shared = _shared(better, worse)
        _check(better, worse, shared)
        return self._write(better, worse, shared)

    def _write(self, better: Transcript, worse: Transcript, shared: int) -> Iterator[bytes]:
        provenance, other = Provenance(), Provenance()
        found = _messages(better, provenance)
        yield b'{"input":{"messages":['
        yield from array_items(message for _, message in zip(range(shared), found, strict=False))
        yield b"]"
        if tools := tools_of(better):
            yield b',"tools":' + to_json(to_openai_tools(tools))
        yield b'},"preferred_output":['
        yield from array_items(found)
        yield b'],"non_preferred_output":['
        yield from array_items(_messages(worse, other, shared))
        told = {
            "preferred": metadata(better, provenance),
            "non_preferred": metadata(worse, other),
            "shared_messages": shared,
        }
        yield b'],"metadata":' + to_json(told) + b"}\n"


def _messages(transcript: Transcript, provenance: Provenance, start: int = 0) -> Iterator[JSON]:
    for number, message in enumerate(messages(ClosedTranscript(transcript))):
        provenance.note(number, message)
        if number >= start:
            yield quoted_message(transcript, message) or to_message(message)


def _shared(better: Transcript, worse: Transcript) -> int:
    """How many messages both begin with."""
    pairs = zip_longest(_messages(better, Provenance()), _messages(worse, Provenance()))
    count = 0
    for first, second in pairs:
        if first is None or first != second:
            break
        count += 1
    return count


def _check(better: Transcript, worse: Transcript, shared: int) -> None:
    names = f"sessions {better.session.id} and {worse.session.id}"
    if not shared:
        raise BadArgumentError(f"{names} share no message: they are no two answers to one question")
    for one, other in ((better, worse), (worse, better)):
        ending: Any = next(_messages(one, Provenance(), shared), None)
        if ending is None:
            raise BadArgumentError(
                f"session {one.session.id} says nothing that {other.session.id} does not: "
                "a pair needs two endings"
            )
        if ending["role"] != "assistant":
            raise BadArgumentError(
                f"{names} part at a message of the {ending['role']}, #{shared + 1:,}: "
                "a pair needs two answers of the model"
            )


WRITER = PairsWriter()
