"""mini-swe-agent trajectories (``.traj.json``): a list of messages, or an object since version 1.

``{"trajectory_format", "info": {"config", "model_stats", "exit_status", "submission"},
"messages"}``; a message has what is not for the model in ``extra``: the response, its cost, the
time, what was run and what came of it. Where a model is asked through the Responses API, its
responses are messages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.formats.amounts import micros_of, ms_of
from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.conversations import ConversationFormat, Piece, fields_piece
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import message_pieces, text_or_none
from scrubber.formats.responses_dialect import ResponsesDialect, is_item
from scrubber.formats.responses_dialect import usage_of as usage_of_response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader

_KNOWN = frozenset({"messages", "info"})
_TOLD = frozenset({"exit_status", "submission", "model_stats"})
_responses = ResponsesDialect()


class MiniDialect:
    """Whole runs, or the messages of one: a run of before version 1 is a bare list of them."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """Whether a value is a run."""
        return bool(messages_of(value))

    def is_message(self, value: JSON) -> bool:
        """Whether a value is a message."""
        return isinstance(value, dict) and isinstance(value.get("role"), str) and "content" in value

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a run or of a message."""
        said, found = messages_of(value), list[Piece]()
        if not said:
            return [p._replace(source=value) for p in _message(value, not _shows_output(value))]
        task = next((n for n, m in enumerate(said) if m.get("role") == "user"), -1)
        for number, message in enumerate(said):
            pieces = _message(message, number == task)
            found += [piece._replace(message=number, source=message) for piece in pieces]
        if not isinstance(value, dict):
            return found
        billed = any(piece.usage is not None for piece in found)
        info = value.get("info")
        outcome = list(_outcome(info, billed)) if isinstance(info, dict) else []
        return [*fields_piece(value, _KNOWN), *found, *outcome]


def messages_of(value: JSON) -> list[dict[str, Any]]:
    """The messages of a run, none if it is no run."""
    given = value.get("messages") if isinstance(value, dict) else value
    said = given if isinstance(given, list) else []
    is_run = bool(said) and all(isinstance(m, dict) for m in said) and "role" in said[0]
    return said if is_run else []


def _shows_output(message: dict[str, Any]) -> bool:
    """Whether a message shows what a command gave, as the default template does."""
    text = str(message.get("content"))
    return message.get("role") == "user" and "<returncode>" in text and "<output>" in text


def _message(message: dict[str, Any], is_task: bool) -> Iterator[Piece]:
    given = message.get("extra")
    extra: dict[str, Any] = given if isinstance(given, dict) else {}
    ts, usage = ms_of(extra.get("timestamp")), _bill(message, extra)
    detail = {key: value for key, value in extra.items() if key != "response"} or None
    for piece in _said(message, is_task):
        failed = piece.kind in (Kind.TOOL_RESULT, Kind.CONTEXT) and _has_failed(extra)
        content = piece.content if detail is None else _with(piece.content, detail)
        marks = piece.marks | (Mark.ERROR if failed else Mark.NONE)
        yield piece._replace(content=content, marks=marks, ts=ts, usage=usage)
        usage = detail = None


def _said(message: dict[str, Any], is_task: bool) -> list[Piece]:
    role, kind = message.get("role"), message.get("type")
    if role == "exit":
        status = message.get("content") or "exit"
        return [
            Piece(Kind.SESSION_END, Role.NONE, Content((Text(str(status)),)), Visibility.UI_ONLY)
        ]
    if message.get("object") == "response" or (isinstance(kind, str) and is_item(message)):
        return _responses.pieces(_without_facts(message))
    found = message_pieces(message, 0)
    if role == "user" and not is_task:
        return [piece._replace(kind=Kind.CONTEXT, name="observation") for piece in found]
    return found


def _without_facts(message: dict[str, Any]) -> dict[str, Any]:
    """A response without what is no part of what was said."""
    kept = ("object", "id", "output", "error", "incomplete_details")
    if message.get("object") != "response":
        return {key: value for key, value in message.items() if key != "extra"}
    return {key: message[key] for key in kept if key in message}


