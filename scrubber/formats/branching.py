"""Files in which each entry names its parent: which log an entry of the tree belongs to.

An entry goes on in its parent's log if nothing but hidden events stands behind the parent there;
else it begins a log that branches off. The keys of logs are ids of entries, and so the same when
the file has grown or was written anew. An entry whose parent is not there goes on where the file
does.
"""

from __future__ import annotations

from typing import NamedTuple

from scrubber.core.session import Branch

MAX_BRANCHES = 1000
MAX_DEPTH = 100
"""Bounds, for files made with malice: an entry that would be beyond goes on where the file does."""


class Fork(NamedTuple):
    """A log that begins with an entry."""

    key: str
    branch: Branch | None


class _Place(NamedTuple):
    """The events of a log that an entry is made of."""

    log: str
    start: int
    stop: int


class TreeLogs:
    """The logs of one tree, while its entries come in the order of the file."""

    def __init__(self, root: str = "") -> None:
        """``root`` is the key of the first log."""
        self.last = root
        """The log of the entry that came last: where the file goes on."""
        self.overflow = 0
        """Entries that were not given a branch of their own."""
        self._root = root
        self._lengths = {root: 0}
        self._seen = {root: 0}
        """How many of each log's events are those up to the last that is not hidden."""
        self._depths = {root: 0}
        self._branches: dict[str, Branch] = {}
        self._entries: dict[str, _Place] = {}

    def knows(self, entry: str) -> bool:
        """Whether an entry came before."""
        return entry in self._entries

    def place(self, entry: str, parent: str | None) -> Fork:
        """The log of an entry; with a branch if the log begins here. Tell its events to ``add``."""
        log, at = self._behind(parent)
        if at >= self._seen[log]:
            self.last = log
            return Fork(log, None)
        if len(self._lengths) > MAX_BRANCHES or self._depths[log] >= MAX_DEPTH:
            self.overflow += 1
            return Fork(self.last, None)
        key = self._fresh(entry)
        self._lengths[key], self._seen[key], self._depths[key] = 0, 0, self._depths[log] + 1
        self.last = key
        self._branches[key] = Branch(log, at)
        return Fork(key, self._branches[key])

    def _behind(self, parent: str | None) -> tuple[str, int]:
        """(log, own events up to there) of the place behind an entry."""
        if parent is None:
            return self._root, 0
        place = self._entries.get(parent)
        return (place.log, place.stop) if place else (self.last, self._lengths[self.last])

    def _fresh(self, entry: str) -> str:
        key = entry or "branch"
        while key in self._lengths:
            key += "'"
        return key

    def add(self, log: str, events: int, entry: str | None = None, is_hidden: bool = False) -> None:
        """Note that a log has some more events, and that an entry is made of them."""
        start = self._lengths[log]
        self._lengths[log] += events
        if not is_hidden:
            self._seen[log] = self._lengths[log]
        if entry is not None and entry not in self._entries:
            self._entries[entry] = _Place(log, start, self._lengths[log])

    def find(self, entry: str, log: str) -> int | None:
        """Where the first event of an entry stands, as an event of a log refers to it.

        Negative in what the log branches off from; None if it is on no way to the log.
        """
        place = self._entries.get(entry)
        if place is None:
            return None
        before = 0
        while place.log != log:
            branch = self._branches.get(log)
            if branch is None or (place.log == branch.log and place.start >= branch.at):
                return None
            log, before = branch.log, before + branch.at
        return place.start - before

    def before(self, log: str) -> int:
        """How many events a log branches off behind."""
        number = 0
        while (branch := self._branches.get(log)) is not None:
            log, number = branch.log, number + branch.at
        return number

    def length(self, log: str) -> int:
        """How many events a log has of its own."""
        return self._lengths[log]
