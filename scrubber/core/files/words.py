"""Files and edits in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.core.files.changes import Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.files.edits import FileEdit
    from scrubber.core.files.folding import Folded

UNTOLD = "content not recorded"


def file_note(folded: Folded, edits: Sequence[FileEdit], is_deleted: bool) -> str:
    """What must be known of a file's diff; empty where it is all there is to tell."""
    failed = sum(edit.is_failed for edit in edits)
    said = [
        "deleted" if is_deleted else "",
        f"{UNTOLD} of {count(folded.untold, 'edit')}" if folded.untold else "",
        "" if folded.is_former_known else "what it held before is not recorded",
        f"{count(failed, 'edit')} failed" if failed else "",
        "nothing changed" if failed == len(edits) else "",
    ]
    return " · ".join(filter(None, said))


def edit_words(edit: FileEdit) -> str:
    """What an edit did, in a word or two."""
    change = edit.change
    if edit.is_failed:
        return "failed ✗"
    if not change.is_recorded:
        return f"{change.verb.value} · {UNTOLD}"
    if change.verb is Verb.MOVE:
        return f"moved to {change.target}"
    pieces = len(change.hunks)
    return f"{change.verb.value} · {count(pieces, 'place')}" if pieces > 1 else change.verb.value
