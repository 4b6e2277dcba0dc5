from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.fuzzy import match, rank

ACTIONS = ["Import Files", "Import Folder", "Export", "Fork Here", "Find in Session", "Find Next",
           "Filter Sessions", "Next Error", "Previous Error", "Quit", "Rename"]  # fmt: skip


def best(query: str) -> str:
    return ACTIONS[rank(query, ACTIONS)[0][0]]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("fo", "Fork Here"), ("fh", "Fork Here"), ("imp fo", "Import Folder"), ("ne", "Next Error"),
     ("pe", "Previous Error"), ("EXPORT", "Export"), ("error prev", "Previous Error"),
     ("fn", "Find Next"), ("q", "Quit")],
)  # fmt: skip
def test_the_best_comes_first(query, wanted):
    assert best(query) == wanted


def test_nothing_typed_fits_all_in_their_order():
    assert [at for at, _ in rank("  ", ACTIONS)] == list(range(len(ACTIONS)))


def test_what_is_not_there_does_not_fit():
    assert match("fox", "Fork Here") is None
    assert match("fork zz", "Fork Here") is None
    assert match("a", "") is None


def test_letters_strewn_over_a_text_do_not_fit():
    assert match("ress", "Rename this, then export everything and see what is left") is None


def test_positions_are_those_of_the_letters():
    found = match("fo he", "Fork Here")
    assert found is not None
    assert found.positions == (0, 1, 5, 6)


def test_words_that_begin_with_the_letters_count_most():
    assert best("ex") == "Export"


@given(st.text(), st.text(max_size=300))
def test_positions_spell_the_query(query, text):
    found = match(query, text)
    if found is None:
        return
    letters = {text[at].lower() for at in found.positions}
    assert letters == {letter.lower() for letter in query.lower() if not letter.isspace()}
    assert list(found.positions) == sorted(set(found.positions))


@given(st.text(min_size=1, max_size=60))
def test_every_text_fits_itself(text):
    plain = "".join(letter for letter in text if len(letter.lower()) == 1)
    assert match(plain, plain) is not None


def test_long_texts_cost_little():
    began = time.perf_counter()
    for _ in range(60):
        match("aaaa aaaa", "a" * 10_000)
    assert time.perf_counter() - began < 3
