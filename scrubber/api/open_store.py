"""A store that is open: import, read, fork, run on, export, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrubber.api.changing import Changing
from scrubber.api.comparing import Comparing
from scrubber.api.context import Contexts
from scrubber.api.exporting import Exporting
from scrubber.api.files import Files
from scrubber.api.forking import Forking
from scrubber.api.importing import Importing
from scrubber.api.noting import Noting
from scrubber.api.reading import Reading
from scrubber.api.runtime import WithRuntime
from scrubber.api.searching import Searching
from scrubber.api.usage import Usages
from scrubber.places import default_store_path
from scrubber.store import Store

if TYPE_CHECKING:
    import os
    from types import TracebackType

    from scrubber.core.running import Outcome
    from scrubber.live.provider import Provider
    from scrubber.live.run import Plan


def open_store(path: str | os.PathLike[str] | None = None, *, read_only: bool = False) -> OpenStore:
    """Open a store, creating it if it is not there; ``path`` None: the default place.

    Raises StoreError for a file that is no store, is damaged, or is of a newer version.
    """
    return OpenStore(Store(Path(path) if path is not None else default_store_path(), read_only))


class OpenStore(
    Importing,
    Reading,
    Searching,
    Forking,
    Changing,
    Comparing,
    Noting,
    Contexts,
    Files,
    Usages,
    Exporting,
    WithRuntime,
):
    """One store, for any number of threads; a context manager that closes it.

    ``session`` arguments take an id, or the beginning of one (Scrubber's or the agent's own) that
    no other has; UnknownSessionError, a LookupError, names what was not found. Indices are
    exclusive cuts 0…N; BadArgumentError, a ValueError, names one that is out of range.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The store's file."""
        return self.store.path

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        self.store.close()

    def continue_branch(
        self,
        session: str,
        provider: Provider | str = "replay",
        plan: Plan | None = None,
        **how: Any,
    ) -> Outcome:
        """Let a branch run on until its turn ends, and wait for that; see ``running``.

        For programs with an event loop there is ``scrubber.api.running.continue_branch``, which is
        awaited and takes the same.
        """
        import asyncio

        from scrubber.api.running import continue_branch

        return asyncio.run(continue_branch(self.store, session, provider, plan, **how))
