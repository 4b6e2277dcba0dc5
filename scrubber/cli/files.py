"""``scrubber files``: what a session did to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.failures import DONE
from scrubber.core.files.words import file_note

if TYPE_CHECKING:
    import argparse

    from scrubber.api.files import TouchedFile
    from scrubber.core.files.edits import FileEdit


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "files", run, "list the files that a session has touched")
    add_session(parser)
    add_at(parser, "in front of this index, instead of in all of it")
    parser.add_argument("--diff", action="store_true", help="what has changed, line by line")
    add_json(parser, "an object a line for each file, the one touched last first")


def run(args: argparse.Namespace) -> int:
    """List the files, with their edits."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        files = store.files(session.id, cut(session, args.at))
    if args.json:
        for file in files:
            output.put_json(_as_json(file, args.diff))
    elif args.diff:
        for file in files:
            _print_diff(file)
    elif files:
        rows = [_row(file) for file in files]
        head = ("EDITS", "LINES", "LAST", "FILE", "NOTE")
        for line in tables.table(head, rows, right="EDITS LINES LAST", width=output.width()):
            output.put(line)
    return DONE


def _row(file: TouchedFile) -> tuple[str, ...]:
    return (
        str(len(file.edits)),
        f"+{file.added} −{file.removed}",
        f"#{file.edits[-1].index + 1}",
        file.name,
        file_note(file.folded, file.edits, file.is_deleted),
    )


def _print_diff(file: TouchedFile) -> None:
    note = file_note(file.folded, file.edits, file.is_deleted)
    output.put(f"--- {file.name}")
    output.put(f"+++ {file.name}{f'  ({note})' if note else ''}")
    for line in file.diff:
        output.put(line)
    output.put()


def _as_json(file: TouchedFile, with_diff: bool) -> dict[str, Any]:
    return {
        "path": file.path,
        "name": file.name,
        "added": file.added,
        "removed": file.removed,
        "is_exact": file.folded.is_exact,
        "untold": file.folded.untold,
        "is_deleted": file.is_deleted,
        "edits": [_edit_json(edit) for edit in file.edits],
        "diff": list(file.diff) if with_diff else None,
    }


def _edit_json(edit: FileEdit) -> dict[str, Any]:
    return {
        "index": edit.index,
        "tool": edit.tool,
        "verb": edit.change.verb.value,
        "is_recorded": edit.change.is_recorded,
        "is_failed": edit.is_failed,
        "answered": edit.answered,
    }
