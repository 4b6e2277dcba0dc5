from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.core.compare.texts import MOST_CHARACTERS, Span, marked
from scrubber.core.compare.values import (
    MOST_CHANGES,
    NOTHING,
    Change,
    arguments_text,
    as_text,
    changes,
    same,
)
from scrubber.core.content import Content, Image, Text

values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=12,
)


def test_words_that_differ_are_marked():
    one, other = marked("run the slow tests", "run the quick tests")
    assert one == [Span("run the ", False), Span("slow", True), Span(" tests", False)]
    assert other == [Span("run the ", False), Span("quick", True), Span(" tests", False)]


def test_a_blank_between_two_changed_words_is_no_island():
    one, _ = marked("keep this old word here and there", "keep this here and there")
    assert [span for span in one if span.changed] == [Span("old word ", True)]


def test_lines_that_have_nothing_in_common_are_changed_as_a_whole():
    one, other = marked("a first line\nsame\n", "quite another, longer story of it\nsame\n")
    assert [span.changed for span in one] == [True, False]
    assert [span.changed for span in other] == [True, False]


def test_what_is_only_on_one_side():
    assert marked("", "x") == ([], [Span("x", True)])
    assert marked("x", "x") == ([Span("x", False)], [Span("x", False)])
    assert marked("", "") == ([], [])


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
@example(" a", "a a\na")
def test_the_pieces_are_the_text_and_what_is_kept_is_alike(one, other):
    mine, theirs = marked(one, other)
    assert "".join(span.text for span in mine) == one
    assert "".join(span.text for span in theirs) == other
    kept = ["".join(s.text for s in side if not s.changed) for side in (mine, theirs)]
    assert kept[0] == kept[1]


def test_long_texts_are_compared_in_bounded_time():
    one = "".join(f"{n} {n * 7919 % 10007}\n" for n in range(20_000))
    other = "".join(f"{n} {n * 104_729 % 10007}\n" for n in range(20_000))
    began = time.process_time()
    mine, _ = marked(one, other)
    assert time.process_time() - began < 2
    assert "".join(span.text for span in mine) == one
    assert len(one) > MOST_CHARACTERS


def test_changes_inside_arguments_have_their_paths():
    before = {"path": "a.py", "edits": [{"old": 1}, {"old": 2}], "gone": True}
    after = {"path": "b.py", "edits": [{"old": 1}, {"old": 3}, {"old": 4}], "n": 1.5}
    assert changes(before, after) == [
        Change("path", "a.py", "b.py"),
        Change("edits[1].old", 2, 3),
        Change("edits[2]", NOTHING, {"old": 4}),
        Change("gone", True, NOTHING),
        Change("n", NOTHING, 1.5),
    ]
    assert changes(1, True) == [Change("", 1, True)]
    assert len(changes(list(range(999)), [])) == MOST_CHANGES


@given(values, values)
def test_no_change_where_and_only_where_values_are_equal(one, other):
    assert changes(one, one) == []
    assert bool(changes(one, other)) == (repr(_plain(one)) != repr(_plain(other)))


def _plain(value):
    """Without the order of keys."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def test_arguments_as_text_in_the_order_of_others():
    text = arguments_text({"b": "two\nlines", "a": [1], "c": None}, {"a": 0, "b": 0})
    assert text == "a: [1]\nb:\ntwo\nlines\nc: null"
    assert arguments_text("no { json") == "no { json"


@pytest.mark.parametrize("data", ["AAAA", ""])
def test_pictures_are_told_apart_without_their_data(data):
    one = Content((Text("see"), Image("image/png", data)))
    other = Content((Text("see"), Image("image/png", "BBBB")))
    assert not same(one, other)
    assert as_text(one) != as_text(other)
    assert "BBBB" not in as_text(other)


def test_what_is_not_compared_takes_no_time():
    one = "word " * 400_000
    began = time.perf_counter()
    found = marked(one, one[:1_000_000] + "X " + one)
    assert time.perf_counter() - began < 2
    assert [len(span.text) for span in found.one] == [60_000, 1_940_000]
    assert [span.changed for span in found.other] == [False, True]
