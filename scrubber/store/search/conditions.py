"""A query's conditions as SQL on a row ``e`` of the store's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.core.query import Field
from scrubber.core.track import Lane, lane_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.query import Condition, Phrase, Query

Sql = tuple[str, list[int | str]]
"""A condition, and the values of its question marks."""

_TOOLS = f"({int(Kind.TOOL_CALL)}, {int(Kind.TOOL_RESULT)}, {int(Kind.TOOL_DETAIL)})"
_SPOKEN = f"({int(Kind.MESSAGE)}, {int(Kind.REASONING)}, {int(Kind.MODEL_CALL)})"
_IN_SESSION = (
    "EXISTS (SELECT 1 FROM store.slices s JOIN store.sessions x ON x.pk = s.session "
    "WHERE s.log = e.id >> 32 AND s.start <= e.id & 4294967295 AND s.stop > e.id & 4294967295 "
    "AND x.trashed IS NULL AND {})"
)


def where(query: Query) -> Sql:
    """All conditions of a query; hidden events are left out unless it asks for them."""
    parts, values = [], list[int | str]()
    if not query.asks_for_hidden:
        parts.append(f"e.visibility <> {int(Visibility.HIDDEN)}")
    for condition in query.conditions:
        sql, used = _any_of(condition)
        parts.append(f"NOT coalesce(({sql}), 0)" if condition.negated else f"({sql})")
        values += used
    return " AND ".join(parts) or "1", values


def match(phrases: tuple[Phrase, ...], unwanted: tuple[Phrase, ...] = ()) -> str:
    """For FTS5's MATCH: all words of the first phrases, none of the others that are one word."""
    wanted = " AND ".join(word for phrase in phrases for word in _words(phrase))
    against = match_any(unwanted)
    return f"({wanted}) NOT ({against})" if against and wanted else wanted


def match_any(phrases: tuple[Phrase, ...]) -> str:
    """Any of those of the phrases that are one word."""
    return " OR ".join(_words(phrase)[0] for phrase in phrases if len(phrase.words) == 1)


def _words(phrase: Phrase) -> list[str]:
    quoted = [f'"{word}"' for word in phrase.words]
    if phrase.is_open:
        quoted[-1] += "*"
    return quoted


def _any_of(condition: Condition) -> Sql:
    if condition.field in _CODES:
        marks = ", ".join("?" * len(condition.values))
        return f"e.{condition.field} IN ({marks})", list(condition.values)
    pieces = [_TESTS[condition.field](value) for value in condition.values]
    return " OR ".join(f"({sql})" for sql, _ in pieces), [v for _, used in pieces for v in used]


def _tool(value: int | str) -> Sql:
    """By the name, ``*`` for any letters; a result that has none has that of its call."""
    call = (
        f"e.kind = {int(Kind.TOOL_RESULT)} AND e.name IS NULL AND e.ref >= 0 AND EXISTS (SELECT 1 "
        "FROM store.events c WHERE c.id = (e.id >> 32 << 32) + e.ref AND lower(c.name) GLOB ?)"
    )
    named = f"e.kind IN {_TOOLS} AND lower(e.name) GLOB ?"
    return f"({named}) OR ({call})", [glob := _glob(str(value)), glob]


def _glob(text: str) -> str:
    return text.replace("[", "[[]").replace("?", "[?]")


def _model(value: int | str) -> Sql:
    """By a part of its name: the speaker's where the source says who spoke, else the session's.

    Whether any session has it is asked first, and once.
    """
    test = "instr(lower(x.model), ?)"
    session = f"EXISTS (SELECT 1 FROM store.sessions x WHERE {test}) AND {_IN_SESSION.format(test)}"
    named = f"e.kind IN {_SPOKEN} AND instr(lower(e.name), ?)"
    return f"{named} OR (e.kind NOT IN {_SPOKEN} OR e.name IS NULL) AND {session}", [value] * 3


def _lane(lane: Lane) -> str:
    """The kinds, by role, that are drawn in a lane of the timeline."""
    pairs = [(kind, role) for kind in Kind for role in Role if lane_of(kind, role) is lane]
    codes = ", ".join(str(kind * 8 + role) for kind, role in pairs)
    return f"e.kind * 8 + e.role IN ({codes})"


def _session(value: int | str) -> Sql:
    return _IN_SESSION.format(_NAMED), [value] * 3


def named(condition: Condition) -> Sql:
    """A condition on sessions ``x``: those that one on a session's name or id means."""
    values = [value for value in condition.values for _ in range(3)]
    return " OR ".join([_NAMED] * len(condition.values)), values


def noted(condition: Condition) -> Sql | None:
    """A condition on notes ``n`` on events: those that one on notes means; None for others."""
    pieces = [_on_note(condition.field, value) for value in condition.values]
    known = [piece for piece in pieces if piece is not None]
    if len(known) < len(pieces):
        return None
    return " OR ".join(f"({sql})" for sql, _ in known), [v for _, used in known for v in used]


def _on_note(field: Field, value: int | str) -> Sql | None:
    if field is Field.IS:
        return (_NOTE_STATES[str(value)], []) if value in _NOTE_STATES else None
    return _NOTES[field](value) if field in _NOTES else None


def _note(field: Field) -> Callable[[int | str], Sql]:
    def test(value: int | str) -> Sql:
        sql, values = _NOTES[field](value)
        return _NOTED.format(sql), values

    return test


def _is(value: int | str) -> Sql:
    return _STATES[str(value)], []


def _in(value: int | str) -> Sql:
    return _PLACES[str(value)], []


_NAMED = "(substr(x.id, 1, length(?)) = ? OR instr(lower(x.title), ?))"
_NOTED = (
    "EXISTS (SELECT 1 FROM store.anchors a JOIN store.notes n ON n.pk = a.note "
    "WHERE a.event = e.id AND {})"
)
_NOTES: dict[Field, Callable[[int | str], Sql]] = {
    Field.LABEL: lambda value: ("n.kind = 'label' AND lower(n.text) = ?", [value]),
    Field.NOTE: lambda value: ("n.kind = 'note' AND instr(lower(n.text), ?)", [value]),
}
_NOTE_STATES = {"bookmarked": "n.kind = 'bookmark'", "noted": "n.kind = 'note'"}
_CODES = (Field.KIND, Field.ROLE, Field.ORIGIN)
_STATES = {
    "error": f"e.marks & {int(Mark.ERROR)}",
    "hidden": f"e.visibility = {int(Visibility.HIDDEN)}",
    **{state: _NOTED.format(test) for state, test in _NOTE_STATES.items()},
}
_SUBAGENT = _IN_SESSION.format("x.relation = 'subagent'")
_ROOT = _IN_SESSION.format("x.relation IN ('root', 'continuation')")
_PLACES = {"root": _ROOT, "subagent": _SUBAGENT, "branch": f"NOT {_ROOT} AND NOT {_SUBAGENT}"}
_LANES = {lane.name.lower(): _lane(lane) for lane in Lane}
_TESTS: dict[Field, Callable[[int | str], Sql]] = {
    Field.LANE: lambda value: (_LANES[str(value)], []),
    Field.TOOL: _tool,
    Field.MODEL: _model,
    Field.SESSION: _session,
    Field.LABEL: _note(Field.LABEL),
    Field.NOTE: _note(Field.NOTE),
    Field.IS: _is,
    Field.IN: _in,
    Field.BEFORE: lambda value: ("e.ts < ?", [value]),
    Field.AFTER: lambda value: ("e.ts >= ?", [value]),
}
