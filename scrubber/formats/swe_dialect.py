"""What a SWE-agent trajectory holds: the history that the model saw, and what was done beside it.

``history`` is the authority: it holds the messages as they were sent. ``trajectory`` repeats them
step by step, with how long each action took and the state that it left; and it holds the last
step, which nothing followed and which is in no history.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Role, Usage, Visibility
from scrubber.formats.amounts import count_of, micros_of
from scrubber.formats.anthropic_blocks import block_content
from scrubber.formats.conversations import Piece, fields_piece, shared, unknown_piece
from scrubber.formats.openai_messages import ROLES, call_piece, parse_json, text_or_none
from scrubber.formats.openai_parts import part_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN = frozenset({"history", "trajectory", "info", "replay_config", "attempts"})
_TOLD = frozenset({"exit_status", "submission", "model_stats"})
_MAX_ATTEMPTS = 32
_LOOK_AHEAD = 64

Step = dict[str, Any]


class SweAgentDialect:
    """Whole trajectories: an object with a history, or with attempts that have one each."""

    branches = ("", *(f"attempt {number}" for number in range(2, _MAX_ATTEMPTS + 1)))

    def is_conversation(self, value: JSON) -> bool:
        """Whether a value is a trajectory."""
        return isinstance(value, dict) and (is_run(value) or bool(attempts_of(value)))

    def is_message(self, value: JSON) -> bool:
        """Never: a trajectory is one object."""
        return False

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a trajectory; further attempts are branches of the first."""
        runs = attempts_of(value)[:_MAX_ATTEMPTS] or [value]
        found = [*_config(value), *_run(runs[0])]
        for branch, run in enumerate(runs[1:], 1):
            start = shared(history_of(runs[0]), history_of(run))
            pieces = (piece for piece in _run(run) if piece.message >= start)
            found += [piece._replace(branch=branch) for piece in pieces]
        about = [*(_outcome(value) if runs[0] is not value else ()), *fields_piece(value, _KNOWN)]
        return found + [piece._replace(message=sys.maxsize) for piece in about]


def is_run(value: dict[str, Any]) -> bool:
    """Whether a value has the history, or the steps, of one run."""
    history, steps = value.get("history"), value.get("trajectory")
    if isinstance(history, list) and history:
        first = history[0]
        is_own = "trajectory" in value or (isinstance(first, dict) and "agent" in first)
        return is_own and isinstance(first, dict) and "role" in first
    return isinstance(steps, list) and bool(steps) and _is_step(steps[0])


def _is_step(value: JSON) -> bool:
    return isinstance(value, dict) and "action" in value and "observation" in value


def attempts_of(value: JSON) -> list[dict[str, Any]]:
    """The runs of an agent that tries again, and keeps the best."""
    given = value.get("attempts") if isinstance(value, dict) else None
    runs = given if isinstance(given, list) else []
    return [run for run in runs if isinstance(run, dict) and is_run(run)]


def history_of(run: dict[str, Any]) -> list[JSON]:
    """The messages of a run."""
    history = run.get("history")
    return history if isinstance(history, list) else []


def _run(run: dict[str, Any]) -> Iterator[Piece]:
    steps, history = _steps_of(run), history_of(run)
    task = next((n for n, message in enumerate(history) if _is_prompt(message)), -1)
    done = 0
    for number, message in enumerate(history):
        found = _find(message, steps, done)
        for left_out in steps[done : done if found is None else found]:
            yield from _only_step(left_out, number, is_aside=True)
        step, done = (None, done) if found is None else (steps[found], found + 1)
        for piece in _message(message, number == task, step):
            yield piece._replace(message=number, source=message)
        if step is not None and number + 1 == len(history):
            yield from _observed(step, number)
    for number, step in enumerate(steps[done:], len(history)):
        yield from _only_step(step, number)
    last = len(history) + len(steps)
    yield from (piece._replace(message=last) for piece in _outcome(run))


def _steps_of(run: dict[str, Any]) -> list[Step]:
    steps = run.get("trajectory")
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _find(message: JSON, steps: list[Step], start: int) -> int | None:
    """The step that a message of the history belongs to, from ``start`` on."""
    if not isinstance(message, dict) or not _acts(message):
        return None
    stop = min(len(steps), start + _LOOK_AHEAD)
    return next((n for n in range(start, stop) if _is_same(message, steps[n])), None)


def _is_prompt(message: JSON) -> bool:
    """Whether a message is the user's, and no demonstration."""
    return isinstance(message, dict) and message.get("role") == "user" and not _is_demo(message)


def _is_demo(message: dict[str, Any]) -> bool:
    return bool(message.get("is_demo")) or message.get("message_type") == "demonstration"


def _acts(message: dict[str, Any]) -> bool:
    return message.get("role") == "assistant" and not _is_demo(message)


def _is_same(message: dict[str, Any], step: Step) -> bool:
    """Whether a message of the history is the one that a step tells of."""
    for here, there in (("action", "action"), ("content", "response"), ("thought", "thought")):
        one, other = message.get(here), step.get(there)
        if isinstance(one, str) and isinstance(other, str):
            return one.strip() == other.strip()
    return True


def _message(message: JSON, is_task: bool, step: Step | None) -> Iterator[Piece]:
    role = ROLES.get(str(message.get("role"))) if isinstance(message, dict) else None
    if role is None:
        yield unknown_piece(message, 0)
    elif _is_demo(message):
        yield Piece(Kind.CONTEXT, role, Content(part_blocks(message.get("content"))), name="demo")
    elif role is Role.ASSISTANT:
        yield from _assistant(message, step)
    elif role is Role.TOOL:
        yield from _results(message, step)
    elif role is Role.USER and not is_task and message.get("message_type") in ("observation", None):
        content = Content(part_blocks(message.get("content")))
        yield Piece(Kind.CONTEXT, role, content, name="observation")
    else:
        yield Piece(Kind.MESSAGE, role, Content(part_blocks(message.get("content"))))


