"""A message of Gemini CLI, taken apart: thoughts, words, calls and their results stand in one.

A model's message is written anew, under the same id, once its calls have results; a user's message
of nothing but function responses repeats them. The client reads a message just so when it resumes
(``convertSessionToClientHistory``): calls and thoughts in ``content`` come before those beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import Content, Image, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.base import parse_time
from scrubber.formats.gemini_parts import (
    Part,
    blocks_of_parts,
    call_content,
    is_failure,
    parts_of,
    response_content,
)
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

SESSION_CONTEXT = "<session_context>"
SUMMARY = "<state_snapshot>"
CONTEXTS = (SESSION_CONTEXT, "<hook_context>")
COMMANDS = ("/", "?")
_MODEL = ("gemini", "model", "assistant")
_NOTICES = {"info": Kind.NOTICE, "warning": Kind.NOTICE, "error": Kind.ERROR}
_TYPES = {"user", *_MODEL, *_NOTICES}


class Message(NamedTuple):
    """A message with the pieces that it is made of."""

    id: str
    type: str
    pieces: list[Piece]
    times: list[int | None]
    """When each piece came to be, in milliseconds since 1970."""
    model: str | None
    tokens: dict[str, Any] | None
    agents: dict[str, str]
    """The sub-agent that a call started, by the call's id."""


def is_message(value: JSON) -> bool:
    """Whether a value is a message: of a session, or of a history of the API (role and parts)."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("id"), str) and "sessionId" not in value:
        return str(value.get("type")) in _TYPES or "content" in value
    return isinstance(value.get("role"), str) and isinstance(value.get("parts"), list)


def message_of(value: JSON, number: int = -1) -> Message:
    """The message that a value is; ``number`` is its place in a list of them."""
    found = value if isinstance(value, dict) else {"content": value}
    kind = str(found.get("type") or found.get("role"))
    time = parse_time(found.get("timestamp"))
    told = [(piece, own or time) for piece, own in _pieces(found, kind)]
    name, model, tokens = found.get("id"), found.get("model"), found.get("tokens")
    return Message(
        id=name if isinstance(name, str) else f"#{number}",
        type=kind,
        pieces=[piece for piece, _ in told],
        times=[when for _, when in told],
        model=model if isinstance(model, str) and model else None,
        tokens=tokens if isinstance(tokens, dict) else None,
        agents={str(c.get("id")): c["agentId"] for c in calls_of(found) if _has_agent(c)},
    )


def calls_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls that the client records beside the words of a message."""
    given = message.get("toolCalls")
    return [call for call in given if isinstance(call, dict)] if isinstance(given, list) else []


def _has_agent(call: dict[str, Any]) -> bool:
    return isinstance(call.get("agentId"), str)


def content_parts(message: dict[str, Any]) -> list[Part]:
    """What a message says, as parts."""
    return parts_of(message["content"] if "content" in message else message.get("parts"))


def _pieces(message: dict[str, Any], kind: str) -> Iterator[tuple[Piece, int | None]]:
    parts = content_parts(message)
    if kind in _MODEL:
        yield from _said_by_model(message, parts)
    elif kind == "user":
        yield from ((piece, None) for piece in _said_by_user(parts))
    elif kind in _NOTICES:
        yield _notice(kind, parts), None
    else:
        yield Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content(blocks_of_parts(parts))), None


def heard_parts(parts: list[Part]) -> tuple[list[list[Part]], list[Part]]:
    """(responses, each with the files behind it; all else) of what a user's message holds."""
    spoken: list[Part] = []
    results: list[list[Part]] = []
    for part in parts:
        if "functionResponse" in part:
            results.append([part])
        elif results and "text" not in part:
            results[-1].append(part)
        else:
            spoken.append(part)
    return results, spoken


def _said_by_user(parts: list[Part]) -> Iterator[Piece]:
    """Responses are results of their own; the rest is one message."""
    results, spoken = heard_parts(parts)
    for result in results:
        yield result_piece(result)
    if spoken or not results:
        yield _prompt(Content(blocks_of_parts(spoken)))


def _prompt(content: Content) -> Piece:
    text = content.text.lstrip()
    marks = _marks(content)
    if text.startswith(CONTEXTS):
        return Piece(Kind.CONTEXT, Role.USER, SEEN, content, marks)
    if text.startswith(COMMANDS):
        return Piece(Kind.COMMAND, Role.USER, SHOWN, content, marks)
    return Piece(Kind.MESSAGE, Role.USER, SEEN if content.blocks else HIDDEN, content, marks)


def _notice(kind: str, parts: list[Part]) -> Piece:
    """Words for the screen; but files that a tool brought are handed to the model this way."""
    content = Content(blocks_of_parts(parts))
    if any(not isinstance(block, Text) for block in content.blocks):
        return Piece(Kind.CONTEXT, Role.USER, SEEN, content, _marks(content), name="files")
    marks = Mark.ERROR if kind == "error" else Mark.NONE
    return Piece(_NOTICES[kind], Role.NONE, SHOWN, content, marks, name=kind)


