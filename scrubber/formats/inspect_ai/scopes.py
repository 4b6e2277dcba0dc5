"""The spans of a sample: which agent an event belongs to, and which conversations that one has.

An agent of its own is an agent span within another agent, a tool or scorer that calls a model, or
a branch. A span of any other type (a solver, a step) is only passed through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.formats.inspect_ai.context import Conversation, Told, best_of, kin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON

_OWN = ("agent", "subagent", "handoff", "branch", "tool", "scorer", "subtask")


@dataclass
class Scope:
    """An agent, or what may turn out to be one once it calls a model."""

    kind: str
    name: str
    parent: Scope | None = None
    conversations: list[Conversation] = field(default_factory=list)
    is_own: bool = False
    """Whether the conversations are its own, and not those of what it is in."""

    @property
    def home(self) -> Conversation:
        """Where its events are told that belong to no message."""
        scope: Scope | None = self
        while scope is not None and not scope.conversations:
            scope = scope.parent
        assert scope is not None, "the outermost scope has a conversation"
        return scope.conversations[0]


class Scopes:
    """The spans seen so far in one sample."""

    def __init__(self, main: Conversation) -> None:
        self.root = Scope("sample", main.title, conversations=[main], is_own=True)
        self._spans: dict[str, tuple[Scope, str]] = {}
        self._names = 0

    def find(self, span: JSON, outer: Scope) -> Scope:
        """The scope of an event by its span; ``outer`` where it tells none."""
        return self._spans[span][0] if isinstance(span, str) and span in self._spans else outer

    def begin(self, event: dict[str, JSON], outer: Scope) -> Scope:
        """Enter a span."""
        name, kind = str(event.get("name") or "span"), str(event.get("type") or "")
        parent = self.find(event.get("parent_id"), outer)
        scope = Scope(kind, name, parent) if kind in _OWN else parent
        if isinstance(span := event.get("id"), str):
            self._spans[span] = scope, name
        return scope

    def end(self, event: dict[str, JSON]) -> Scope | None:
        """The scope that a span's end ends, None if the span was only passed through."""
        span = event.get("id") or event.get("span_id")
        scope, name = self._spans.get(span, (None, "")) if isinstance(span, str) else (None, "")
        return scope if scope is not None and scope.is_own and scope.name == name else None

    def name_of(self, span: JSON) -> str:
        """The name of a span."""
        return self._spans[span][1] if isinstance(span, str) and span in self._spans else ""

    def conversation(
        self, scope: Scope, inputs: Sequence[Told], log: str
    ) -> tuple[Conversation, str]:
        """(conversation, how it came to be) that a model event goes on with, or begins.

        How: empty for one that is known, ``agent``, ``branch``, or ``side`` for a call with an
        input that has nothing to do with what the agent talks about. ``log`` is a new one's key.
        """
        if not scope.conversations:
            self._adopt(scope, inputs)
        if not scope.conversations:
            return self._own(scope, inputs, log)
        first = scope.conversations[0]
        if not first.keys:
            return first, ""
        best = best_of(scope.conversations, inputs) or (first if first.is_compacted else None)
        if (known := best or self._side(scope, inputs)) is not None:
            return known, ""
        side = Conversation(log, scope.name, first, opening=_opening(scope, inputs))
        scope.conversations.append(side)
        return side, "side"

    def _adopt(self, scope: Scope, inputs: Sequence[Told]) -> None:
        """Let an agent that is all there is to the one it is in be that one."""
        outer = scope.parent
        if scope.kind != "agent" or outer is None:
            return
        is_first = not outer.home.keys
        if is_first or (outer is self.root and kin(outer.home, inputs)):
            while not outer.conversations and outer.parent is not None:
                outer = outer.parent
            scope.conversations = outer.conversations

    def _own(self, scope: Scope, inputs: Sequence[Told], log: str) -> tuple[Conversation, str]:
        outer = scope.parent or self.root
        scope.is_own = True
        if scope.kind == "branch":
            around = _around(outer)
            origin = best_of(around, inputs)
            length = origin.shared([told.key for told in inputs]) if origin is not None else 0
            if origin is not None and length:
                scope.conversations = [origin.branch(log, scope.name, length)]
                return scope.conversations[0], "branch"
        scope.conversations = [Conversation(log, scope.name, outer.home)]
        return scope.conversations[0], "agent"

    def _side(self, scope: Scope, inputs: Sequence[Told]) -> Conversation | None:
        opening = _opening(scope, inputs)
        sides = scope.conversations[1:]
        return next((one for one in sides if one.opening == opening), None)


def _around(scope: Scope) -> list[Conversation]:
    found: list[Conversation] = []
    outer: Scope | None = scope
    while outer is not None:
        found += [one for one in outer.conversations if one not in found]
        outer = outer.parent
    return found


def _opening(scope: Scope, inputs: Sequence[Told]) -> tuple[str, int]:
    first = inputs[0] if inputs else None
    is_system = first is not None and first.message.get("role") == "system"
    return scope.name, first.key if first is not None and is_system else -1
