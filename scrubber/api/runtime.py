"""What agent runtimes do with sessions, as a part of an open store."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scrubber.api.part import Part

if TYPE_CHECKING:
    from scrubber.sessions import Sessions


class WithRuntime(Part):
    """A store that agent runtimes keep their sessions in."""

    @cached_property
    def runtime(self) -> Sessions:
        """The store's sessions as an agent runtime handles them; see docs/sessions.md."""
        from scrubber.sessions import Sessions

        return Sessions(self.store)
