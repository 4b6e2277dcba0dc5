"""What is asked for when one edits an event and forks: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.api import Fork, OpenStore
    from scrubber.core.content import JSON


@dataclass(frozen=True, slots=True)
class EditRequest:
    """An event that shall say something else on a new branch."""

    session: str
    index: int | None
    """From 0; None puts a system prompt in front of everything."""
    text: str | None = None
    arguments: JSON = None
    is_error: bool | None = None
    keeps: bool = False
    """Whether what follows is kept."""
    title: str = ""


def carry_out(store: OpenStore, request: EditRequest) -> Fork:
    """Fork with the edit."""
    from scrubber.transfer.editing import Edit

    if request.index is None:
        return store.fork_with_system(
            request.session,
            request.text or "",
            keep_following=request.keeps,
            title=request.title,
        )
    return store.fork_edited(
        request.session,
        request.index,
        Edit(request.text, request.arguments, request.is_error),
        keep_following=request.keeps,
        title=request.title,
    )
