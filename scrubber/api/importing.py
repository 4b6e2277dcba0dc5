"""Getting transcripts in, and what can be read and written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.api.part import Part
from scrubber.formats import registry
from scrubber.transfer import found, importing, walking
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrubber.transfer.imported import Imported


class Importing(Part):
    """Import, and what there is to import."""

    def import_paths(
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        format: str | None = None,
        progress: Progress | None = None,
        each: Callable[[Imported], None] | None = None,
        apart: bool = False,
    ) -> list[Imported]:
        """Import a file, a folder, or several; gives a result for each session.

        Only what is new is added; a file that cannot be read gives a result with the status
        ``failed``. ``each`` is called with every result as soon as its session is in. ``progress``
        can cancel: a CancelledError, and what was imported up to then stays. ``apart``: in a
        process of its own if it is much, so that other threads of this one go on undisturbed.
        """
        several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
        wanted = [Path(path) for path in several]
        results: list[Imported] = []

        def deliver(result: Imported) -> None:
            results.append(result)
            if each is not None:
                each(result)

        if apart and not self.store.connections.read_only and walking.is_much(wanted):
            from scrubber.api.apart import run_apart

            run_apart(self.store.path, _import, (wanted, format), progress or Progress(), deliver)
        else:
            _import(self, progress or Progress(), deliver, (wanted, format))
        return results

    def found(self) -> list[found.Found]:
        """Sessions of agents on this machine, by folder; nothing of them is read."""
        return list(found.find_sessions())

    @staticmethod
    def formats() -> list[tuple[str, str, bool, bool]]:
        """(name, title, can be read, can be written) of every format; needs no store."""
        readers, writers = registry.formats(), registry.writers()
        titles = {
            **{n: w.title for n, w in writers.items()},
            **{n: f.title for n, f in readers.items()},
        }
        return [
            (name, titles[name], name in readers, name in writers)
            for name in sorted(titles)
            if name != "scrubber"
        ]

    @staticmethod
    def endings() -> tuple[str, ...]:
        """The endings of files that may be transcripts, such as ``.jsonl``; needs no store."""
        return registry.endings()


def _import(
    part: Part,
    progress: Progress,
    deliver: Callable[[Imported], None],
    wanted: tuple[list[Path], str | None],
) -> None:
    paths, format = wanted
    for result in importing.import_paths(part.store, paths, format, progress):
        deliver(result)
