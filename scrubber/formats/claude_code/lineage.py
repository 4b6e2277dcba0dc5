"""Who follows whom in a Claude Code file: orphans, rewinds, repeated usage, sub-agents.

A parent pointer is not a branch: nearly all records with two children are parallel tool calls. A
rewind (``/rewind``, an edited prompt) is told by a prompt whose parent already has a prompt as a
child: the first one and all that followed it were left behind.
"""

from __future__ import annotations

from collections import OrderedDict
from operator import sub
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Mark, Usage
from scrubber.core.kinds import UNMARKED

if TYPE_CHECKING:
    from scrubber.core.session import SessionInfo

_COUNTED_MESSAGES = 512


class Lineage:
    """Remembers the records of one file, as far as later ones may refer to them."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._prompt_below: dict[int, int] = {}
        self._plain: set[int] = set()

    def enter(self, uuid: str, parent: object) -> Mark:
        """Remember a record; gives what is odd: it came before, or its parent never did."""
        known, own = self._known, hash(uuid)
        if own in known:
            return Mark.DUPLICATE
        is_orphan = isinstance(parent, str) and hash(parent) not in known
        known.add(own)
        return Mark.ORPHAN if is_orphan else UNMARKED

    def rewound_from(self, parent: str, seq: int) -> int | None:
        """Where the branch begins that a prompt below ``parent`` leaves behind, if it does.

        ``seq`` is the prompt's own position in its log; it is the one a later rewind leaves.
        """
        left = self._prompt_below.get(hash(parent))
        self._prompt_below[hash(parent)] = seq
        return left

    def is_repeated(self, raw: bytes) -> bool:
        """Whether just these bytes came before (as a record without uuid)."""
        digest = hash(raw)
        if digest in self._plain:
            return True
        self._plain.add(digest)
        return False


def note_copy(record: dict[str, Any], info: SessionInfo, length: int) -> None:
    """Take note if a record was copied from the session that this one was forked from.

    ``length`` is how many events the session has with it.
    """
    origin = record.get("forkedFrom")
    parent = origin.get("sessionId") if isinstance(origin, dict) else None
    if isinstance(parent, str) and parent != info.native_id and info.relation != "subagent":
        info.relation, info.parent_native_id, info.shared = "fork", parent, length


class UsageCounter:
    """Counts a message's usage once, although each of its records repeats it.

    Early records of a message may carry a placeholder that later ones raise: what a record adds
    is what it holds above the highest seen so far.
    """

    def __init__(self) -> None:
        self._counted: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._last: tuple[object, object] = (None, None)

    def increment(self, message: dict[str, Any]) -> Usage | None:
        """What this record adds to its message's usage, None if nothing."""
        usage, name = message.get("usage"), message.get("id")
        if not isinstance(usage, dict) or message.get("model") == "<synthetic>":
            return None
        if isinstance(name, str) and self._last == (name, usage):
            return None  # the next record of one message, as nearly always
        self._last = name, usage
        now = tuple([_count(usage, key) for key in _USAGE_KEYS])
        before = self._counted.get(name, _NOTHING) if isinstance(name, str) else _NOTHING
        best = now if before is _NOTHING else tuple(map(max, now, before))
        if isinstance(name, str):
            self._remember(name, best)
        if best == before:
            return None
        input, cache_read, cache_write, output = map(sub, best, before)
        return Usage(input, cache_read, cache_write, output, context=sum(best[:3]))

    def _remember(self, name: str, best: tuple[int, ...]) -> None:
        self._counted[name] = best
        self._counted.move_to_end(name)
        if len(self._counted) > _COUNTED_MESSAGES:
            self._counted.popitem(last=False)


_NOTHING = (0, 0, 0, 0)
_USAGE_KEYS = (
    "input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "output_tokens",
)


def _count(usage: dict[str, Any], key: str) -> int:
    value = usage.get(key)
    return min(value, _MOST) if isinstance(value, int) and value > 0 else 0


_MOST = 2**40
"""More tokens than there are; a number beyond it must not break the sums."""
