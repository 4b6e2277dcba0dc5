"""Writes a session as harn's transcript dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.uuids import uuid7
from scrubber.formats.document_writing import (
    pretty,
    written_messages,
)
from scrubber.formats.exported import sentences
from scrubber.formats.harn.messages import message_of
from scrubber.formats.harn.transcript import FORMAT, MIRRORS, list_of
from scrubber.formats.harn.transcript_events import event_of
from scrubber.formats.originals import Originals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript

_LOST = (
    "open",
    "orphans",
    "sealed",
    "rewound",
    "shown",
    "unsaid",
    "tools",
    "agents",
    "times",
    "usage",
)
_LINEAGE = ("parent_id", "child_ids", "branched_at_event_index")


class HarnTranscriptWriter:
    """Messages, and the events made of them anew, as harn itself does at every change."""

    name = "harn-transcript"
    title = "harn transcript"
    suffix = ".json"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message, times and tokens, and seals."""
        return sentences(Originals(transcript, FORMAT).losses(), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The dict, in the layout of serde's pretty printer."""
        yield pretty(dict_of(transcript))


def transcript_dict(
    id: str, messages: Sequence[JSON], events: Sequence[JSON] = (), assets: Sequence[JSON] = ()
) -> dict[str, Any]:
    """A transcript without summary, metadata or state, which are absent and not null.

    ``events``: what is told beside the messages; the events of those are made here.
    """
    return {
        "_type": "transcript",
        "version": 2,
        "id": id,
        "messages": list(messages),
        "events": [event_of(_said(message), uuid7()) for message in messages] + list(events),
        "assets": list(assets),
    }


def _said(message: JSON) -> dict[str, Any]:
    return message if isinstance(message, dict) else {"content": message}


def dict_of(transcript: Transcript) -> dict[str, Any]:
    """The transcript of a session up to its cut; what was cut or edited has an id of its own."""
    own, id = Originals(transcript, FORMAT), transcript.session.id
    messages, before = list(written_messages(own, message_of)), own.document()
    others = list(_others(own))
    if not before:
        return transcript_dict(id, messages)
    told = list_of(before, "events")
    if messages == list_of(before, "messages") and others == [e for e in told if _is_other(e)]:
        return before
    made = transcript_dict(id, messages, others)
    after = {key: made.get(key, value) for key, value in before.items() if key != "assets"}
    after = {**made, **after, "assets": before.get("assets", [])}
    if _LINEAGE[0] in before:
        shared = sum(1 for event in made["events"] if not _is_other(event))
        after |= dict(zip(_LINEAGE, (before.get("id"), [], shared), strict=True))
    return after


def _others(own: Originals) -> Iterator[JSON]:
    """What harn told beside the messages in front of the cut."""
    for event in own.transcript.events():
        piece = own.piece(event)
        if piece is not None and piece.message < 0 and _is_other(piece.source):
            yield piece.source


def _is_other(event: JSON) -> bool:
    return isinstance(event, dict) and event.get("kind", MIRRORS[0]) not in MIRRORS


WRITER = HarnTranscriptWriter()
