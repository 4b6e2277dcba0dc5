"""What an event of GitHub Copilot CLI tells.

Source of the shapes: ``session-events.d.ts`` of ``@github/copilot-sdk``, which is generated from
the client's own schema, and sessions of versions 0.0.420 to 1.0.77.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Block, Content, Data, Image, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.openai_messages import parse_arguments
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.events import Visibility

Record = dict[str, Any]

_PLAIN: dict[str, tuple[Kind, Visibility, str]] = {
    "session.start": (Kind.SESSION_START, HIDDEN, "copilotVersion"),
    "session.resume": (Kind.SESSION_START, HIDDEN, "resumeTime"),
    "session.shutdown": (Kind.SESSION_END, HIDDEN, "shutdownType"),
    "session.idle": (Kind.TURN_END, HIDDEN, ""),
    "session.info": (Kind.NOTICE, SHOWN, "message"),
    "session.warning": (Kind.NOTICE, SHOWN, "message"),
    "session.error": (Kind.ERROR, SHOWN, "message"),
    "session.model_change": (Kind.CONFIG_CHANGE, HIDDEN, "newModel"),
    "session.auto_mode_resolved": (Kind.CONFIG_CHANGE, HIDDEN, "chosenModel"),
    "session.mode_changed": (Kind.CONFIG_CHANGE, HIDDEN, "newMode"),
    "session.permissions_changed": (Kind.CONFIG_CHANGE, HIDDEN, ""),
    "session.tools_updated": (Kind.CONFIG_CHANGE, HIDDEN, "model"),
    "session.context_changed": (Kind.CONFIG_CHANGE, HIDDEN, "cwd"),
    "session.title_changed": (Kind.TITLE, HIDDEN, "title"),
    "session.plan_changed": (Kind.PLAN, HIDDEN, "operation"),
    "session.todos_changed": (Kind.PLAN, HIDDEN, ""),
    "session.task_complete": (Kind.TURN_END, SHOWN, "summary"),
    "session.handoff": (Kind.LINK, SHOWN, "summary"),
    "session.truncation": (Kind.CONTEXT_EDIT, SHOWN, "reason"),
    "session.compaction_start": (Kind.NOTICE, HIDDEN, "trigger"),
    "session.snapshot_rewind": (Kind.REWIND, SHOWN, "upToEventId"),
    "session.context_cleared": (Kind.REWIND, SHOWN, "initialMessage"),
    "session.usage_checkpoint": (Kind.UI_STATE, HIDDEN, ""),
    "session.usage_info": (Kind.UI_STATE, HIDDEN, ""),
    "session.workspace_file_changed": (Kind.FILE_CHANGE, HIDDEN, "path"),
    "session.binary_asset": (Kind.STATE, HIDDEN, ""),
    "pending_messages.modified": (Kind.QUEUE, HIDDEN, ""),
    "assistant.turn_start": (Kind.TURN_START, HIDDEN, "turnId"),
    "assistant.turn_end": (Kind.TURN_END, HIDDEN, "turnId"),
    "assistant.intent": (Kind.NOTICE, HIDDEN, "intent"),
    "assistant.usage": (Kind.USAGE, HIDDEN, "model"),
    "model.call_failure": (Kind.ERROR, SHOWN, "errorMessage"),
    "tool.user_requested": (Kind.COMMAND, SHOWN, "toolName"),
    "tool.execution_progress": (Kind.TOOL_DETAIL, HIDDEN, "progressMessage"),
    "tool.execution_partial_result": (Kind.TOOL_DETAIL, HIDDEN, "partialOutput"),
    "subagent.started": (Kind.SUBAGENT_START, SHOWN, "agentDisplayName"),
    "subagent.completed": (Kind.SUBAGENT_END, SHOWN, "agentDisplayName"),
    "subagent.failed": (Kind.SUBAGENT_END, SHOWN, "error"),
    "subagent.selected": (Kind.CONFIG_CHANGE, HIDDEN, "agentDisplayName"),
    "subagent.deselected": (Kind.CONFIG_CHANGE, HIDDEN, ""),
    "hook.start": (Kind.HOOK, HIDDEN, "hookType"),
    "hook.end": (Kind.HOOK, HIDDEN, "hookType"),
    "hook.progress": (Kind.HOOK, HIDDEN, "message"),
    "permission.requested": (Kind.APPROVAL, HIDDEN, "requestId"),
    "permission.completed": (Kind.APPROVAL, SHOWN, "requestId"),
    "command.execute": (Kind.COMMAND, SHOWN, "command"),
    "command.queued": (Kind.QUEUE, HIDDEN, "command"),
    "abort": (Kind.TURN_END, SHOWN, "reason"),
}
"""(kind, who sees it, which of its data is its text) of events that are no messages."""

_FAILURES = {"session.error", "model.call_failure", "subagent.failed"}


def pieces_of(record: Record) -> list[Piece]:
    """The pieces of a record, at least one; an event nobody knows gives an unknown piece."""
    kind, given = str(record.get("type")), record.get("data")
    data: Record = given if isinstance(given, dict) else {}
    if found := list(_MESSAGES[kind](data)) if kind in _MESSAGES else []:
        return found
    event, seen, key = _PLAIN.get(kind, (Kind.UNKNOWN, SHOWN, ""))
    text = data.get(key)
    blocks = (Text(text),) if isinstance(text, str) and text else (Text(kind),)
    failed = kind in _FAILURES or data.get("success") is False
    marks = Mark.ERROR if failed else Mark.NONE
    return [Piece(event, Role.NONE, seen, Content(blocks, detail=data), marks, name=_name(data))]


def _name(data: Record) -> str | None:
    name = data.get("agentName") or data.get("hookType")
    return name if isinstance(name, str) else None


def _system(data: Record) -> Iterator[Piece]:
    role = Role.DEVELOPER if data.get("role") == "developer" else Role.SYSTEM
    yield Piece(Kind.MESSAGE, role, SEEN, _text(data.get("content")))


def _notification(data: Record) -> Iterator[Piece]:
    content = Content(_text(data.get("content")).blocks, detail=data.get("kind"))
    yield Piece(Kind.CONTEXT, Role.USER, SEEN, content)


def _skill(data: Record) -> Iterator[Piece]:
    name = data.get("name")
    content = Content(_text(data.get("content")).blocks, detail=data)
    known = name if isinstance(name, str) else None
    yield Piece(Kind.CONTEXT, Role.NONE, HIDDEN, content, name=known)


def _user(data: Record) -> Iterator[Piece]:
    """What the model was given; what was typed, if that is less, is its detail."""
    sent = data.get("transformedContent") or data.get("content")
    injected = data.get("isAutopilotContinuation") is True or bool(data.get("source"))
    kind = Kind.CONTEXT if injected else Kind.MESSAGE
    yield Piece(kind, Role.USER, SEEN, Content(_text(sent).blocks, detail=data))


def _reasoning(data: Record) -> Iterator[Piece]:
    yield Piece(Kind.REASONING, Role.ASSISTANT, SEEN, _text(data.get("content")))


def _assistant(data: Record) -> Iterator[Piece]:
    seal = data.get("reasoningOpaque") or data.get("encryptedContent")
    thought = _text(data.get("reasoningText"))
    if thought.blocks or (isinstance(seal, str) and seal):
        signature = seal if isinstance(seal, str) and seal else None
        content = Content(thought.blocks, signature=signature)
        marks = Mark.SEALED if signature else Mark.NONE
        yield Piece(Kind.REASONING, Role.ASSISTANT, SEEN, content, marks)
    asked = data.get("toolRequests")
    calls = asked if isinstance(asked, list) else []
    found = [_call(call, "name") for call in calls if isinstance(call, dict)]
    said = _text(data.get("content"))
    if said.blocks or not (found or thought.blocks):
        yield Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, said)
    yield from found


def _started(data: Record) -> Iterator[Piece]:
    """A call as it is run; the message that asks for it tells of it before, as a rule."""
    yield _call(data, "toolName")


def _call(call: Record, key: str) -> Piece:
    name, call_id = call.get(key), call.get("toolCallId")
    arguments = parse_arguments(call.get("arguments"))
    return Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        SEEN,
        Content(arguments={} if arguments is None else arguments),
        name=name if isinstance(name, str) and name else None,
        call_id=call_id if isinstance(call_id, str) else None,
    )


def _completed(data: Record) -> Iterator[Piece]:
    given, error = data.get("result"), data.get("error")
    result: Record = given if isinstance(given, dict) else {"content": given}
    text = result.get("content") or result.get("text_result_for_llm")
    if not text and isinstance(error, dict):
        text = error.get("message")
    blocks = (*_text(text).blocks, *_pictures(result))
    failed = data.get("success") is False or result.get("result_type") in ("failure", "error")
    marks = (Mark.ERROR if failed else Mark.NONE) | (
        Mark.IMAGE if any(isinstance(block, Image) for block in blocks) else Mark.NONE
    )
    call_id = data.get("toolCallId")
    known = call_id if isinstance(call_id, str) else None
    yield Piece(
        Kind.TOOL_RESULT, Role.TOOL, SEEN, Content(blocks, detail=data), marks, call_id=known
    )


def _pictures(result: Record) -> Iterator[Block]:
    given = result.get("binaryResultsForLlm")
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict):
            media, data = str(item.get("mimeType", "")), item.get("data")
            is_picture = media.startswith("image/") and isinstance(data, str)
            yield Image(media, str(data)) if is_picture else Data(item)


def _compacted(data: Record) -> Iterator[Piece]:
    summary = _text(data.get("summaryContent"))
    if summary.blocks and data.get("success") is not False:
        content = Content(summary.blocks, detail={**data, "summaryContent": None})
        yield Piece(Kind.COMPACTION, Role.USER, SEEN, content)
        return
    marks = Mark.ERROR if data.get("success") is False else Mark.NONE
    told = _text(data.get("error") or "compacted")
    yield Piece(Kind.COMPACTION, Role.NONE, SHOWN, Content(told.blocks, detail=data), marks)


def _text(value: Any) -> Content:
    return Content((Text(value),)) if isinstance(value, str) and value else Content()


_MESSAGES: dict[str, Callable[[Record], Iterator[Piece]]] = {
    "system.message": _system,
    "system.notification": _notification,
    "skill.invoked": _skill,
    "user.message": _user,
    "assistant.reasoning": _reasoning,
    "assistant.message": _assistant,
    "tool.execution_start": _started,
    "tool.execution_complete": _completed,
    "session.compaction_complete": _compacted,
}
