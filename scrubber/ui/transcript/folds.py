"""What is folded and how much of a huge block is shown; remembered per event, by its index."""

from __future__ import annotations

from scrubber.core.events import Event, Kind, Role

FIRST = 2_000
"""Characters of a block that are laid out at first."""

MORE = 200_000
"""Characters that each "show more" adds."""

FIRST_LINES = 30
_SLACK = 1.4

_OPEN = frozenset((Kind.MESSAGE, Kind.ERROR, Kind.COMMAND))


class Folds:
    """The reader's choices: single events first, then all events of a kind, then the default."""

    def __init__(self) -> None:
        self._events: dict[int, bool] = {}
        self._kinds: dict[Kind, bool] = {}
        self._levels: dict[int, int] = {}
        self._enlarged: set[int] = set()

    def clear(self) -> None:
        """Forget the choices about single events; those about kinds stay."""
        self._events.clear()
        self._levels.clear()
        self._enlarged.clear()

    def is_folded(self, event: Event) -> bool:
        """Whether the event shows only its first lines."""
        by_kind = self._kinds.get(event.kind)
        default = event.kind not in _OPEN or event.role in (Role.SYSTEM, Role.DEVELOPER)
        return self._events.get(event.index, default if by_kind is None else by_kind)

    def toggle(self, event: Event) -> None:
        """Fold what is unfolded and the other way round."""
        self._events[event.index] = not self.is_folded(event)

    def set_kind(self, kind: Kind, folded: bool, keep: int) -> None:
        """Fold or unfold all events of a kind; what was chosen for others of them is forgotten."""
        self._kinds[kind] = folded
        self._events.clear()
        self._events[keep] = folded

    def show_more(self, index: int) -> None:
        """Lay out more of a huge event."""
        self._levels[index] = self._levels.get(index, 0) + 1

    def enlarge(self, index: int) -> None:
        """Show the pictures of an event large, or small again."""
        self._enlarged ^= {index}

    def is_enlarged(self, index: int) -> bool:
        """Whether the pictures of an event are shown large."""
        return index in self._enlarged

    def limits(self, index: int, size: int) -> tuple[int, int]:
        """Characters and lines of the event to lay out; a trifle over the limit is not cut."""
        level = self._levels.get(index, 0)
        if level:
            return level * MORE, level * MORE
        if size <= FIRST * _SLACK:
            return int(FIRST * _SLACK), FIRST_LINES * 2
        return FIRST, FIRST_LINES
