"""What each part of the API stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.store import Store


class Part:
    """A part of ``OpenStore``: one area of what can be done with a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