def _said_by_model(
    message: dict[str, Any], parts: list[Part]
) -> Iterator[tuple[Piece, int | None]]:
    spoken = [(piece, None) for piece in spoken_pieces(parts)]
    known = {piece.block.text for piece, _ in spoken if piece.kind is Kind.REASONING}
    beside = [told for told in _thoughts(message) if told[0].block.text not in known]
    called = {piece.call_id for piece, _ in spoken if piece.kind is Kind.TOOL_CALL}
    calls = calls_of(message)
    made = [(_call(call), None) for call in calls if _call_id(call) not in called]
    results = [told for call in calls for told in _results(call)]
    found = [*beside, *spoken, *made, *results]
    if not found:
        empty = Content((), detail=message.get("tokens"))
        found = [(Piece(Kind.MODEL_CALL, Role.ASSISTANT, HIDDEN, empty), None)]
    yield from found


def spoken_pieces(parts: list[Part]) -> Iterator[Piece]:
    """The pieces of a model's parts; words and pictures in a row are one."""
    row: list[Part] = []
    for part in [*parts, None]:
        is_own = part is None or bool(part.get("thought")) or _has_call(part)
        if row and is_own:
            content = Content(blocks_of_parts(row))
            if content.blocks:
                yield Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, content, _marks(content))
            row = []
        if part is not None and is_own:
            yield _own_piece(part)
        elif part is not None:
            row.append(part)


def _has_call(part: Part) -> bool:
    return isinstance(part.get("functionCall"), dict)


def _own_piece(part: Part) -> Piece:
    seal = part.get("thoughtSignature")
    if _has_call(part):
        return _call(part["functionCall"], seal)
    signature = seal if isinstance(seal, str) and seal else None
    content = Content(blocks_of_parts([part]), signature=signature)
    marks = Mark.SEALED if signature else Mark.NONE
    return Piece(Kind.REASONING, Role.ASSISTANT, SEEN, content, marks)


def _thoughts(message: dict[str, Any]) -> Iterator[tuple[Piece, int | None]]:
    given = message.get("thoughts")
    for thought in given if isinstance(given, list) else ():
        if isinstance(thought, dict) and (text := thought_text(thought)):
            content = Content((Text(text),))
            piece = Piece(Kind.REASONING, Role.ASSISTANT, SEEN, content)
            yield piece, parse_time(thought.get("timestamp"))


def thought_text(thought: dict[str, Any]) -> str:
    """A thought's words as the client puts them."""
    subject, description = thought.get("subject"), thought.get("description")
    told = description if isinstance(description, str) else ""
    return f"**{subject}** {told}" if isinstance(subject, str) and subject else told


def _call(call: dict[str, Any], seal: JSON = None) -> Piece:
    content = call_content(call, seal)
    marks = Mark.SEALED if content.signature else Mark.NONE
    name = call.get("name")
    return Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        SEEN,
        content,
        marks,
        name=name if isinstance(name, str) and name else None,
        call_id=_call_id(call),
    )


def _call_id(call: dict[str, Any]) -> str | None:
    name = call.get("id")
    return name if isinstance(name, str) and name else None


def _results(call: dict[str, Any]) -> Iterator[tuple[Piece, int | None]]:
    """The result that is recorded with a call, if there is one."""
    result = call.get("result")
    if result is None or result == []:
        return
    parts = own_parts(call, result) if isinstance(result, list) else _wrapped(call, result)
    detail = {key: value for key, value in call.items() if key not in ("args", "result")}
    failed = call.get("status") in ("error", "cancelled")
    yield result_piece(parts, detail, failed, _call_id(call)), parse_time(call.get("timestamp"))


def own_parts(call: dict[str, Any], result: list[Any]) -> list[Part]:
    """What of the recorded parts is this call's: after a resume each call has those of all."""
    parts, name = parts_of(result), _call_id(call)
    answered = [answered_call(part) for part in parts]
    if name not in answered:
        return parts
    return [part for part, to in zip(parts, answered, strict=True) if to in (name, None)]


def answered_call(part: Part) -> str | None:
    """The call that a part is the response to."""
    response = part.get("functionResponse")
    return str(response.get("id")) if isinstance(response, dict) and response.get("id") else None


def _wrapped(call: dict[str, Any], result: JSON) -> list[Part]:
    if isinstance(result, dict) and "functionResponse" in result:
        return [result]
    given = {"id": call.get("id"), "name": call.get("name")}
    response = {"output": result} if isinstance(result, str) else result
    return [{"functionResponse": given | {"response": response}}]


def result_piece(
    parts: list[Part], detail: JSON = None, failed: bool = False, call_id: str | None = None
) -> Piece:
    """The piece of a result: a response, and the files behind it."""
    content = response_content(parts, detail)
    marks = _marks(content) | (Mark.ERROR if failed or is_failure(parts) else Mark.NONE)
    answered = call_id or next(filter(None, map(answered_call, parts)), None)
    return Piece(Kind.TOOL_RESULT, Role.TOOL, SEEN, content, marks, call_id=answered)


def _marks(content: Content) -> Mark:
    return Mark.IMAGE if any(isinstance(b, Image) for b in content.blocks) else Mark.NONE
