"""A reply while it streams in, as much of it as a window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.live.parts import Began, Ended, Grew, Repeated, Replied

if TYPE_CHECKING:
    from scrubber.core.events import Kind
    from scrubber.live.parts import Part

LONGEST = 2_600
"""Characters of a part that are kept at hand; the whole of it is in the store when it ends."""

_SHOWN = 2_200
_TO_NEWLINE = 200
_FENCE = "```"


@dataclass(slots=True)
class LivePart:
    """One part of a reply: its end is what is read while it grows."""

    kind: Kind
    name: str | None = None
    opens: bool = True
    """Whether it is the first of its reply."""
    text: str = ""
    """Its last characters."""
    before: int = 0
    """Characters in front of these that were left out."""
    fence: str = ""
    """The line that opens the code block that ``text`` begins in, if it begins in one."""
    settled: int | None = None
    """Of a part that has ended: the length of the session that has its event."""

    @property
    def size(self) -> int:
        """Characters so far."""
        return self.before + len(self.text)

    def grow(self, text: str) -> None:
        """Add to its end."""
        self.text += text
        if len(self.text) > LONGEST:
            self._leave_out(len(self.text) - _SHOWN)

    def _leave_out(self, at_least: int) -> None:
        newline = self.text.find("\n", at_least, at_least + _TO_NEWLINE)
        cut = newline + 1 if newline >= 0 else at_least
        for line in self.text[:cut].split("\n"):
            if line.lstrip().startswith(_FENCE):
                self.fence = "" if self.fence else line.strip()
        self.before += cut
        self.text = self.text[cut:]


@dataclass(slots=True)
class LiveReply:
    """The parts of the replies of one run that are not on the page yet, in their order."""

    parts: list[LivePart] = field(default_factory=list)
    _open: dict[int, LivePart] = field(default_factory=dict)

    def take(self, part: Part, length: int) -> None:
        """Take in what came; ``length`` is that of the session now."""
        match part:
            case Began():
                self._open[part.part] = LivePart(part.kind, part.name, opens=part.part == 0)
                self.parts.append(self._open[part.part])
            case Grew():
                if part.part in self._open:
                    self._open[part.part].grow(part.text)
            case Ended():
                if ended := self._open.pop(part.part, None):
                    ended.settled = length
            case Replied():
                self.settle(length)
            case Repeated():
                pass

    def settle(self, length: int) -> None:
        """What is still open will not go on: the session, so long now, has what came of it."""
        for part in self.parts:
            part.settled = length if part.settled is None else part.settled
        self._open.clear()

    def shown(self, length: int) -> None:
        """The first ``length`` events are on the page: let go of the parts that are among them."""
        self.parts = [one for one in self.parts if one.settled is None or one.settled > length]
