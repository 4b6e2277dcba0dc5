"""Queries as they are typed behind a command; a fault is pointed at."""

from __future__ import annotations

from scrubber.cli import output
from scrubber.core.query import Query, QueryError, parse


def parsed(text: str) -> Query:
    """The query; one that makes no sense is written with a mark below its fault, then raised."""
    try:
        return parse(text)
    except QueryError as error:
        length = max(error.stop - error.start, 1)
        output.say(f"{text}\n{' ' * error.start}{'^' * length}")
        raise
