"""What a record of an ATIF file holds: a step's message, calls and results, a fact of the root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Block, Content, Data, Image, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.conversations import Piece, tools_piece
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.openai_parts import image

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = {"system": Role.SYSTEM, "user": Role.USER, "agent": Role.ASSISTANT}
SILENT = frozenset({"schema_version", "session_id", "trajectory_id"})
"""Members of the root that say which trajectory it is, and are no event."""

_ERRORS = ("is_error", "tool_result_is_error", "isError")
_TOLD = frozenset(
    {"step_id", "timestamp", "source", "message", "reasoning_content", "tool_calls", "observation"}
)


class AtifDialect:
    """Steps, and the members of a trajectory beside them."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """Never: a trajectory is taken apart into its steps."""
        return False

    def is_message(self, value: JSON) -> bool:
        """A step or a member."""
        return isinstance(value, dict)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a record."""
        return list(_step(value) if is_step(value) else _member(value))


def is_step(value: JSON) -> bool:
    """Whether a value is a step of a trajectory."""
    source = value.get("source") if isinstance(value, dict) else None
    return isinstance(source, str) and source in ROLES and "message" in value


def compacts(step: dict[str, Any]) -> bool:
    """Whether what follows a step stands in the place of all that was before it."""
    extra = step.get("extra")
    found = extra.get("context_management") if isinstance(extra, dict) else None
    return isinstance(found, dict) and found.get("type") == "compaction"


def _step(step: dict[str, Any]) -> Iterator[Piece]:
    detail: JSON = _rest(step)
    for piece in _pieces(step):
        yield piece._replace(message=0, source=step, content=_with_detail(piece.content, detail))
        detail = None


def _with_detail(content: Content, detail: JSON) -> Content:
    """Content with what else a step tells, beside what the content tells itself."""
    if not detail:
        return content
    both = {"step": detail, "own": content.detail} if content.detail else detail
    return Content(content.blocks, content.arguments, content.signature, both)


def _rest(step: dict[str, Any]) -> dict[str, JSON]:
    """What a step tells beside its message; lists of token ids stay in the record alone."""
    rest = {key: value for key, value in step.items() if key not in _TOLD and value is not None}
    if isinstance(metrics := rest.get("metrics"), dict):
        rest["metrics"] = {k: v for k, v in metrics.items() if not isinstance(v, list)}
    return rest


def _pieces(step: dict[str, Any]) -> Iterator[Piece]:
    role = ROLES[step["source"]]
    if reasoning := text_or_none(step.get("reasoning_content")):
        yield Piece(Kind.REASONING, role, Content((Text(reasoning),)))
    calls, blocks = _dicts(step.get("tool_calls")), parts(step.get("message"))
    results = list(_results(step, [text_or_none(call.get("tool_call_id")) for call in calls]))
    if role is Role.SYSTEM and compacts(step):
        shown = Visibility.UI_ONLY
        yield Piece(Kind.COMPACTION, Role.NONE, Content(blocks), shown)
    elif blocks or not (reasoning or calls or results):
        yield Piece(Kind.MESSAGE, role, Content(blocks))
    for call in calls:
        yield _call(call)
    yield from results


def _dicts(value: JSON) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _call(call: dict[str, Any]) -> Piece:
    content = Content(arguments=call.get("arguments"), detail=call.get("extra"))
    extra = call.get("extra")
    failed = isinstance(extra, dict) and extra.get("tool_use_is_error") is True
    return Piece(
        Kind.TOOL_CALL,
        Role.ASSISTANT,
        content,
        marks=Mark.ERROR if failed else Mark.NONE,
        name=text_or_none(call.get("function_name")),
        call_id=text_or_none(call.get("tool_call_id")),
    )


def _results(step: dict[str, Any], calls: list[str | None]) -> Iterator[Piece]:
    """Results answer the call that they name; those that name none, the calls in their order."""
    observation = step.get("observation")
    results = _dicts(observation.get("results") if isinstance(observation, dict) else None)
    named = {result.get("source_call_id") for result in results}
    waiting = [call for call in calls if call not in named]
    for result in results:
        call = text_or_none(result.get("source_call_id"))
        is_ours = call is not None or bool(waiting)
        answered = call if call is not None else waiting.pop(0) if waiting else None
        if result.get("content") is not None or not _references(result):
            yield _result(result, answered, is_ours)
        for reference in _references(result):
            yield _subagent(reference, answered)


