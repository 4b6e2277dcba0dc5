"""Reads a query as it is typed; what makes no sense gives an error that points at the place.

    redirect "not found" tool:Bash,Edit -is:error after:2026-03-01

Words and phrases must all be in the event; ``field:value`` says what it is, with several values
any of them; ``-`` in front says the opposite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Origin, Role
from scrubber.core.query.folding import words
from scrubber.core.query.moments import moment_of
from scrubber.core.query.query import (
    LANES,
    PLACES,
    STATES,
    Condition,
    Field,
    Phrase,
    Query,
    QueryError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TERM = re.compile(
    r'(?P<no>-)?(?:(?P<field>[A-Za-z]+):(?![:/]))?(?P<value>(?:"[^"]*"|[^\s"])*)(?P<open>"[^"]*$)?'
)
_PART = re.compile(r'"([^"]*)"|([^,"]+)')
_MOST = 100
"""Words and conditions of a query; what is pasted by mistake has more."""
_SHORTEST_OPEN = 3
"""Letters from which a word may be the beginning of another: the few of *a* are too many."""


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    start: int
    stop: int
    quoted: bool = False


def parse(text: str) -> Query:
    """The query that a text says; a QueryError, a ValueError, tells what is wrong and where."""
    phrases: list[Phrase] = []
    conditions: list[Condition] = []
    for found in terms(text):
        if found["open"] is not None:
            raise QueryError('the " is not closed', found.start("open"), found.start("open") + 1)
        if found["field"] is not None and not _is_pasted(found):
            conditions.append(_condition(found, found["no"] is not None))
        else:
            phrases += _phrases(found, found["no"] is not None)
        if sum(len(phrase.words) for phrase in phrases) + len(conditions) > _MOST:
            raise QueryError(f"more than {_MOST} words", found.start(), found.end())
    return Query(tuple(phrases), tuple(conditions))


def terms(text: str) -> Iterator[re.Match[str]]:
    """The terms of a query, with the groups ``no`` (a minus), ``field``, ``value``, ``open``."""
    place = 0
    while place < len(text):
        found = _TERM.match(text, place)
        assert found is not None  # everything in it may be missing
        if found.end() > place:
            yield found
        place = max(found.end(), place + 1)


def _is_pasted(found: re.Match[str]) -> bool:
    """Whether a colon stands in a text such as ``localhost:8080``, and names nothing."""
    return found["field"].lower() not in _NAMES and not found["value"][:1].isalpha()


def _phrases(found: re.Match[str], negated: bool) -> list[Phrase]:
    result = []
    text = f"{found['field']}:{found['value']}" if found["field"] else found["value"]
    for quoted, bare in re.findall(r'"([^"]*)"|([^"]+)', text):
        folded = words(quoted or bare)
        is_open = bool(bare) and bool(folded) and len(folded[-1]) >= _SHORTEST_OPEN
        if folded:
            result.append(Phrase(folded, is_open and bare[-1] not in ".,;:!?)", negated))
    return result


def _condition(found: re.Match[str], negated: bool) -> Condition:
    name = found["field"].lower()
    if name not in _NAMES:
        start = found.start("field")
        known = ", ".join(f"{one}:" for one in Field)
        raise QueryError(
            f'there is no {name}: to ask for; use {known} or put it in "quotes"',
            start,
            found.end("field") + 1,
        )
    field, parts = Field(name), _parts(found)
    if not parts:
        raise QueryError(f"{name}: {_WANTED[field]}", found.start("field"), found.end())
    return Condition(field, tuple(_value(field, part) for part in parts), negated)


def _parts(found: re.Match[str]) -> list[_Part]:
    """The values, which commas part."""
    first, parts = found.start("value"), []
    for one in _PART.finditer(found["value"]):
        quoted = one[1] is not None
        text = one[1] if quoted else one[2]
        if text.strip():
            parts.append(_Part(text.strip(), first + one.start(), first + one.end(), quoted))
    return parts


def _value(field: Field, part: _Part) -> int | str:
    try:
        return _READERS.get(field, str.lower)(part.text)
    except ValueError as error:
        raise QueryError(str(error), part.start, part.stop) from None


def _one_of(field: Field, known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in known:
            raise ValueError(f"{field}:{text} is not known; use {_listed(known)}")
        return text.lower()

    return read


def _code(field: Field, members: type[Kind | Role | Origin]) -> Callable[[str], int]:
    labels = {member.label: int(member) for member in sorted(members, key=_rareness)}

    def read(text: str) -> int:
        label = text.lower().replace("-", "_")
        if label not in labels:
            raise ValueError(f"{field}:{text} is not known; use {_listed(tuple(labels))}")
        return labels[label]

    return read


_NAMES = {str(one) for one in Field}
_WANTED = {
    Field.KIND: "which kind? message, reasoning, tool_call, tool_result, …",
    Field.ROLE: "whose? user, assistant, tool, system, developer",
    Field.LANE: "which lane? you, model, thinking, tools, subagents, other",
    Field.TOOL: "which tool? its name",
    Field.MODEL: "which model? its name, or a part of it",
    Field.SESSION: "which session? its id, or a part of its title",
    Field.ORIGIN: "how did it come to be? recorded, edited, resampled, stubbed, typed, synthetic",
    Field.LABEL: "which label? its name",
    Field.NOTE: "what does the note on it say? words of it",
    Field.IS: "what is it? error, bookmarked, noted, hidden",
    Field.BEFORE: "when? 2026-03-01, 2026-03-01T09:30, today, 7d",
    Field.AFTER: "when? 2026-03-01, 2026-03-01T09:30, today, 7d",
    Field.IN: "where? root, branch, subagent",
}


def _rareness(member: Kind | Role | Origin) -> tuple[bool, int]:
    """What is asked for most is named first."""
    return member not in _USUAL, member


_USUAL: set[Kind | Role | Origin] = {
    Kind.MESSAGE,
    Kind.REASONING,
    Kind.TOOL_CALL,
    Kind.TOOL_RESULT,
    Kind.COMMAND,
}
_USUAL |= {Kind.COMPACTION, Kind.ERROR, Kind.SUBAGENT_START}


def _listed(known: tuple[str, ...]) -> str:
    return ", ".join(known)


_READERS: dict[Field, Callable[[str], int | str]] = {
    Field.KIND: _code(Field.KIND, Kind),
    Field.ROLE: _code(Field.ROLE, Role),
    Field.ORIGIN: _code(Field.ORIGIN, Origin),
    Field.LANE: _one_of(Field.LANE, LANES),
    Field.IS: _one_of(Field.IS, STATES),
    Field.IN: _one_of(Field.IN, PLACES),
    Field.BEFORE: moment_of,
    Field.AFTER: moment_of,
}
