"""Shows on stdout what a branch says while it runs, and on stderr what one should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrubber.cli import output
from scrubber.cli.transcript import TranscriptText

if TYPE_CHECKING:
    from types import TracebackType

    from scrubber.api import OpenStore
    from scrubber.live.reports import Report


class Watcher:
    """Prints the events that are added; of several branches only how they get on."""

    def __init__(self, store: OpenStore, quiet: bool, several: bool) -> None:
        self._store = store
        self._quiet = quiet
        self._several = several
        self._seen: dict[str, int] = {}
        self._text = TranscriptText(output.width() or 100)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        output.flush()

    def expect(self, session: str) -> None:
        """Print only what comes after what a session has now."""
        self._seen[session] = self._store.session(session).events

    def see(self, report: Report) -> None:
        """Take a report of the run."""
        from scrubber.live.reports import Added, Noted, Sending

        match report:
            case Added() if not self._quiet and not self._several:
                self._print(report.session, report.length)
            case Noted():
                output.say(f"{self._name(report.session)}{report.text}")
            case Sending() if report.sha256 and not self._quiet:
                about = "about " if report.forecast.is_estimate else ""
                tokens = f"{about}{report.forecast.tokens:,} tokens"
                output.say(f"{self._name(report.session)}turn {report.turn}: sending {tokens}")

    def _name(self, session: str) -> str:
        return f"{session[:8]} · " if self._several else ""

    def _print(self, session: str, length: int) -> None:
        start = self._seen.get(session, length)
        for event in self._store.events(session, start, length):
            for line in self._text.event(event, self._store.content(event)):
                output.put(line)
        self._seen[session] = max(length, start)
        output.flush()
