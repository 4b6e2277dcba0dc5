"""Packs blocks beside the reading of a source.

Compressing lets go of the interpreter, and so is done in a second thread while the first one reads
on. A thread is given two megabytes, because handing over costs both of them a tenth of a
millisecond, and lives for no more than that: nothing has to be closed, and what is little needs
none.
"""

from __future__ import annotations

from threading import Thread

from scrubber.store.packing import compress

_TOGETHER = 2 * 1024 * 1024


class Press:
    """Packs what it is given, in order; used by one thread at a time.

    No more than twice as much, or two records that are larger, waits in memory.
    """

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0
        self._running: _Pressing | None = None
        self._packed: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Take the next bytes to pack."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= _TOGETHER:
            self._join()
            self._running = _Pressing(self._waiting)
            self._running.start()
            self._waiting, self._size = [], 0

    def take(self) -> list[bytes]:
        """All that was given, packed; what was just a little is packed here and now."""
        rest = [compress(data) for data in self._waiting]
        self._join()
        packed = self._packed + rest
        self._waiting, self._size, self._packed = [], 0, []
        return packed

    def _join(self) -> None:
        """Wait for the other thread, if there is one; raises what went wrong in it."""
        running, self._running = self._running, None
        if running is not None:
            running.join()
            if running.error is not None:
                raise running.error
            self._packed += running.packed


class _Pressing(Thread):
    """Packs some blocks, and ends."""

    def __init__(self, blocks: list[bytes]) -> None:
        super().__init__(name="press", daemon=True)
        self._blocks = blocks
        self.packed: list[bytes] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.packed = [compress(data) for data in self._blocks]
        except BaseException as error:  # raised where the result is asked for
            self.error = error
        self._blocks = []
