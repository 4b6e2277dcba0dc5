from __future__ import annotations

import threading

import pytest

from scrubber.store import packing, press
from scrubber.store.press import Press

BLOCKS = [b"block %d, " % number * 100 for number in range(40)]


def packed(blocks: list[bytes], one: Press | None = None) -> list[bytes]:
    """What becomes of some blocks."""
    one = one or Press()
    for block in blocks:
        one.add(block)
    return one.take()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads that compressed something, block by block."""
    names: list[str] = []

    def compress(data: bytes) -> bytes:
        names.append(threading.current_thread().name)
        return packing.compress(data)

    monkeypatch.setattr(press, "compress", compress)
    monkeypatch.setattr(press, "_TOGETHER", 3_000)
    return names


def test_all_comes_out_in_order_and_only_what_is_left_over_is_packed_here(begun):
    one = Press()
    for taken in (BLOCKS[:37], BLOCKS[37:]):
        found = packed(taken, one)
        assert [packing.decompress(data) for data in found] == taken
    assert begun.count("press") > 30
    assert len(begun) == 40
    assert "MainThread" in begun


def test_what_is_little_needs_no_thread(begun):
    assert len(packed([b"x" * 2_999])) == 1
    assert packed([]) == []
    assert begun == ["MainThread"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_goes_wrong_in_the_other_thread_is_raised_here(monkeypatch, begun, number):
    def fail(_data: bytes) -> bytes:
        raise MemoryError("no room")

    monkeypatch.setattr(press, "compress", fail)
    with pytest.raises(MemoryError, match="no room"):
        packed([b"x" * 3_000] * number)
