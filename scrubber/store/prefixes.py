"""What lies in front of a log: the slices that it goes on from, and what is open at their end.

Events that are added behind a prefix must know which calls wait for a result there, and which
message is under way: a log of this program's own does, and so does one that branches off another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Totals
from scrubber.core.slices import Slice, SliceList
from scrubber.store import logs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from scrubber.core.events import Event
    from scrubber.core.session import SessionInfo
    from scrubber.core.tally import Tally

_GROUPS_BEHIND = 64
"""Events at the end of a prefix that are looked at for the message that may be gone on with."""


def branch_prefix(
    infos: Mapping[str, SessionInfo],
    key: str,
    find: Callable[[str], tuple[int, int] | None],
) -> SliceList:
    """The slices that a log branches off from: its parent log's own prefix, and that log's events.

    ``find`` gives (id, length) of a log of the source by its key. A branch that leads nowhere, or
    in a circle, ends there.
    """
    pieces: list[Slice] = []
    seen = {key}
    branch = infos[key].branch if key in infos else None
    while branch is not None and branch.log not in seen and (found := find(branch.log)):
        log, length = found
        pieces.append(Slice(log, 0, max(min(branch.at, length), 0)))
        seen.add(branch.log)
        branch = infos[branch.log].branch if branch.log in infos else None
    return SliceList(pieces[::-1])


def open_calls(connection: sqlite3.Connection, slices: SliceList, missing: int) -> list[Event]:
    """The last ``missing`` calls of some slices that nothing in them answers, in order."""
    if missing <= 0:
        return []
    answered: set[str | None] = set()
    found: list[int] = []
    for position, opens, call_id in logs.calls_backwards(connection, slices, len(slices)):
        if not opens:
            answered.add(call_id)
        elif call_id in answered:
            answered.remove(call_id)
        else:
            found.append(position)
            if len(found) == missing:
                break
    return [logs.read(connection, slices, at, at + 1)[0] for at in reversed(found)]


def expect(connection: sqlite3.Connection, slices: SliceList, tally: Tally, log: int = 0) -> None:
    """Tell a tally what is open and under way at the end of some slices; ``log`` is its own."""
    sums = Totals()
    for piece in slices.slices:
        sums += logs.running_totals(connection, piece.log, piece.stop)
        sums -= logs.running_totals(connection, piece.log, piece.start)
    for call in open_calls(connection, slices, sums.open_calls):
        tally.expect(call.call_id or "", call.name, call.seq if call.log == log else -1)
    stop = len(slices)
    for group in logs.groups(connection, slices, max(stop - _GROUPS_BEHIND, 0), stop):
        tally.know(group)
