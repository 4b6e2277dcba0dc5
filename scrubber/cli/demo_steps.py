"""The demo without a window: the same job, step by step, in plain words on stdout."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from scrubber.cli import demo_store, output
from scrubber.cli.failures import DONE, PARTLY
from scrubber.cli.show import totals_text
from scrubber.core.ages import bytes_text, count
from scrubber.core.describe import describe
from scrubber.core.events import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.core.session import Session

_SIZE = (1440, 900)
_PATIENCE_S = 120
_PHOTOGRAPH = (
    "import sys; from pathlib import Path; from scrubber.app import screenshot; "
    "store, session, index, path, width, height = sys.argv[1:]; "
    "screenshot(Path(store), session, int(index), Path(path), (int(width), int(height)))"
)


class Steps:
    """Runs the steps, one after the other, on an open store."""

    def __init__(self, store: OpenStore, folder: Path) -> None:
        self._store = store
        self._folder = folder.absolute()
        self._number = 0

    def run(self) -> int:
        """All steps; status 3 if only the screenshot could not be made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        sample = self._import()
        self._scrub(sample)
        fork = self._fork(sample)
        self._continue(sample)
        self._export(fork)
        pictured = self._screenshot(sample)
        output.put(f"\nThe files are in {self._folder}; the store is {self._store.path}.")
        return DONE if pictured else PARTLY

    def _step(self, title: str) -> None:
        self._number += 1
        output.put(f"{'' if self._number == 1 else chr(10)}{self._number}. {title}")
        output.flush()

    def _import(self) -> Session:
        self._step("Import: the sample transcript goes into the store.")
        sample = demo_store.import_sample(self._store)
        below = [s for s in self._store.children(sample.id) if s.relation == "subagent"]
        output.put(f"   “{output.line(sample.title)}”, a session of {sample.format}:")
        output.put(f"   {totals_text(self._store.totals(sample.id))}")
        output.put(f"   below it: {count(len(below), 'sub-agent')}")
        return sample

    def _scrub(self, sample: Session) -> None:
        self._step("Scrub: the playhead stands between two events; E means the first E events.")
        for at in self._positions(sample):
            (event,) = self._store.events(sample.id, at - 1, at)
            totals = self._store.totals(sample.id, at)
            output.put(f"   at {at:>3} of {sample.events}: {describe(event, 70)}")
            output.put(
                f"{'':13}{count(totals.messages, 'message')}, {totals.tokens:,} tokens, "
                f"{count(totals.errors, 'error')}, {count(totals.open_calls, 'open tool call')}"
            )

    def _positions(self, sample: Session) -> list[int]:
        """Telling places: the request, the first error, the wrong edit, a compaction, the end."""
        wanted: dict[str, int] = {"edit": demo_store.wrong_edit(self._store, sample).index + 1}
        for event in self._store.events(sample.id):
            for name, fits in (
                ("request", event.kind is Kind.MESSAGE),
                ("error", event.is_error),
                ("compaction", event.kind is Kind.COMPACTION),
            ):
                if fits:
                    wanted.setdefault(name, event.index + 1)
        return sorted({*wanted.values(), sample.events})

    def _fork(self, sample: Session) -> Session:
        edit = demo_store.wrong_edit(self._store, sample)
        self._step(f"Fork at {edit.index}: in front of the edit that turned out wrong.")
        fork = demo_store.fork_sample(self._store, sample)
        verdict = self._store.lint(sample.id, edit.index)
        problems = "; ".join(problem.text for problem in verdict.problems)
        output.put(f"   session “{fork.title}”, {fork.id}")
        output.put(f"   it shares {count(edit.index, 'event')} with the sample, and copies none")
        output.put(f"   lint: {problems or 'nothing is left open by this cut'}")
        return fork

    def _continue(self, sample: Session) -> None:
        self._step("Continue, without a key and without a network.")
        replayed = demo_store.replayed_fork(self._store, sample)
        output.put(f"   “{output.line(replayed.title)}” goes on with what was recorded:")
        self._run(replayed)
        edited = demo_store.edited_fork(self._store, sample)
        output.put(f"   “{output.line(edited.title)}” has a result that was edited, so that")
        output.put(
            "   the recording stops where it no longer fits; a model could go on from there:"
        )
        self._run(edited)

    def _run(self, branch: Session) -> None:
        outcome = self._store.continue_branch(branch.id)
        for event in self._store.events(branch.id, branch.events, branch.events + 4):
            output.put(f"      #{event.index + 1}  {describe(event, 76)}")
        more = f", {count(outcome.events, 'event')} added" if outcome.events else ""
        output.put(f"      {outcome.ending}{more}: {output.line(outcome.reason)}")

    def _export(self, fork: Session) -> None:
        self._step("Export the fork as JSON Lines.")
        for format, name, what in (
            ("messages", "fork.messages.jsonl", "messages, as chat models take them"),
            ("native", "fork.scrubber.jsonl", "Scrubber's own snapshot, which loses nothing"),
        ):
            path = self._folder / name
            size = self._store.export_to(path, fork.id, format=format, overwrite=True)
            output.put(f"   {path}\n      {what}, {bytes_text(size)}")

    def _screenshot(self, sample: Session) -> bool:
        self._step("A picture of the real window, drawn without a screen.")
        path = self._folder / "window.png"
        path.unlink(missing_ok=True)
        at = demo_store.wrong_edit(self._store, sample).index
        trouble = photograph(self._store.path, sample.id, at, path)
        output.put(f"   {path}" if trouble is None else f"   This did not work: {trouble}")
        return trouble is None


def photograph(store: Path, session: str, index: int, path: Path) -> str | None:
    """Draw the window into a PNG, in a process of its own; what went wrong, if anything."""
    arguments = [str(store), session, str(index), str(path), *map(str, _SIZE)]
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PHOTOGRAPH, *arguments],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the window was not ready after {_PATIENCE_S} seconds"
    if done.returncode == 0 and path.is_file():
        return None
    words = done.stderr.strip().splitlines()
    return words[-1] if words else f"the process ended with status {done.returncode}"
