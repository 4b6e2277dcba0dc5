"""A tree of nodes, made of the paths that sessions have taken; no event is copied, none is read.

A *node* is an event at its place behind others. A path is a list of slices, so nodes come in runs:
``Run`` is a stretch of a log that no path leaves or enters in the middle. A tree costs its number
of slices, whatever the number of events.

A node's id is ``LOG:SEQ``. An event that an edit has put behind other events a second time is a
node of its own there, ``LOG:SEQ:2`` (as lash numbers ids that collide).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.core.slices import Slice, SliceList

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ID = re.compile(r"(\d+):(\d+)(?::(\d+))?")

Place = tuple[int, int]
"""(number of the run, how far into it): where a node is; ROOT is in front of all."""
ROOT: Place = (-1, 0)


@dataclass(slots=True)
class Run:
    """Nodes that follow each other: events start…stop-1 of a log, behind node ``parent``."""

    log: int
    start: int
    stop: int
    parent: int
    """Number of the run in front of it, -1 for none."""
    depth: int
    """Nodes in front of it."""
    age: int
    """Rises with the runs that were made anew; a run that was cut off another has the age of that,
    so that ids stay what they are."""
    below: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return self.stop - self.start


class Tree:
    """The nodes of some paths, the oldest first."""

    def __init__(self, paths: Iterable[SliceList] = ()) -> None:
        self.runs: list[Run] = []
        self._top: list[int] = []
        self._by_log: dict[int, list[int]] = {}
        self._ages = 0
        for path in paths:
            self.add(path)

    def __len__(self) -> int:
        return sum(map(len, self.runs))

    def add(self, path: SliceList) -> Place:
        """Let the tree have a path; gives the place of its last node."""
        run, at = -1, 0
        for piece in path.slices:
            if run >= 0 and at < len(self.runs[run]):
                self._split(run, at)
            run, at = self._walk(run, piece)
        return (run, at - 1) if run >= 0 else ROOT

    def _walk(self, run: int, piece: Slice) -> tuple[int, int]:
        """Go down along a slice, making what is not there; gives the run and how far into it."""
        start = piece.start
        while True:
            child = self._child(run, piece.log, start)
            if child is None:
                child = self._new(run, piece.log, start, piece.stop)
            length = min(len(self.runs[child]), piece.stop - start)
            start += length
            if start == piece.stop:
                return child, length
            run = child

    def _child(self, run: int, log: int, seq: int) -> int | None:
        below = self.runs[run].below if run >= 0 else self._top
        fitting = (n for n in below if (self.runs[n].log, self.runs[n].start) == (log, seq))
        return next(fitting, None)

    def _new(self, parent: int, log: int, start: int, stop: int, age: int | None = None) -> int:
        before = self.runs[parent] if parent >= 0 else None
        depth = before.depth + len(before) if before else 0
        self._ages += 1
        self.runs.append(Run(log, start, stop, parent, depth, age or self._ages))
        number = len(self.runs) - 1
        self._by_log.setdefault(log, []).append(number)
        (before.below if before else self._top).append(number)
        return number

    def _split(self, run: int, at: int) -> None:
        """Let a run end behind its first ``at`` nodes; the rest is a run of its own below it."""
        upper = self.runs[run]
        below, upper.below = upper.below, []
        middle, stop = upper.start + at, upper.stop
        upper.stop = middle
        lower = self._new(run, upper.log, middle, stop, upper.age)
        self.runs[lower].below = below
        for child in below:
            self.runs[child].parent = lower

    # Names

    def id(self, place: Place) -> str | None:
        """The id of the node at a place, None for the root."""
        if place == ROOT:
            return None
        run = self.runs[place[0]]
        seq = run.start + place[1]
        number = self._places(run.log, seq).index(place[0]) + 1
        return f"{run.log}:{seq}" + (f":{number}" if number > 1 else "")

    def place(self, id: str | None) -> Place:
        """Where the node with an id is; a BadArgumentError if there is none."""
        if id is None:
            return ROOT
        found = _ID.fullmatch(id)
        if found is not None:
            log, seq, number = int(found[1]), int(found[2]), int(found[3] or 1)
            runs = self._places(log, seq)
            if 1 <= number <= len(runs):
                return runs[number - 1], seq - self.runs[runs[number - 1]].start
        raise BadArgumentError(f"no node has the id {id!r}")

    def _places(self, log: int, seq: int) -> list[int]:
        """The runs that hold an event, the oldest first."""
        runs = [n for n in self._by_log.get(log, ()) if self._holds(n, seq)]
        return sorted(runs, key=lambda n: (self.runs[n].age, n))

    def _holds(self, run: int, seq: int) -> bool:
        return self.runs[run].start <= seq < self.runs[run].stop

    # Ways through it

    def parent(self, place: Place) -> Place:
        """The node in front of a node; ROOT for the first."""
        run, at = place
        if at > 0:
            return run, at - 1
        above = self.runs[run].parent
        return (above, len(self.runs[above]) - 1) if above >= 0 else ROOT

    def children(self, place: Place) -> list[Place]:
        """The nodes right behind a node, the oldest first."""
        run, at = place
        if run >= 0 and at + 1 < len(self.runs[run]):
            return [(run, at + 1)]
        below = self.runs[run].below if run >= 0 else self._top
        return [(child, 0) for child in below]

    def depth(self, place: Place) -> int:
        """How many nodes lead to a node, itself included."""
        return self.runs[place[0]].depth + place[1] + 1 if place != ROOT else 0

    def path(self, place: Place) -> SliceList:
        """From the first node to a node, as slices."""
        pieces: list[Slice] = []
        run, length = place[0], place[1] + 1
        while run >= 0:
            found = self.runs[run]
            pieces.append(Slice(found.log, found.start, found.start + length))
            run = found.parent
            length = len(self.runs[run]) if run >= 0 else 0
        return SliceList(pieces[::-1])

    def leaves(self) -> Iterator[Place]:
        """The nodes behind which there is none."""
        yield from ((n, len(run) - 1) for n, run in enumerate(self.runs) if not run.below)

    def forks(self) -> Iterator[Place]:
        """The nodes behind which there is more than one, ROOT too if that is so."""
        if len(self._top) > 1:
            yield ROOT
        yield from ((n, len(run) - 1) for n, run in enumerate(self.runs) if len(run.below) > 1)
