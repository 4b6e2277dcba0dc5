"""The values that were used last, bounded by what they weigh together."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps values by key; those not used for longest make room for new ones.

    Together they weigh at most ``limit``, but the last ``least`` stay whatever they weigh. For one
    thread at a time.
    """

    def __init__(self, limit: int, least: int = 1) -> None:
        self._limit, self._least = limit, least
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """The value of a key, None if it is not here (any more)."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep a value, in place of the key's former one."""
        self.drop(key)
        self._kept[key] = value, weight
        self.weight += weight
        while self.weight > self._limit and len(self._kept) > self._least:
            self.weight -= self._kept.popitem(last=False)[1][1]

    def drop(self, key: K) -> None:
        """Forget the value of a key, if there is one."""
        self.weight -= self._kept.pop(key, (None, 0))[1]

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self.weight = 0
