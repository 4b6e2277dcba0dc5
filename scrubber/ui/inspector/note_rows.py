"""What is written on a session, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.models.row_list import ListRow, Rows

if TYPE_CHECKING:
    from scrubber.core.notes import Note
    from scrubber.models.session_notes import Written

_ICONS = {"bookmark": "bookmark", "label": "label", "note": "note"}


def note_rows(written: Written) -> tuple[Rows, str]:
    """The rows in the order of the session, those whose evidence has changed last; their number."""
    found = [note for index in sorted(written.at) for note in written.at[index]]
    rows = [_row(note, written) for note in found]
    if written.changed:
        rows.append(ListRow("changed", "Evidence changed", is_heading=True))
        rows += [_row(note, written) for note in written.changed]
    number = count(len(found) + len(written.changed), "mark")
    return Rows.of(rows), f"{number} in this session" if rows else "Nothing is written here yet"


def _row(note: Note, written: Written) -> ListRow:
    text = note.text if note.kind != "bookmark" else note.excerpt
    amount = "remove" if note.index is None else f"#{note.index + 1:,}"
    tone = f"label-{written.colour(note.text)}" if note.kind == "label" else ""
    return ListRow(
        note.id,
        text or note.kind,
        amount,
        _ICONS[note.kind],
        "accent" if note.kind == "bookmark" else tone,
        target=None if note.index is None else note.index + 1,
        tip=_tip(note),
    )


def _tip(note: Note) -> str:
    parts = [f"{note.kind}: {note.text}" if note.text else note.kind, note.excerpt]
    if note.index is None:
        parts.append(
            f"written on #{note.was_at + 1:,}; its source was rewritten, and the event is gone. "
            "Click to delete the note."
        )
    return "\n".join(part for part in parts if part)
