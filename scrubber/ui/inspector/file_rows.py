"""Touched files and their edits as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.files.words import edit_words, file_note
from scrubber.models.row_list import ListRow, Rows

if TYPE_CHECKING:
    from scrubber.api.files import TouchedFile
    from scrubber.core.files.edits import FileEdit


def file_rows(files: tuple[TouchedFile, ...]) -> Rows:
    """A row for each file: its name, and how many lines came and went."""
    return Rows.of(_file_row(file) for file in files)


def _file_row(file: TouchedFile) -> ListRow:
    name = file.name.rpartition("/")[2] or file.name
    folder = file.name[: -len(name)].rstrip("/") if file.name != name else ""
    note = file_note(file.folded, file.edits, file.is_deleted)
    return ListRow(
        file.path,
        f"{name} · {folder}" if folder else name,
        _amount(file),
        "delete" if file.is_deleted else "file",
        "warning" if file.folded.untold else "USER",
        tip="\n".join(filter(None, (file.path, note))),
    )


def _amount(file: TouchedFile) -> str:
    if not file.diff:
        return "not recorded" if file.folded.untold else "±0"
    return f"+{file.added} −{file.removed}"


def edit_rows(file: TouchedFile) -> Rows:
    """A row for each edit of a file; it leads behind the call that made it."""
    return Rows.of(_edit_row(number, edit) for number, edit in enumerate(file.edits))


def _edit_row(number: int, edit: FileEdit) -> ListRow:
    return ListRow(
        (number, edit.index),
        f"#{edit.index + 1:,}  {edit.tool}",
        edit_words(edit),
        "error" if edit.is_failed else "tool",
        "error" if edit.is_failed else "RESULTS",
        target=edit.index + 1,
    )
