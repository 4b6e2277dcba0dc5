"""Makes events of a reply as it streams in; what has ended is in the store, the rest at hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.content import Content, text_content
from scrubber.core.events import Kind, Mark, Visibility
from scrubber.live import drafts
from scrubber.live.parts import Began, Ended, Grew

if TYPE_CHECKING:
    from scrubber.core.events import Origin
    from scrubber.live.drafts import Item


@dataclass(slots=True)
class _Open:
    """A part that has begun and not ended."""

    began: Began
    pieces: list[str] = field(default_factory=list)


class ReplyRecorder:
    """The parts of one reply: one message, and so one group."""

    def __init__(self, origin: Origin, group: str | None = None) -> None:
        """``group``: the message that is gone on with, None for a new one."""
        self._origin = origin
        self._group = group or f"reply-{uuid.uuid4().hex}"
        self._open: dict[int, _Open] = {}

    def take(self, part: Began | Grew | Ended) -> Item | None:
        """The event of a part that has ended, None while it goes on."""
        match part:
            case Began():
                self._open[part.part] = _Open(part)
            case Grew():
                if part.part in self._open:
                    self._open[part.part].pieces.append(part.text)
            case Ended():
                self._open.pop(part.part, None)
                return self._ended(part)
        return None

    def _ended(self, part: Ended) -> Item | None:
        if part.kind is Kind.MESSAGE and not part.content.text and not part.content.images:
            return None  # a block without content is nothing that was said
        return drafts.reply_part(
            part.kind,
            part.content,
            self._origin,
            self._group,
            name=part.name,
            call_id=part.call_id or _made_up_id(part),
        )

    def broken_off(self) -> list[Item]:
        """What came of the parts that will not end any more, marked as cut."""
        found = [self._cut(part) for part in self._open.values() if part.pieces]
        self._open.clear()
        return found

    def _cut(self, part: _Open) -> Item:
        text, began = "".join(part.pieces), part.began
        if began.kind is not Kind.TOOL_CALL:
            return drafts.reply_part(
                began.kind, text_content(text), self._origin, self._group, marks=Mark.TRUNCATED
            )
        # Half a call can neither be run nor answered: it is shown, and no model is told of it.
        draft, content = drafts.reply_part(
            began.kind,
            Content(arguments=text),
            self._origin,
            self._group,
            name=began.name,
            marks=Mark.TRUNCATED,
        )
        draft.visibility = Visibility.UI_ONLY
        return draft, content


def _made_up_id(part: Ended) -> str | None:
    """An id for a call that the provider gave none: its result has to name it."""
    return f"call_{uuid.uuid4().hex[:24]}" if part.kind is Kind.TOOL_CALL else None
