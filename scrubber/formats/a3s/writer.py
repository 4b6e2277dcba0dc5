"""Writes a session as a file of a3s-code's file store. Its name is ``<id>.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.a3s import FORMAT
from scrubber.formats.a3s.shapes import cost_record, message_of, session_data, usage_of
from scrubber.formats.document_writing import (
    pretty,
    take_prompt,
    written_messages,
)
from scrubber.formats.documents import part_of
from scrubber.formats.exported import sentences
from scrubber.formats.originals import Originals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript

_LOST = (
    "open", "orphans", "sealed", "rewound", "shown", "unsaid", "addresses", "tools", "agents",
    "times",
)  # fmt: skip
_TOTALS = (
    "tasks, tokens and costs are those of the whole session, not of what is in front of the cut"
)


class A3sWriter:
    """Puts the messages into the object that the session came from, or into a new one."""

    name = "a3s"
    title = "a3s-code"
    suffix = ".json"

    def losses(self, transcript: Transcript) -> list[str]:
        """Whatever is no message, the times of messages; what is not as of the cut."""
        own = Originals(transcript, FORMAT)
        found = sentences(own.losses(), _LOST)
        is_cut = bool(own.document()) and transcript.index < transcript.session.events
        return [*found, *([_TOTALS] if is_cut else [])]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, in the layout of serde's pretty printer."""
        yield pretty(session_of(transcript))


def session_of(transcript: Transcript) -> dict[str, Any]:
    """The object of a session up to its cut.

    What was cut or edited has an id of its own, so that it takes no other's place.
    """
    own, id = Originals(transcript, FORMAT), transcript.session.id
    messages, before = list(written_messages(own, message_of)), own.document()
    if not before:
        return _new(transcript, messages, id)
    config = part_of(before, "config")
    if not own.has_prompt():
        config = {**config, "system_prompt": take_prompt(messages)}
    after = {**before, "config": config, "messages": messages}
    if after == before:
        return before
    usage = {**part_of(before, "context_usage"), "turns": len(messages)}
    return {**after, "id": id, "context_usage": usage}


def _new(transcript: Transcript, messages: list[JSON], id: str) -> dict[str, Any]:
    session = transcript.session
    prompt = take_prompt(messages)
    data = session_data(
        id,
        messages,
        created=session.created // 1000,
        name=session.title,
        workspace=session.cwd or "",
        system_prompt=prompt,
    )
    data["updated_at"] = session.updated // 1000
    if session.model:
        data["llm_config"] = {"provider": "", "model": session.model, "base_url": None}
    calls = [(event, event.usage) for event in transcript.events() if event.usage is not None]
    data["total_usage"] = usage_of([usage for _, usage in calls])
    data["total_cost"] = sum(usage.cost_micros or 0 for _, usage in calls) / 1_000_000
    data["cost_records"] = [
        cost_record(id, session.model or "", usage, event.ts or session.created)
        for event, usage in calls
    ]
    return data


WRITER = A3sWriter()
