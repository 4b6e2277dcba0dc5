"""Writes a session as one ATIF trajectory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Event, Kind
from scrubber.core.tally import is_spoken
from scrubber.formats.atif.steps import BOUNDARY, Turn, to_step, turns
from scrubber.formats.atif.usage import Bill, to_metrics
from scrubber.formats.exported import (
    Provenance,
    array_items,
    count_losses,
    metadata,
    sentences,
    to_json,
    tools_of,
)
from scrubber.formats.messages_writer import to_openai_tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript
    from scrubber.formats.conversations import ConversationFormat

_LOST = ("sealed", "rewound", "shown", "unsaid", "hidden", "agents", "images")
_NOTHING = {"source": "system", "message": ""}


class AtifWriter:
    """One leaf path as one trajectory; where it comes from stands in ``extra``.

    A step that stands in the session just as a trajectory had it is written as it was. The
    version is 1.7, or 1.8 if there is audio: the oldest that holds what there is, so that older
    programs read it, too.
    """

    name = "atif"
    title = "Harbor trajectory (ATIF)"
    suffix = ".json"

    def __init__(self, own: ConversationFormat) -> None:
        self._own = own

    def losses(self, transcript: Transcript) -> list[str]:
        """What was no message, seals, and pictures that have no address."""
        return sentences(count_losses(transcript), _LOST)

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The document, step by step."""
        provenance, bill = Provenance(), Bill(transcript)
        yield b'{"schema_version":' + to_json(self._version(transcript))
        for key in ("session_id", "trajectory_id"):
            yield f',"{key}":'.encode() + to_json(transcript.session.id)
        yield b',"agent":' + to_json(self._agent(transcript)) + b',"steps":['
        yield from array_items(self._steps(transcript, provenance, bill))
        yield b'],"final_metrics":' + to_json(bill.final())
        yield b',"extra":' + to_json({"scrubber": metadata(transcript, provenance)}) + b"}\n"

    def _version(self, transcript: Transcript) -> str:
        records = (e for e in transcript.events() if e.part == 0 and self._is_own(transcript, e))
        has_audio = any(b'"audio"' in transcript.raw(event) for event in records)
        return "ATIF-v1.8" if has_audio else "ATIF-v1.7"

    def _agent(self, transcript: Transcript) -> dict[str, Any]:
        agent: dict[str, Any] = {"name": transcript.session.format, "version": "unknown"}
        if transcript.session.model:
            agent["model_name"] = transcript.session.model
        for event in transcript.events():
            if event.kind is Kind.SESSION_START and self._is_own(transcript, event):
                agent |= transcript.content(event).detail or {}
                break
        agent.pop("tool_definitions", None)
        tools = to_openai_tools(tools_of(transcript))
        if isinstance(tools, list) and all(isinstance(tool, dict) for tool in tools):
            agent["tool_definitions"] = tools
        return agent

    def _steps(self, transcript: Transcript, provenance: Provenance, bill: Bill) -> Iterator[JSON]:
        number = 0
        for turn in turns(transcript):
            event = turn.message.items[0][0]
            unchanged = self._unchanged(transcript, turn)
            if event.kind is Kind.COMPACTION and unchanged is None:
                number += 1
                yield {"step_id": number, **BOUNDARY}
            for message in (turn.message, *turn.results):
                provenance.note(number, message)
            number += 1
            step = unchanged if unchanged is not None else to_step(turn)
            usage = bill.before(turn.stop) if step["source"] == "agent" else None
            if usage is not None and unchanged is None:
                step["metrics"] = to_metrics(usage)
            yield {"step_id": number} | step
        bill.steps = max(number, 1)
        if not number:
            yield {"step_id": 1, **_NOTHING}  # at least one is asked for

    def _unchanged(self, transcript: Transcript, turn: Turn) -> dict[str, Any] | None:
        """The step as a file of this format had it, None if it is not all of it, or not only."""
        events = [event for event, _ in turn.items]
        first = events[0]
        if any(
            event.record != first.record
            or event.source != first.source
            or event.part < 0
            or not self._is_own(transcript, event)
            for event in events
        ):
            return None
        pieces = self._own.message_pieces(transcript.raw(first), 0)
        spoken = sum(is_spoken(p.kind, p.role, p.visibility) for p in pieces)
        if spoken != len(events) or not isinstance(pieces[0].source, dict):
            return None
        return _without_embedded({k: v for k, v in pieces[0].source.items() if k != "step_id"})

    def _is_own(self, transcript: Transcript, event: Event) -> bool:
        return transcript.format_of(event) == self.name


def _without_embedded(step: dict[str, Any]) -> dict[str, Any]:
    """A step without references into the list of embedded trajectories, which is not written."""
    observation = step.get("observation")
    if not isinstance(observation, dict) or not isinstance(observation.get("results"), list):
        return step
    results = [_referring(result) for result in observation["results"]]
    return step | {"observation": observation | {"results": results}}


def _referring(result: JSON) -> JSON:
    if not isinstance(result, dict) or "subagent_trajectory_ref" not in result:
        return result
    given = result["subagent_trajectory_ref"]
    kept = [
        reference
        for reference in (given if isinstance(given, list) else [given])
        if isinstance(reference, dict) and reference.get("trajectory_path")
    ]
    rest = {key: value for key, value in result.items() if key != "subagent_trajectory_ref"}
    return rest | ({"subagent_trajectory_ref": kept} if kept else {})