def _result(result: dict[str, Any], call: str | None, answers: bool) -> Piece:
    """A call's result; feedback that answers no call is what the model is told next."""
    extra = result.get("extra")
    failed = isinstance(extra, dict) and any(extra.get(key) is True for key in _ERRORS)
    marks = Mark.ERROR if failed else Mark.NONE
    content = Content(parts(result.get("content")), detail=extra)
    if not answers:
        return Piece(Kind.CONTEXT, Role.USER, content, marks=marks, name="observation")
    return Piece(Kind.TOOL_RESULT, Role.TOOL, content, marks=marks, call_id=call)


def _references(result: dict[str, Any]) -> list[dict[str, Any]]:
    found = result.get("subagent_trajectory_ref")
    return _dicts([found] if isinstance(found, dict) else found)


def _subagent(reference: dict[str, Any], call: str | None) -> Piece:
    content = Content((Text(reference_title(reference)),), detail=reference)
    return Piece(
        Kind.SUBAGENT_END,
        Role.NONE,
        content,
        Visibility.UI_ONLY,
        name=reference_key(reference),
        call_id=call,
    )


def references_of(step: dict[str, Any]) -> list[dict[str, Any]]:
    """The references of a step to trajectories of sub-agents."""
    observation = step.get("observation")
    results = _dicts(observation.get("results") if isinstance(observation, dict) else None)
    return [reference for result in results for reference in _references(result)]


def reference_key(reference: dict[str, Any]) -> str | None:
    """What a reference to another trajectory calls it: its id, its file's name, its session."""
    path = text_or_none(reference.get("trajectory_path"))
    name = path.replace("\\", "/").rsplit("/", 1)[-1] if path else None
    own = text_or_none(reference.get("trajectory_id"))
    return own or name or text_or_none(reference.get("session_id"))


def reference_title(reference: dict[str, Any]) -> str:
    """What is said of a sub-agent's task where it is referred to."""
    extra = reference.get("extra")
    for key in ("summary", "description", "agent_name", "name"):
        if isinstance(extra, dict) and (found := text_or_none(extra.get(key))):
            return found
    return reference_key(reference) or "sub-agent"


def parts(content: JSON) -> tuple[Block, ...]:
    """A message: a text, or parts since version 1.6; files are named and never read."""
    if not isinstance(content, list):
        return blocks_of(content)
    return tuple(_part(part) for part in content)


def _part(part: JSON) -> Block:
    if not isinstance(part, dict):
        return blocks_of([part])[0]
    source = part.get("source")
    if part.get("type") == "image" and isinstance(source, dict):
        path = str(source.get("path") or "")
        if path.startswith("data:"):
            return image(path)
        return Image(str(source.get("media_type") or ""), reference=path)
    if part.get("type") == "text" and isinstance(part.get("text"), str):
        return Text(part["text"])
    return Data(part)


def _member(value: dict[str, Any]) -> Iterator[Piece]:
    for key, item in value.items():
        if key in SILENT or item is None:
            continue
        if key == "agent" and isinstance(item, dict):
            yield _note(Kind.SESSION_START, _agent(item), item, Visibility.UI_ONLY)
            if tools := item.get("tool_definitions"):
                yield tools_piece(tools)
        elif key == "final_metrics":
            yield _note(Kind.USAGE, _totals(item), item, Visibility.HIDDEN)
        elif key == "notes":
            yield _note(Kind.NOTICE, str(item), None, Visibility.UI_ONLY)
        elif key == "continued_trajectory_ref":
            yield _note(Kind.LINK, f"continued in {item}", None, Visibility.UI_ONLY)
        else:
            content = Content((Data({key: item}),))
            yield Piece(Kind.STATE, Role.NONE, content, Visibility.HIDDEN, name="fields")


def _note(kind: Kind, text: str, detail: JSON, visibility: Visibility) -> Piece:
    return Piece(kind, Role.NONE, Content((Text(text),), detail=detail), visibility)


def _agent(agent: dict[str, Any]) -> str:
    told = [agent.get("name"), agent.get("version")]
    words = " ".join(str(word) for word in told if word)
    return " · ".join(filter(None, (words, text_or_none(agent.get("model_name")))))


def _totals(metrics: JSON) -> str:
    if not isinstance(metrics, dict):
        return str(metrics)
    plain = {k.removeprefix("total_"): v for k, v in metrics.items() if not isinstance(v, dict)}
    return ", ".join(f"{key.replace('_', ' ')} {item}" for key, item in plain.items())
