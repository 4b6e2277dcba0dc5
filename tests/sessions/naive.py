"""Sessions as plain lists in memory: what the store of slices must not differ from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scrubber.sessions.summaries import Options, split_of, summary

MISSING = "unknown session"


@dataclass(frozen=True)
class Entry:
    """A message, of how many events it is, and whether it stands for all in front of it."""

    message: Any
    events: int = 1
    is_summary: bool = False


_OPENING = ("open", "link_child", "by_label", "save")


@dataclass
class Facts:
    """What is known of a session beside its messages."""

    parent: str | None = None
    label: str | None = None
    skills: list[str] = field(default_factory=list)
    state: str = "active"
    ended: str | None = None


class Naive:
    """A list of entries a session; every verb copies what it needs."""

    def __init__(self) -> None:
        self.sessions: dict[str, list[Entry]] = {}
        self.facts: dict[str, Facts] = {}
        self.labels: list[tuple[str, str]] = []

    def apply(self, verb: str, *arguments: Any) -> Any:
        """Do what the runtime does; gives its result, or MISSING."""
        if verb not in _OPENING and arguments[0] not in self.sessions:
            return MISSING
        return getattr(self, verb)(*arguments)

    def state(self) -> dict[str, list[Any]]:
        """The messages of each session."""
        return {name: [e.message for e in self.view(name)] for name in self.sessions}

    def view(self, name: str) -> list[Entry]:
        """What a model sees: the last summary, and what came since."""
        entries = self.sessions[name]
        marks = [at for at, entry in enumerate(entries) if entry.is_summary]
        return entries[marks[-1] :] if marks else list(entries)

    def open(self, name: str) -> str:
        self.sessions.setdefault(name, [])
        self.facts.setdefault(name, Facts())
        return name

    def save(self, name: str, messages: list[Any]) -> None:
        self.replace_messages(self.open(name), messages)

    def inject(self, name: str, message: Any) -> None:
        self.sessions[name].append(Entry(message, events_of(message)))

    def replace_messages(self, name: str, wanted: list[Any]) -> None:
        have = [entry.message for entry in self.view(name)]
        pairs = zip(have, wanted, strict=False)
        alike = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(have), len(wanted)))
        if alike < len(have):
            self.sessions[name] = self._first(name, alike)
        for message in wanted[alike:]:
            self.inject(name, message)

    def trim(self, name: str, keep: int) -> int:
        view = self.view(name)
        if keep < len(view):
            self.sessions[name] = view[len(view) - keep :]
        return min(keep, len(view))

    def reset(self, name: str) -> None:
        self.sessions[name] = []

    def close(self, name: str) -> None:
        pass

    def fork(self, source: str, target: str) -> str:
        return self._fork(source, target, list(self.sessions[source]))

    def _fork(self, source: str, target: str, entries: list[Entry]) -> str:
        self.open(target)
        self.sessions[target] = entries
        self._adopt(source, target)
        return target

    def _adopt(self, parent: str, child: str) -> bool:
        if child in self._line(parent):
            return False
        self.facts[child].parent = parent
        return True

    def _line(self, name: str) -> list[str]:
        line = [name]
        while (parent := self.facts[line[-1]].parent) is not None:
            line.append(parent)
        return line

    def fork_at(self, source: str, keep: int, target: str) -> str:
        return self._fork(source, target, self._first(source, keep))

    def fork_at_event(self, source: str, index: int, target: str) -> Any:
        entries, kept, seen = self.sessions[source], [], 0
        if index > sum(entry.events for entry in entries):
            return "not within"
        for entry in entries:
            seen += entry.events
            if seen <= index:
                kept.append(entry)
        return self._fork(source, target, kept)

    def compact(self, name: str, options: dict[str, Any]) -> int:
        view = self.view(name)
        messages = [entry.message for entry in view]
        split = split_of(messages, options["keep_last"])
        if split:
            strategy = options["compact_strategy"]
            text = summary(messages[:split], strategy, Options(**options))
            at = len(self.sessions[name]) - len(view) + split
            made = Entry({"role": "user", "content": text}, 2, True)
            self.sessions[name].insert(at, made)
        return len(self.view(name))

    # What is known beside the messages

    def link_child(self, parent: str, child: str) -> str | None:
        self.open(parent)
        self.open(child)
        if parent != child and not self._adopt(parent, child):
            return f"session {parent} comes from {child}: it is no parent of it"
        return None

    def ancestry(self, name: str) -> dict[str, Any]:
        children = {one for one, facts in self.facts.items() if facts.parent == name}
        line = self._line(name)
        return {"parent_id": self.facts[name].parent, "child_ids": children, "root_id": line[-1]}

    def set_label(self, name: str, label: str | None) -> None:
        self.facts[name].label = label
        if label is not None:
            self.labels.append((label, name))

    def by_label(self, label: str) -> str | None:
        given = (n for one, n in reversed(self.labels) if one == self.facts[n].label == label)
        return next(given, None)

    def set_active_skills(self, name: str, skills: list[str]) -> None:
        self.facts[name].skills = skills

    def active_skills(self, name: str) -> list[str]:
        return self.facts[name].skills

    def complete(self, name: str) -> None:
        self.facts[name].ended, self.facts[name].state = "completed", "completed"

    def fail(self, name: str) -> None:
        self.facts[name].ended, self.facts[name].state = "error", "error"

    def stop(self, name: str) -> None:
        self.facts[name].ended, self.facts[name].state = "stopped", "completed"

    def pause(self, name: str) -> bool:
        return self._change(name, "active", "paused")

    def resume(self, name: str) -> bool:
        return self._change(name, "paused", "active")

    def _change(self, name: str, only: str, to: str) -> bool:
        was = self.facts[name].state
        self.facts[name].state = to if was == only else was
        return was == only

    def status(self, name: str) -> str:
        facts = self.facts[name]
        return "paused" if facts.state == "paused" else facts.ended or "active"

    def send(self, name: str, text: str) -> str | None:
        if self.status(name) != "active":
            return f"Session is not active: {self.status(name)}"
        self.inject(name, {"role": "user", "content": text})
        return None

    def history(self, name: str, limit: int, tools: bool) -> list[Any]:
        said = [entry.message for entry in self.view(name)]
        told = [one for one in said if tools or one["role"] != "tool"]
        return told[len(told) - limit :] if limit < len(told) else told

    def _first(self, name: str, keep: int) -> list[Entry]:
        view, entries = self.view(name), self.sessions[name]
        if keep == 0:
            return []
        return list(entries) if keep > len(view) else entries[: len(entries) - len(view) + keep]


def events_of(message: Any) -> int:
    """How many events the messages of these tests are."""
    calls = len(message.get("tool_calls", ()))
    return calls + bool(message.get("reasoning")) + bool(message.get("content") or not calls)
