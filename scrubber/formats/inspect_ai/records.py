"""What a record of an unfolded log is made of: one piece for each event it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, one_line
from scrubber.formats.inspect_ai.events import event_piece, event_text, score_text
from scrubber.formats.inspect_ai.messages import (
    blocks_of,
    message_pieces,
    piece_content,
    result_piece,
)
from scrubber.formats.pieces import SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

Record = dict[str, Any]

RUN = ""
"""Key of the log of the evaluation itself."""


class Told(NamedTuple):
    """An event of a record, what it holds, and its log."""

    piece: Piece
    content: Content
    log: str


def pieces_of(record: Record) -> list[Told]:
    """The events of a record in order; of a kind that nobody knows, an unknown one."""
    kind, log = str(record.get("inspect")), str(record.get("log") or RUN)
    if kind in _SILENT:
        return []
    told = _KINDS.get(kind)
    if told is None:
        return [Told(_notice(Kind.UNKNOWN, record), Content((Data(record),)), log)]
    return list(told(record, log))


_SILENT = ("variant", "call", "attachment", "entry")


def _notice(kind: Kind, block: JSON, marks: Mark = Mark.NONE, name: str | None = None) -> Piece:
    return Piece(kind, Role.NONE, SHOWN, block, marks, name)


def _message(record: Record, log: str) -> Iterator[Told]:
    for piece in message_pieces(record.get("message")):
        yield Told(piece, piece_content(piece), log)


def _aside(record: Record, log: str) -> Iterator[Told]:
    for told in _message(record, log):
        yield told._replace(piece=told.piece._replace(visibility=SHOWN))


def _event(record: Record, log: str) -> Iterator[Told]:
    event = record.get("event")
    text = event_text(event)
    yield Told(event_piece(event), Content((Text(text),) if text else (), detail=event), log)


def _result(record: Record, log: str) -> Iterator[Told]:
    event = _dict(record.get("event"))
    piece = result_piece(event, event.get("id"), event.get("function"))
    yield Told(piece, piece_content(piece), log)


def _tools(record: Record, log: str) -> Iterator[Told]:
    tools = record.get("tools")
    piece = Piece(Kind.CONTEXT, Role.NONE, SEEN, tools, name="tools")
    yield Told(piece, Content((Data(tools),)), log)


def _rewind(record: Record, log: str) -> Iterator[Told]:
    text = "the model is given another history from here on: what it leaves is left behind"
    yield Told(_notice(Kind.REWIND, None), Content((Text(text),), detail=record), log)


def _sample(record: Record, log: str) -> Iterator[Told]:
    sample = _dict(record.get("sample"))
    given = Content(blocks_of(_said(sample.get("input")))).text
    begin = Content((Text(f"{sample_name(sample)}: {given}"),), detail=sample)
    yield Told(_notice(Kind.SESSION_START, sample), begin, log)
    content = Content((Text(sample_name(sample)),))
    yield Told(_notice(Kind.SUBAGENT_START, None, name=log), content, RUN)


def _said(input: JSON) -> JSON:
    """A sample's input, which may be a list of messages, as text."""
    if not isinstance(input, list):
        return input
    return "\n".join(Content(blocks_of(_dict(one).get("content"))).text for one in input)


def sample_name(sample: Record) -> str:
    """What a sample is called: its id, and its epoch."""
    if sample.get("id") is None:
        return "sample"
    return f"sample {sample['id']} · epoch {sample.get('epoch', 1)}"


def _end(record: Record, log: str) -> Iterator[Told]:
    sample = _dict(record.get("sample"))
    scores = _dict(sample.get("scores")) or ({"": sample["score"]} if "score" in sample else {})
    told = [f"{name} {score_text(_value(score))}".strip() for name, score in scores.items()]
    error = _dict(sample.get("error")).get("message")
    limit = _dict(sample.get("limit")).get("type")
    words = [*told, f"{limit} limit" if limit else "", error and f"error: {error}"]
    text = " · ".join(one_line(str(word), 120) for word in words if word) or "ended"
    marks = Mark.ERROR if sample.get("error") else Mark.NONE
    content = Content((Text(text),), detail=sample)
    yield Told(_notice(Kind.SESSION_END, sample, marks), content, log)
    yield Told(_notice(Kind.SUBAGENT_END, None, name=log), Content((Text(text),)), RUN)


def _value(score: JSON) -> JSON:
    return score.get("value") if isinstance(score, dict) else score


def _thread(record: Record, log: str) -> Iterator[Told]:
    name, title = log, str(record.get("title") or "")
    kind = Kind.BRANCH_POINT if record.get("how") == "branch" else Kind.SUBAGENT_START
    content = Content((Text(title),), detail=record)
    yield Told(_notice(kind, record, name=name), content, str(record.get("parent") or RUN))


def _thread_end(record: Record, log: str) -> Iterator[Told]:
    content = Content((Text("ended"),), detail=record)
    piece = _notice(Kind.SUBAGENT_END, record, name=log)
    yield Told(piece, content, str(record.get("parent") or RUN))


def _retry(record: Record, log: str) -> Iterator[Told]:
    error = _dict(record.get("error"))
    content = Content(blocks_of(str(error.get("message") or "failed")), detail=error)
    yield Told(_notice(Kind.ERROR, error, Mark.ERROR), content, log)


def _start(record: Record, log: str) -> Iterator[Told]:
    data = _dict(record.get("data"))
    text = run_title(_dict(data.get("eval")))
    yield Told(_notice(Kind.SESSION_START, data), Content((Text(text),), detail=data), RUN)


def run_title(facts: Record) -> str:
    """What an evaluation is called: its task, and the model."""
    words = [facts.get("task_display_name") or facts.get("task"), facts.get("model")]
    return " · ".join(str(word) for word in words if word) or "Inspect log"


def _header(record: Record, log: str) -> Iterator[Told]:
    """The results: a score for each metric, and how the evaluation ended."""
    data = _dict(record.get("data"))
    scores = _dict(data.get("results")).get("scores")
    for score in scores if isinstance(scores, list) else ():
        metrics = _dict(_dict(score).get("metrics"))
        words = [f"{name} {_dict(one).get('value')}" for name, one in metrics.items()]
        name = str(_dict(score).get("name") or "score")
        content = Content((Text(f"{name}: {', '.join(words)}"),), detail=score)
        yield Told(_notice(Kind.SCORE, score, name=name), content, RUN)
    error = _dict(data.get("error"))
    if error:
        content = Content(blocks_of(str(error.get("message") or "error")), detail=error)
        yield Told(_notice(Kind.ERROR, error, Mark.ERROR), content, RUN)
    status = str(data.get("status") or "ended")
    yield Told(_notice(Kind.SESSION_END, data), Content((Text(status),), detail=data), RUN)


def _dict(value: JSON) -> Record:
    return value if isinstance(value, dict) else {}


_KINDS = {
    "start": _start,
    "header": _header,
    "sample": _sample,
    "message": _message,
    "aside": _aside,
    "event": _event,
    "result": _result,
    "tools": _tools,
    "rewind": _rewind,
    "thread": _thread,
    "thread_end": _thread_end,
    "retry": _retry,
    "end": _end,
}
