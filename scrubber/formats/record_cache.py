"""What was made of the records that were read last, for formats whose records are large."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_RECORDS = 32
_BYTES = 64 * 1024 * 1024


class RecordCache(Generic[T]):
    """Makes a list of a record's bytes, and keeps the last ones; used by any number of threads.

    A record may hold thousands of messages, and each of their contents is asked for by itself.
    """

    def __init__(self, make: Callable[[bytes], list[T]]) -> None:
        self._make = make
        self._lock = Lock()
        self._kept: list[tuple[bytes, list[T]]] = []

    def of(self, raw: bytes) -> list[T]:
        """What is made of a record."""
        with self._lock:
            for number, (known, made) in enumerate(self._kept):
                if known == raw:
                    self._kept.insert(0, self._kept.pop(number))
                    return made
        made = self._make(raw)
        with self._lock:
            self._kept.insert(0, (raw, made))
            while len(self._kept) > 1 and self._is_full():
                self._kept.pop()
        return made

    def _is_full(self) -> bool:
        size = sum(len(raw) for raw, _ in self._kept)
        return size > _BYTES or len(self._kept) > _RECORDS
