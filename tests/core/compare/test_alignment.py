from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.compare.alignment import Alignment
from scrubber.core.compare.shared import common_ends, nearest
from scrubber.core.slices import Slice, SliceList
from tests.core.compare.sides import aligned, rows, side

letters = st.text("ABCDXYZabxy", max_size=24)
branches = st.lists(letters, min_size=2, max_size=5)


def shown(*several: str) -> list[str]:
    return rows(aligned(*several), several)


def test_an_inserted_step_does_not_shift_the_rest():
    assert shown("XABCY", "XABDCY") == ["XX", "AA", "BB", ".D", "CC", "YY"]
    assert shown("XY", "XAAAY") == ["XX", ".A", ".A", ".A", "YY"]


def test_a_replaced_step_stands_beside_what_it_replaces():
    assert shown("XAY", "XBY") == ["XX", "AB", "YY"]
    # by shape: a call is not replaced by a message
    assert shown("XABY", "XZCY") == ["XX", "A.", ".Z", "BC", "YY"]


def test_what_occurs_once_holds_what_is_repeated_in_its_place():
    assert shown("AAAXAAA", "AAXAAAA") == ["AA", "AA", "A.", "XX", ".A", "AA", "AA", "AA"]


def test_three_branches_agree_on_what_two_have_inserted():
    found = aligned("XY", "XAY", "XAY")
    assert rows(found, ["XY", "XAY", "XAY"]) == ["XXX", ".AA", "YYY"]
    assert found.row(1).variants == (255, 0, 0)
    assert found.row(1).state == "missing"


def test_bookkeeping_makes_no_difference():
    found = aligned("XaY", "XbbY")
    assert len(found.differences) == 0
    assert found.first is None
    assert rows(found, ["XaY", "XbbY"])[0] == "XX"


def test_differences_and_the_way_from_one_to_the_next():
    found = aligned("XABYCZ", "XDBYZ")
    assert rows(found, ["XABYCZ", "XDBYZ"]) == ["XX", "AD", "BB", "YY", "C.", "ZZ"]
    assert list(found.differences) == [1, 4]
    assert found.first is not None
    assert (found.first.places, found.first.state) == ((1, 1), "changed")
    assert [found.after(n) for n in (-1, 0, 1, 3, 4)] == [1, 1, 4, 4, None]
    assert [found.before(n) for n in (6, 5, 4, 1)] == [4, 4, 1, None]


def test_a_run_of_differences_is_one_step():
    found = aligned("XABY", "XY")
    assert list(found.differences) == [1, 2]
    assert (found.after(0), found.after(1), found.after(2)) == (1, None, None)
    assert found.before(4) == 1


def test_what_is_shared_takes_no_rows_of_its_own():
    columns = [array("l", [0]), array("l", [0])]
    million = 1_000_000
    found = Alignment([million + 3, million + 3], million, 2, columns, [side("A"), side("B")])
    assert len(found) == million + 3
    assert found.row(0).places == (0, 0)
    assert found.row(million).places == (million, million)
    assert found.row(million + 2).places == (million + 2, million + 2)
    assert found.first is not None
    assert found.first.number == million
    assert found.cut(1, million) == million
    with pytest.raises(IndexError):
        found.row(million + 3)


def test_slices_tell_what_is_shared():
    whole = SliceList([Slice(1, 0, 100)])
    fork = SliceList([Slice(1, 0, 40), Slice(2, 0, 5)])
    edited = SliceList([Slice(1, 0, 30), Slice(3, 0, 1), Slice(1, 31, 100)])
    assert common_ends([whole, fork]) == (40, 0)
    assert common_ends([whole, edited]) == (30, 69)
    assert common_ends([whole, edited, fork]) == (30, 0)
    assert common_ends([whole, whole]) == (100, 0)
    assert nearest([whole, edited, SliceList([Slice(1, 0, 30), Slice(3, 0, 1)])]) == [0, 0, 1]


@given(branches)
def test_every_event_stands_once_and_in_order(several):
    found = aligned(*several)
    for column, branch in enumerate(several):
        places = [at for row in found.rows() if (at := row.places[column]) is not None]
        assert places == list(range(len(branch)))
    assert all(any(at is not None for at in row.places) for row in found.rows())


@given(letters, st.integers(2, 5))
def test_with_itself_all_is_alike(letters, number):
    found = aligned(*[letters] * number)
    assert len(found) == len(letters)
    assert all(row.is_alike for row in found.rows())
    assert len(found.differences) == 0


@given(letters, letters, st.data())
def test_inserted_events_change_just_so_many_rows(letters, inserted, data):
    at = data.draw(st.integers(0, len(letters)))
    other = letters[:at] + inserted + letters[at:]
    for pair in ([letters, other], [other, letters]):
        found = aligned(*pair)
        changed = [row for row in found.rows() if not row.is_whole]
        assert len(found) == len(other)
        assert len(changed) == len(inserted)
        assert all(row.places[0] is None or row.places[1] is None for row in changed)


@given(branches)
def test_steps_lead_through_all_runs_of_differences(several):
    found = aligned(*several)
    firsts = [b for a, b in pairwise([-2, *found.differences]) if b > a + 1]
    forward, at = [], -1
    while (step := found.after(at)) is not None:
        forward.append(at := step)
    back, at = [], len(found)
    while (step := found.before(at)) is not None:
        back.append(at := step)
    assert forward == back[::-1] == firsts
