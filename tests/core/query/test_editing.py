from __future__ import annotations

import pytest

from scrubber.core.query import Field, parse
from scrubber.core.query.editing import toggled, values_in


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("", "error", "is:error"),
        ("word", "error", "word is:error"),
        ("is:error", "error", ""),
        ("a is:Error b", "error", "a b"),
        ("is:error -x", "bookmarked", "is:error,bookmarked -x"),
        ("is:error,bookmarked", "error", "is:bookmarked"),
        ("-is:error", "error", "-is:error is:error"),
        ('"is:error"', "error", '"is:error" is:error'),
    ],
)
def test_a_value_goes_in_and_out(text, value, result):
    assert toggled(text, Field.IS, value) == result
    parse(result)


def test_a_value_with_a_space_is_quoted():
    text = toggled("tool:bash", Field.TOOL, "My Tool")
    assert text == 'tool:bash,"My Tool"'
    assert parse(text).conditions[0].values == ("bash", "my tool")
    assert values_in(text, Field.TOOL) == ("bash", "my tool")
    assert toggled(text, Field.TOOL, "My Tool") == "tool:bash"


def test_what_is_not_asked_has_no_values():
    assert values_in("-is:error word", Field.IS) == ()
