"""Changes a query as a text, as the buttons of a filter do: what else is typed stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.query.parsing import terms

if TYPE_CHECKING:
    import re

    from scrubber.core.query.query import Field


def values_in(text: str, field: Field) -> tuple[str, ...]:
    """The values of the first condition on a field that is no negation, in lower case."""
    found = _condition(text, field)
    return tuple(_values(found)) if found is not None else ()


def toggled(text: str, field: Field, value: str) -> str:
    """The query with one value more, or without it, in the condition on a field."""
    found = _condition(text, field)
    if found is None:
        return f"{text.rstrip()} {field}:{_quoted(value)}".strip()
    values = _values(found)
    if value.lower() in values:
        values.remove(value.lower())
    else:
        values.append(value)
    term = f"{field}:{','.join(map(_quoted, values))}" if values else ""
    before, behind = text[: found.start()].rstrip(), text[found.end() :].lstrip()
    return " ".join(part for part in (before, term, behind) if part)


def _condition(text: str, field: Field) -> re.Match[str] | None:
    for found in terms(text):
        if (found["field"] or "").lower() == field and found["no"] is None:
            return found
    return None


def _values(found: re.Match[str]) -> list[str]:
    return [part.strip('"').lower() for part in found["value"].split(",") if part.strip('"')]


def _quoted(value: str) -> str:
    return f'"{value}"' if not value or any(c in ' ,"' for c in value) else value
