"""The query language: what the search, the filter of the transcript and its commands understand."""

from __future__ import annotations

from scrubber.core.query.parsing import parse
from scrubber.core.query.query import Condition, Field, Phrase, Query, QueryError

__all__ = ["Condition", "Field", "Phrase", "Query", "QueryError", "parse"]
