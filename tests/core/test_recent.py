from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.recent import Recent

puts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=60)


@given(puts, st.integers(1, 4))
def test_it_weighs_no_more_than_its_limit_but_for_the_last_few(
    values: list[tuple[int, int]], least: int
) -> None:
    recent: Recent[int, str] = Recent(100, least)
    for key, weight in values:
        recent.put(key, f"{key} of {weight}", weight)
        assert recent.get(key) == f"{key} of {weight}"
        assert recent.weight <= 100 or len(recent) <= least
    last = dict(values)
    held = [key for key in last if recent.get(key) is not None]
    assert len(recent) == len(held)
    assert recent.weight == sum(last[key] for key in held)


def test_what_was_not_used_for_longest_makes_room() -> None:
    recent: Recent[str, str] = Recent(2)
    recent.put("a", "first", 1)
    recent.put("b", "second", 1)
    assert recent.get("a") == "first"
    recent.put("c", "third", 1)
    assert [recent.get(key) for key in "abc"] == ["first", None, "third"]


def test_what_is_dropped_weighs_nothing() -> None:
    recent: Recent[str, str] = Recent(10)
    recent.put("a", "first", 4)
    recent.put("b", "second", 5)
    recent.drop("a")
    recent.drop("not here")
    assert (recent.get("a"), recent.weight, len(recent)) == (None, 5, 1)
    recent.clear()
    assert (recent.get("b"), recent.weight, len(recent)) == (None, 0, 0)
