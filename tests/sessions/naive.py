"""Sessions as plain lists in memory: what the store of slices must not differ from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrubber.sessions.summaries import Options, split_of, summary

MISSING = "unknown session"


@dataclass(frozen=True)
class Entry:
    """A message, of how many events it is, and whether it stands for all in front of it."""

    message: Any
    events: int = 1
    is_summary: bool = False


class Naive:
    """A list of entries a session; every verb copies what it needs."""

    def __init__(self) -> None:
        self.sessions: dict[str, list[Entry]] = {}

    def apply(self, verb: str, *arguments: Any) -> Any:
        """Do what the runtime does; gives its result, or MISSING."""
        if verb != "open" and arguments[0] not in self.sessions:
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
        return name

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
        self.sessions[target] = list(self.sessions[source])
        return target

    def fork_at(self, source: str, keep: int, target: str) -> str:
        self.sessions[target] = self._first(source, keep)
        return target

    def fork_at_event(self, source: str, index: int, target: str) -> Any:
        entries, kept, seen = self.sessions[source], [], 0
        if index > sum(entry.events for entry in entries):
            return "not within"
        for entry in entries:
            seen += entry.events
            if seen <= index:
                kept.append(entry)
        self.sessions[target] = kept
        return target

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

    def _first(self, name: str, keep: int) -> list[Entry]:
        view, entries = self.view(name), self.sessions[name]
        if keep == 0:
            return []
        return list(entries) if keep > len(view) else entries[: len(entries) - len(view) + keep]


def events_of(message: Any) -> int:
    """How many events the messages of these tests are."""
    calls = len(message.get("tool_calls", ()))
    return calls + bool(message.get("reasoning")) + bool(message.get("content") or not calls)