def _with(content: Content, detail: JSON) -> Content:
    return Content(content.blocks, content.arguments, content.signature, detail)


def _has_failed(extra: dict[str, Any]) -> bool:
    code = extra.get("returncode")
    return bool(extra.get("exception_info")) or (isinstance(code, int) and code != 0)


def _bill(message: dict[str, Any], extra: dict[str, Any]) -> Usage | None:
    """The bill of a model's message: the usage of its response, and the cost beside it."""
    if message.get("role") != "assistant" and message.get("object") != "response":
        return None
    response = extra.get("response") if isinstance(extra.get("response"), dict) else message
    given = response.get("usage") if isinstance(response, dict) else None
    usage = _usage(given if isinstance(given, dict) else {})
    micros = micros_of(extra.get("cost"))
    if usage is None:
        return Usage(cost_micros=micros) if micros else None
    return replace(usage, cost_micros=micros)


def _usage(given: dict[str, Any]) -> Usage | None:
    """Tokens as chat completions name them, or the Responses API."""
    if "input_tokens" in given:
        return usage_of_response(given)
    names = {"input": "prompt", "output": "completion"}
    renamed = {f"{ours}_tokens": given.get(f"{theirs}_tokens") for ours, theirs in names.items()}
    details = {
        f"{ours}_tokens_details": given.get(f"{theirs}_tokens_details")
        for ours, theirs in names.items()
    }
    return usage_of_response({**renamed, **details})


def _outcome(info: dict[str, Any], billed: bool) -> Iterator[Piece]:
    """How the run ended, what it handed in; its bill, if no message has one."""
    yield from fields_piece(info, _TOLD)
    stats = info.get("model_stats")
    if isinstance(stats, dict) and stats:
        micros = micros_of(stats.get("instance_cost"))
        usage = Usage(cost_micros=micros) if micros and not billed else None
        content = Content((Data(stats),))
        yield Piece(Kind.USAGE, Role.NONE, content, Visibility.HIDDEN, usage=usage)
    if submission := text_or_none(info.get("submission")):
        content = Content((Text(submission),))
        yield Piece(Kind.FILE_CHANGE, Role.NONE, content, Visibility.UI_ONLY, name="submission")
    if status := text_or_none(info.get("exit_status")):
        yield Piece(Kind.SESSION_END, Role.NONE, Content((Text(status),)), Visibility.UI_ONLY)


class MiniReader(ConversationReader):
    """Reads one run; a file is called like the task that it was made for."""

    def __init__(self, path: Path) -> None:
        super().__init__(MiniDialect())
        self._path = path

    def _title(self, key: str) -> str:
        """The name of the file where it is that of a task."""
        name = self._path.name.removesuffix(".json").removesuffix(".traj")
        return name if "__" in name and not key else ""

    def _info(self, key: str, value: JSON) -> SessionInfo:
        is_new = key not in self.infos
        info = super()._info(key, None)
        if is_new and isinstance(value, dict):
            info.model = text_or_none(_inner(value, "info", "config", "model").get("model_name"))
            info.cwd = text_or_none(_inner(value, "info", "config", "environment").get("cwd"))
        return info


def _inner(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        found = value.get(key)
        value = found if isinstance(found, dict) else {}
    return value


class MiniSweAgent(ConversationFormat):
    """The format of such files."""

    name = "mini-swe-agent"
    title = "mini-swe-agent"

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at its own mark; a bare list is told by how it shows what commands gave."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a run."""
        return MiniReader(path)


def _likeness(value: JSON) -> int:
    if isinstance(value, list):
        return max(map(_likeness, value[:8]), default=0)
    if not isinstance(value, dict):
        return 0
    if str(value.get("trajectory_format")).startswith("mini-swe-agent"):
        return 100
    info = _inner(value, "info")
    if messages_of(value):
        return 90 if "model_stats" in info or "mini_version" in info else 0
    return 70 if set(value) == {"role", "content"} and _shows_output(value) else 0


FORMAT = MiniSweAgent(MiniDialect())
