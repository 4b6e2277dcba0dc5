from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.query import parse
from scrubber.core.query.folding import fold, words
from scrubber.core.query.matching import Matcher, snippet


def fits(query: str, text: str) -> bool:
    return Matcher(parse(query)).fits(text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("redir", "The Redirects fail"),
        ("naive", "a naïve idea"),
        ("NAÏVE", "naive"),
        ('"not found"', "not\n\tFound."),
        ("auth.py", "src/auth.py:12"),
        ("世界", "你好世界!"),
        ("fix -broken", "fixed"),
    ],
)
def test_fits(query, text):
    assert fits(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("rect", "redirect"),
        ('"not found"', "not to be found"),
        ('"redirect"', "redirects"),
        ("py", "python"),
        ("fix -broken", "fixed, and broken"),
        ('fix -"not found"', "fix not found"),
    ],
)
def test_does_not_fit(query, text):
    assert not fits(query, text)


def marked(query: str, text: str) -> list[str]:
    return [text[start:stop] for start, stop in Matcher(parse(query)).marks(text)]


def test_marks_are_places_of_the_text_itself():
    assert marked("naive world", "Ça, naïve Welt: WORLDS") == ["naïve", "WORLD"]
    assert marked("世界", "ab世界cd") == ["世界"]
    assert marked("a.b b.c", "a.b.c") == ["a.b.c"]


def test_a_snippet_is_a_line_around_the_match():
    text = "word " * 100 + "the\n\n  needle lies " + "hay " * 100
    found = snippet(text, Matcher(parse("needle")))
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert "the needle lies hay" in found.text
    assert len(found.text) <= 162
    assert [found.text[a:b] for a, b in found.marks] == ["needle"]


def test_a_match_far_in_a_text_that_is_no_ascii_is_found():
    text = "é " * 5_000 + "needle"
    assert snippet(text, Matcher(parse("needle"))).marks


def test_without_words_a_snippet_is_the_beginning():
    assert snippet("one\ntwo", Matcher(parse("is:error"))).text == "one two"


@given(st.text())
def test_folding_again_changes_no_words(text):
    assert words(fold(text)) == words(text)


@given(st.text(st.characters()))
def test_a_text_is_folded_the_same_among_much_ascii(text):
    far = "much ASCII " * 10
    assert fold(far + text + far) == fold(far) + fold(text) + fold(far)


def test_the_first_of_many_matches_is_the_one_that_is_shown():
    text = "logger " * 50 + "log " * 50
    assert Matcher(parse('"log"')).first(text) == (350, 353)
    assert Matcher(parse('"log" logger')).first(f"é {text}") == (2, 8)


@given(st.text(), st.text(), st.text())
def test_every_word_of_a_text_finds_it(before, word, after):
    for one in words(word):
        assert fits(f'"{one}"', f"{before} {word} {after}")
