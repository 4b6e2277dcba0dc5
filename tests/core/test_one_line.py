"""Previews: the beginning of a text on one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import PREVIEW_LENGTH, one_line


@given(
    st.lists(st.sampled_from(["word", "a", " ", "\n", "\t ", " " * 90]), max_size=200).map("".join),
    st.integers(4, PREVIEW_LENGTH),
)
def test_a_preview_is_the_collapsed_beginning_of_the_text(text: str, length: int) -> None:
    """The rule itself, without the shorter way that most texts allow."""
    seen = " ".join(text[: length * 2].split())
    whole = len(seen) <= length and len(text) <= length * 2
    assert one_line(text, length) == (seen if whole else seen[: length - 1] + "…")


def test_a_preview_tells_that_there_is_more() -> None:
    assert one_line("so much\n  and no more ") == "so much and no more"
    assert one_line("x" * 160) == "x" * 160
    assert one_line("x" * 161) == "x" * 159 + "…"
    assert one_line("x" + " " * 200 + "y" * 400) == "x " + "y" * 119 + "…"
