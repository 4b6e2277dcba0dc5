"""The token ledger, as lash has it: one row per (source, model), a report, a difference.

Nothing is booked twice: what live calls and recordings have spent is told by the session's events,
and the ledger adds those up; only what no event tells is entered by hand. Events that several
sessions share are one spend. So a fork costs nothing until it runs on, and adding up a family
counts each call once. (lash copies the ledger to a fork, and sums count it again.)

What was spent stays spent: a session that goes back, or is reset, keeps the bill of what it left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Origin, Usage
from scrubber.core.running import add_usage
from scrubber.core.slices import Slice, SliceList
from scrubber.core.usage.recorded_model import model_of
from scrubber.sessions import spans
from scrubber.store import ledger as rows
from scrubber.store import paths, sessions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrubber.core.session import Session
    from scrubber.store import Store

Key = tuple[str, str]
"""(source, model). Sources that events have: ``recorded`` (read from a file), ``turn`` (a live
call), ``compaction`` (a summary); by hand, any. The model is that which the event or its record
names, else the session's; ``""`` where nothing names one."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was spent, from each side. A total is input + output + cache read + cache write;
    reasoning is a part of the output, and not added. ``cost_micros`` is what is known of the cost,
    None if nothing is."""

    rows: Mapping[Key, Usage] = field(default_factory=dict)

    @property
    def entry_count(self) -> int:
        """How many (source, model) there are."""
        return len(self.rows)

    @property
    def usage(self) -> Usage:
        """All together."""
        return _sum(self.rows.values())

    @property
    def by_source(self) -> dict[str, Usage]:
        """What each source has spent."""
        return self._by(0)

    @property
    def by_model(self) -> dict[str, Usage]:
        """What was spent on each model."""
        return self._by(1)

    def _by(self, side: int) -> dict[str, Usage]:
        names = dict.fromkeys(key[side] for key in self.rows)
        return {
            name: _sum(usage for key, usage in self.rows.items() if key[side] == name)
            for name in names
        }

    def as_json(self) -> dict[str, Any]:
        """The report of lash, with our names: ``{entry_count, usage, by_source, …}``."""
        return {
            "entry_count": self.entry_count,
            "usage": usage_json(self.usage),
            "by_source": {name: usage_json(one) for name, one in self.by_source.items()},
            "by_model": {name: usage_json(one) for name, one in self.by_model.items()},
            "by_source_model": [
                {"source": source, "model": model, **usage_json(one)}
                for (source, model), one in self.rows.items()
            ],
        }


def usage_json(usage: Usage) -> dict[str, Any]:
    """A usage as JSON: tokens, their total, and millionths of a dollar (null where unknown)."""
    return {
        "input": usage.input,
        "output": usage.output,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "reasoning": usage.reasoning,
        "total": usage.total,
        "cost_micros": usage.cost_micros,
    }


def report(store: Store, session: str) -> Report:
    """All that a session's events have spent, those that it shares with others included, on its
    present path and on those that it has left."""
    found = store.session(session)
    return _report(store, [found], spans.union(_taken(store, found.id)))


def own_report(store: Store, session: str) -> Report:
    """What a session has spent itself: without the events that it has from those it comes from."""
    line = store.ancestry(session)
    inherited = [path for one in line[:-1] for path in _taken(store, one.id)]
    mine = spans.union(_taken(store, line[-1].id))
    return _report(store, line[-1:], spans.without(mine, spans.union(inherited)))


def family_report(store: Store, sessions: Iterable[str]) -> Report:
    """What some sessions have spent together, whatever they share counted once."""
    found = {one.id: one for one in map(store.session, sessions)}
    rows: dict[Key, Usage] = {}
    seen: spans.Spans = {}
    for one in sorted(found.values(), key=lambda s: s.created):
        mine = spans.union(_taken(store, one.id))
        _book(rows, _report(store, [one], spans.without(mine, seen)))
        seen = spans.join(seen, mine)
    return Report(rows)


def _taken(store: Store, session: str) -> list[Any]:
    connection = store.connections.get()
    return paths.taken(connection, sessions.find(connection, session))


def _report(store: Store, found: list[Session], stretches: spans.Spans) -> Report:
    """The spend of some stretches, and what was entered by hand for some sessions."""
    connection = store.connections.get()
    booked: dict[Key, Usage] = {}
    pieces = spans.pieces(stretches)
    for source, model, usage in rows.sums(connection, pieces):
        _add(booked, (source, model or found[0].model or ""), usage)
    for log, seq, usage in rows.unnamed(connection, pieces):
        _add(booked, ("recorded", recorded_model(store, log, seq) or found[0].model or ""), usage)
    for one in found:
        for _, source, model, usage in rows.entered(connection, sessions.find(connection, one.id)):
            _add(booked, (source, model or ""), usage)
    return Report(dict(sorted(booked.items())))


def recorded_model(store: Store, log: int, seq: int) -> str | None:
    """The model that the record of an event names; None where it names none."""
    (event,) = store.read(SliceList([Slice(log, seq, seq + 1)]), 0, 1)
    return model_of(event, store.raw(event)) if event.origin is Origin.RECORDED else None


def _book(booked: dict[Key, Usage], other: Report) -> None:
    for key, usage in other.rows.items():
        _add(booked, key, usage)


def _add(booked: dict[Key, Usage], key: Key, usage: Usage) -> None:
    booked[key] = add_usage(booked[key], usage) if key in booked else usage


def _sum(usages: Iterable[Usage]) -> Usage:
    total = Usage()
    for one in usages:
        total = add_usage(total, one)
    return total


def enter(store: Store, session: str, source: str, model: str, usage: Usage) -> None:
    """Book what no event tells: what a tool has spent, say. A fork does not have it.

    BadArgumentError: no source, or a number below 0.
    """
    parts = (usage.input, usage.output, usage.cache_read, usage.cache_write, usage.reasoning)
    if not source.strip():
        raise BadArgumentError("a ledger needs a source, not an empty text")
    if min(parts) < 0:
        raise BadArgumentError(f"{source}: tokens cannot be below 0: {parts}")
    with store.connections.write() as connection:
        rows.enter(connection, sessions.find(connection, session), source, model, usage)


def difference(before: Report, after: Report) -> Report:
    """What was spent between two reports; rows in which nothing was are left out.

    BadArgumentError: a row has become smaller, so they are not reports of one ledger.
    """
    found: dict[Key, Usage] = {}
    for key in {**before.rows, **after.rows}:
        old, new = before.rows.get(key, Usage()), after.rows.get(key, Usage())
        change = _less(new, old)
        if min(change.input, change.output, change.cache_read, change.cache_write) < 0:
            source, model = key
            raise BadArgumentError(f"token ledger decreased for source/model ({source}, {model})")
        if change != Usage():
            found[key] = change
    return Report(found)


def _less(new: Usage, old: Usage) -> Usage:
    cost = None if new.cost_micros is None else new.cost_micros - (old.cost_micros or 0)
    return Usage(
        new.input - old.input,
        new.cache_read - old.cache_read,
        new.cache_write - old.cache_write,
        new.output - old.output,
        new.reasoning - old.reasoning,
        0,
        cost or None,
    )


def stretches_of(store: Store, session: str) -> list[Slice]:
    """The stretches of logs that a session has been, now or before, each event once."""
    return spans.pieces(spans.union(_taken(store, session)))
