"""``scrubber import``: reads transcripts into the store."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import Commands, add_command, add_json, opened
from scrubber.cli.failures import DONE, FAILED, INTERRUPTED, PARTLY
from scrubber.cli.progress import ProgressLine, progress_line
from scrubber.cli.short_ids import ShortIds
from scrubber.core.ages import bytes_text, count
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api import Imported, OpenStore
    from scrubber.core.session import Session

_WARNINGS_SHOWN = 20


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "import", run, "read transcripts into the store")
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a file or a folder")
    parser.add_argument("--format", metavar="F", help="read as this, instead of by the content")
    parser.add_argument(
        "--found", action="store_true", help="what agents keep on this machine; asks on a terminal"
    )
    parser.add_argument(
        "--follow",
        action="store_true",
        help="then take what is appended to these files as it comes, until interrupted",
    )
    add_json(parser, "an object a line for each session")


def run(args: argparse.Namespace) -> int:
    """Import; whatever was imported stays, also when it is interrupted."""
    if not args.paths and not args.found:
        raise BadArgumentError("name a file or a folder, or use --found")
    _check_format(args.format)
    with opened(args) as store:
        paths = [*args.paths, *(_found(store, args.format) if args.found else ())]
        if not paths:
            return DONE
        with progress_line() as line:
            summary = _Summary(store, args.json, line)
            try:
                store.import_paths(paths, args.format, line.progress(), summary.take)
                status = summary.finish()
                store.update_index(line.progress("indexing"))
                line.clear()
                if args.follow:
                    follow(store, summary)
                return status
            except KeyboardInterrupt:
                line.clear()
                output.say(
                    f"scrubber import: interrupted{summary.so_far()}; what was done is kept, "
                    "and the same command goes on from there"
                )
                return INTERRUPTED


def follow(store: OpenStore, summary: _Summary) -> None:
    """Take what is appended to the files that were read, as it comes; ends with Ctrl-C."""
    from scrubber.api.following import follow as changes_of

    output.say("following; Ctrl-C ends it")
    with suppress(KeyboardInterrupt):
        for session in changes_of(store, summary.files):
            summary.grown(session)


def _check_format(format: str | None) -> None:
    from scrubber.api import OpenStore

    known = ["native", *(name for name, _, readable, _ in OpenStore.formats() if readable)]
    if format is not None and format not in known:
        raise BadArgumentError(
            f"there is no format {format!r} to read: use one of {', '.join(known)}"
        )


def _found(store: OpenStore, format: str | None) -> list[Path]:
    """Say what agents keep on this machine; the folders to read, if any and if wanted."""
    places = [place for place in store.found() if format in (None, place.format)]
    for place in places:
        files = count(len(place.files), "file")
        output.say(f"{place.title}: {files}, {bytes_text(place.bytes)}, in {place.folder}")
    if not places:
        output.say("no sessions of any known agent were found on this machine")
        return []
    if output.can_ask() and output.ask("Import them? [y/N] ").lower() not in ("y", "yes"):
        return []
    return [place.folder for place in places]


class _Summary:
    """Writes the results one by one, and counts them."""

    def __init__(self, store: OpenStore, as_json: bool, line: ProgressLine) -> None:
        self._store = store
        self._line = line
        self._json = as_json
        self._ids = ShortIds(() if as_json else store.sessions())
        self._counts: Counter[str] = Counter()
        self._warnings = 0
        self._files: dict[Path, None] = {}

    def take(self, result: Imported) -> None:
        """Write a result, as soon as it is known."""
        self._line.clear()
        self._counts[result.status] += 1
        if result.session is not None:
            self._files[Path(result.source)] = None
        self._write(result)
        output.flush()

    @property
    def files(self) -> list[Path]:
        """The files that gave sessions."""
        return list(self._files)

    def grown(self, session: Session) -> None:
        """Write that a session has grown."""
        if self._json:
            output.put_json(grown_json(session))
        else:
            output.put(
                f"grown      {self._ids.of(session.id):<8}  {session.events:>9,} events  "
                f"{session.messages:>7,} messages  {output.line(session.title)}"
            )
        output.flush()

    def finish(self) -> int:
        """Say what it comes to; gives the exit status."""
        self._line.clear()
        nothing = "no transcript was found there"
        output.say(f"{self._words() or nothing}{self._trouble()}")
        worked = self._counts.total() - self._counts["failed"]
        if not worked:
            return FAILED
        return PARTLY if self._counts["failed"] else DONE

    def so_far(self) -> str:
        """What was done when it was interrupted; the session that was being read does not count."""
        return f" after {self._words()}" if self._words() else ""

    def _words(self) -> str:
        parts = [
            f"{self._counts[status]:,} {status}"
            for status in ("new", "extended", "rewritten", "unchanged", "failed")
            if self._counts[status]
        ]
        return ", ".join(parts)

    def _trouble(self) -> str:
        return f"; {count(self._warnings, 'warning')}" if self._warnings else ""

    def _write(self, result: Imported) -> None:
        if self._json:
            output.put_json(as_json(result))
        if result.session is None:
            reasons = "; ".join(warning.reason for warning in result.warnings)
            output.say(f"failed: {_naming(result.source, reasons)}")
            return
        if not self._json:
            self._put_row(result)
        self._warn(result)

    def _put_row(self, result: Imported) -> None:
        assert result.session is not None
        if result.status == "new":
            self._ids.add(self._store.session(result.session))
        output.put(
            f"{result.status:<9}  {self._ids.of(result.session):<8}  {result.events:>9,} events  "
            f"{result.messages:>7,} messages  {output.line(result.title)}"
        )

    def _warn(self, result: Imported) -> None:
        self._warnings += len(result.warnings)
        for warning in result.warnings[:_WARNINGS_SHOWN]:
            place = f":{warning.line}" if warning.line else ""
            output.say(f"{result.source}{place}: {warning.reason}")
        if (more := len(result.warnings) - _WARNINGS_SHOWN) > 0:
            output.say(f"{result.source}: {more:,} more; --json lists all")


def _naming(source: str, reason: str) -> str:
    return reason if source in reason else f"{source}: {reason}"


def as_json(result: Imported) -> dict[str, Any]:
    """A result as the JSON of docs/cli.md."""
    return {
        "session": result.session,
        "title": result.title,
        "format": result.format,
        "source": result.source,
        "status": result.status,
        "events": result.events,
        "messages": result.messages,
        "warnings": [{"line": w.line or None, "reason": w.reason} for w in result.warnings],
    }


def grown_json(session: Session) -> dict[str, Any]:
    """A session that has grown, in the same shape."""
    return {
        "session": session.id,
        "title": session.title,
        "format": session.format,
        "source": session.source,
        "status": "extended",
        "events": session.events,
        "messages": session.messages,
        "warnings": [],
    }