def _assistant(message: dict[str, Any], step: Step | None) -> Iterator[Piece]:
    role, blocks = Role.ASSISTANT, part_blocks(message.get("content"))
    thinking = message.get("thinking_blocks")
    for block in thinking if isinstance(thinking, list) else ():
        yield Piece(Kind.REASONING, role, block_content(block))
    calls = message.get("tool_calls")
    made = [call_piece(call) for call in calls] if isinstance(calls, list) else []
    if blocks or not (made or thinking):
        yield Piece(Kind.MESSAGE, role, Content(blocks))
    yield from made
    action = text_or_none(message.get("action"))
    if action and not made:
        yield _action(action, step)
    elif step is not None and (timing := timing_of(step)):
        yield _action(str(step.get("action") or ""), step)._replace(content=_told(timing, step))


def _action(action: str, step: Step | None) -> Piece:
    """What was run, where the model wrote it into its words."""
    words = action.split()
    content = Content((Text(action.rstrip("\n")),), detail=timing_of(step or {}) or None)
    shown = Visibility.UI_ONLY
    return Piece(Kind.TOOL_DETAIL, Role.TOOL, content, shown, name=words[0] if words else None)


def _told(timing: dict[str, JSON], step: Step) -> Content:
    seconds = timing.get("execution_time")
    took = f"took {seconds:.2f} s" if isinstance(seconds, (int, float)) else ""
    state = timing.get("state")
    place = text_or_none(state.get("working_dir")) if isinstance(state, dict) else None
    return Content((Text(", ".join(filter(None, (took, place))) or "state"),), detail=timing)


def timing_of(step: Step) -> dict[str, JSON]:
    """How long a step took, and the state that it left: JSON text in version 0."""
    state = step.get("state")
    found = {
        "execution_time": step.get("execution_time"),
        "state": parse_json(state) or state if isinstance(state, str) else state,
        "extra_info": step.get("extra_info"),
    }
    return {key: value for key, value in found.items() if value not in (None, {}, "")}


def _results(message: dict[str, Any], step: Step | None) -> Iterator[Piece]:
    ids = message.get("tool_call_ids")
    calls = [call for call in ids if isinstance(call, str)] if isinstance(ids, list) else []
    content = Content(part_blocks(message.get("content")))
    call = calls[0] if calls else text_or_none(message.get("tool_call_id"))
    yield Piece(Kind.TOOL_RESULT, Role.TOOL, content, call_id=call)
    for other in calls[1:]:
        yield Piece(Kind.TOOL_RESULT, Role.TOOL, Content(), call_id=other)


def _only_step(step: Step, number: int, is_aside: bool = False) -> Iterator[Piece]:
    """A step that is in no history: the last one, or one that the history leaves out."""
    seen = Visibility.UI_ONLY if is_aside else Visibility.IN_CONTEXT
    said = step.get("response") or step.get("thought")
    if blocks := part_blocks(said) if said else ():
        role = Role.ASSISTANT
        yield Piece(Kind.MESSAGE, role, Content(blocks), seen, message=number, source=step)
    if action := text_or_none(step.get("action")):
        yield _action(action, step)._replace(message=number, source=step)
    yield from _observed(step, number)


def _observed(step: Step, number: int) -> Iterator[Piece]:
    """What came of an action that the model was never told of."""
    if observed := text_or_none(step.get("observation")):
        content, seen = Content((Text(observed),)), Visibility.UI_ONLY
        name = "observation"
        yield Piece(Kind.CONTEXT, Role.USER, content, seen, name=name, message=number)


def _config(value: dict[str, Any]) -> Iterator[Piece]:
    """What the run can be repeated with; JSON text in version 1."""
    given = value.get("replay_config")
    config = parse_json(given) if isinstance(given, str) else given
    if config:
        hidden = Visibility.HIDDEN
        content = Content((Data(config),))
        yield Piece(Kind.CONFIG_CHANGE, Role.NONE, content, hidden, name="replay_config")


def _outcome(run: dict[str, Any]) -> Iterator[Piece]:
    """How a run ended, what it handed in, and the bill of all of it."""
    info = run.get("info")
    if not isinstance(info, dict):
        return
    yield from fields_piece(info, _TOLD)
    if usage := usage_of(info.get("model_stats")):
        content = Content((Data(info["model_stats"]),))
        yield Piece(Kind.USAGE, Role.NONE, content, Visibility.HIDDEN, usage=usage)
    if submission := text_or_none(info.get("submission")):
        content = Content((Text(submission),))
        yield Piece(Kind.FILE_CHANGE, Role.NONE, content, Visibility.UI_ONLY, name="submission")
    if status := text_or_none(info.get("exit_status")):
        yield Piece(Kind.SESSION_END, Role.NONE, Content((Text(status),)), Visibility.UI_ONLY)


def usage_of(stats: JSON) -> Usage | None:
    """The bill of a run: what was sent and received in all, and what it cost."""
    if not isinstance(stats, dict):
        return None
    sent, received = count_of(stats, "tokens_sent"), count_of(stats, "tokens_received")
    micros = micros_of(stats.get("instance_cost", stats.get("total_cost")))
    if not (sent or received or micros):
        return None
    return Usage(sent, output=received, cost_micros=micros)
