"""The facts about a session in words, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.ui.inspector.words import NOTHING, REVEAL, SESSION, Fact, Section, time_words

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.ui.inspector.reading import Look


def session_sections(look: Look) -> tuple[Section, ...]:
    """Everything about the session."""
    session = look.session
    source = Fact("Source", "made in Scrubber")
    if session.source:
        source = Fact("Source", session.source, middle=True, action=REVEAL, target=session.source)
    identity = (
        Fact("Id", session.id, middle=True),
        Fact("Agent's id", session.native_id or NOTHING, middle=True),
        Fact("Format", session.format),
        Fact("Model", session.model or NOTHING),
        Fact("Folder", session.cwd or NOTHING, middle=True),
        source,
        Fact("Created", time_words(session.created)),
        Fact("Updated", time_words(session.updated)),
    )
    return (
        Section("", identity),
        Section("Totals", _counts(session)),
        Section("Lineage", _lineage(look)),
    )


def _counts(session: Session) -> tuple[Fact, ...]:
    return (
        Fact("Events", f"{session.events:,}"),
        Fact("Messages", f"{session.messages:,}"),
        Fact("Tokens", f"{session.tokens:,}"),
        Fact("Errors", f"{session.errors:,} ✗" if session.errors else "0", bool(session.errors)),
    )


def _lineage(look: Look) -> tuple[Fact, ...]:
    session = look.session
    parent = Fact("Parent", NOTHING)
    if session.parent:
        named = look.parent.title if look.parent and look.parent.title else session.parent
        parent = Fact("Parent", named, action=SESSION, target=session.parent)
    leaves = NOTHING if session.forked_at is None else f"after {session.forked_at:,} events"
    return (
        Fact("Relation", session.relation),
        parent,
        Fact("Leaves it", leaves),
        Fact("Children", f"{session.children:,}"),
    )
