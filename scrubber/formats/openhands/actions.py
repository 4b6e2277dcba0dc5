"""Actions of version 0: what the agent, or its user, did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Role, Visibility
from scrubber.core.survey import KEEP
from scrubber.formats.anthropic_blocks import block_content
from scrubber.formats.conversations import Piece, tools_piece
from scrubber.formats.openai_messages import parse_arguments, text_or_none
from scrubber.formats.openai_parts import image, part_blocks
from scrubber.formats.openhands.shapes import Event, dicts, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN, HIDDEN = Visibility.UI_ONLY, Visibility.HIDDEN

_HIDDEN = {
    "change_agent_state": Kind.STATE,
    "null": Kind.UI_STATE,
    "recall": Kind.STATE,
    "pause": Kind.TURN_END,
    "resume": Kind.TURN_START,
    "loop_recovery": Kind.STATE,
    "start": Kind.STATE,
    "push": Kind.STATE,
    "send_pr": Kind.STATE,
}
_NOT_ARGUMENTS = ("thought", "hidden", "blocking", "confirmation_state", "security_risk")


def action_pieces(event: Event) -> list[Piece]:
    """The events of an action."""
    action, args = str(event.get("action")), inner(event, "args")
    if action in _HIDDEN:
        words = text_or_none(event.get("message")) or action
        content = Content((Text(words),), detail=args)
        return [Piece(_HIDDEN[action], Role.NONE, content, HIDDEN, name=action)]
    if action == "message":
        return list(_said(event, args))
    if action == "system":
        return list(_system(args))
    if action in ("condensation", "condensation_request"):
        return condensed(args) if action == "condensation" else [_note(event)]
    if action in ("finish", "reject"):
        return list(_end(event, args, action))
    if event.get("source") == "user":
        content = Content((Text(_command(args)),), detail=args)
        return [Piece(Kind.COMMAND, Role.USER, content, name=action)]
    return list(_call(event, args, action))


def _said(event: Event, args: dict[str, Any]) -> Iterator[Piece]:
    images = args.get("image_urls")
    pictures = tuple(image(url) for url in images) if isinstance(images, list) else ()
    blocks = part_blocks(args.get("content")) + pictures
    if event.get("source") == "user":
        yield Piece(Kind.MESSAGE, Role.USER, Content(blocks))
    else:
        yield from thoughts(event)
        yield Piece(Kind.MESSAGE, Role.ASSISTANT, Content(blocks))


def _system(args: dict[str, Any]) -> Iterator[Piece]:
    if tools := args.get("tools"):
        yield tools_piece(tools)
    yield Piece(Kind.MESSAGE, Role.SYSTEM, Content(part_blocks(args.get("content"))))


def condensed(args: dict[str, Any]) -> list[Piece]:
    """What was forgotten, and the summary in its place if there is one."""
    start, end = args.get("forgotten_events_start_id"), args.get("forgotten_events_end_id")
    ids = args.get("forgotten_event_ids")
    number = len(ids) if isinstance(ids, list) else 0
    if not number and isinstance(start, int) and isinstance(end, int):
        number = end - start + 1
    words = f"{number} events are no longer told to the model"
    told = Content((Text(words),), detail=args)
    found = [Piece(Kind.COMPACTION, Role.NONE, told, SHOWN, name=KEEP)]
    if summary := text_or_none(args.get("summary")):
        found.append(Piece(Kind.COMPACTION, Role.USER, Content((Text(summary),))))
    return found


def _note(event: Event) -> Piece:
    words = text_or_none(event.get("message")) or str(event.get("action"))
    return Piece(Kind.NOTICE, Role.NONE, Content((Text(words),)), SHOWN)


def _end(event: Event, args: dict[str, Any], action: str) -> Iterator[Piece]:
    """The agent is done: its last words are a message, also if it called a tool to say so."""
    words = [args.get("thought"), args.get("final_thought")]
    said = "\n\n".join(word for word in words if isinstance(word, str) and word.strip())
    said = said or text_or_none(event.get("message")) or ""
    yield from thoughts(event)
    if said and event.get("source") != "user":
        yield Piece(Kind.MESSAGE, Role.ASSISTANT, Content((Text(said),)))
    content = Content((Text(action),), detail=args)
    yield Piece(Kind.TURN_END, Role.NONE, content, SHOWN, name=action)


def _call(event: Event, args: dict[str, Any], action: str) -> Iterator[Piece]:
    meta = inner(event, "tool_call_metadata")
    call, is_first = _called(meta)
    if is_first:
        yield from thoughts(event)
        if thought := text_or_none(args.get("thought")):
            yield Piece(Kind.MESSAGE, Role.ASSISTANT, Content((Text(thought),)))
    function = inner(call, "function")
    given: JSON = function.get("arguments")
    own = {key: value for key, value in args.items() if key not in _NOT_ARGUMENTS}
    arguments = parse_arguments(given) if given is not None else own
    name = text_or_none(meta.get("function_name")) or action
    yield Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        Content(arguments=arguments, detail={"action": action, "args": args}),
        name=name,
        call_id=call_id_of(event, event.get("id")),
    )
    if action == "delegate":
        task = text_or_none(inner(args, "inputs").get("task")) or str(args.get("agent"))
        content = Content((Text(task),), detail=args)
        yield Piece(Kind.SUBAGENT_START, Role.NONE, content, SHOWN, name=delegate_of(event))


def _called(meta: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """(the call as the model made it, whether it is the first of its response)."""
    calls = dicts(message_of(meta).get("tool_calls"))
    for number, call in enumerate(calls):
        if call.get("id") == meta.get("tool_call_id"):
            return call, number == 0
    return {}, True


def message_of(meta: dict[str, Any]) -> dict[str, Any]:
    """The model's message, out of its whole response."""
    choices = dicts(inner(meta, "model_response").get("choices"))
    return inner(choices[0], "message") if choices else {}


def thoughts(event: Event) -> Iterator[Piece]:
    """The reasoning of the response that an action came from."""
    message = message_of(inner(event, "tool_call_metadata"))
    blocks = dicts(message.get("thinking_blocks"))
    for block in blocks:
        yield Piece(Kind.REASONING, Role.ASSISTANT, block_content(block))
    if not blocks and (text := text_or_none(message.get("reasoning_content"))):
        yield Piece(Kind.REASONING, Role.ASSISTANT, Content((Text(text),)))


def call_id_of(event: Event, number: JSON) -> str | None:
    """The id of a call: the model's, or by the number of its action where it made none."""
    call = text_or_none(inner(event, "tool_call_metadata").get("tool_call_id"))
    return call or (f"action-{number}" if isinstance(number, int) else None)


def delegate_of(event: Event) -> str:
    """What a sub-agent is called: by the number of the action that started it."""
    return f"delegate-{event.get('id')}"


def _command(args: dict[str, Any]) -> str:
    for key in ("command", "code", "path", "url"):
        if found := text_or_none(args.get(key)):
            return found
    return str(Data(args).value)
