from __future__ import annotations

import pytest

from scrubber.core.ages import age, amount, bytes_text, clock, count, moment

SECOND, DAY = 1000, 86_400_000


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (0, "now"),
        (59 * SECOND, "now"),
        (61 * SECOND, "1 min"),
        (2 * 3600 * SECOND, "2 h"),
        (3 * DAY, "3 d"),
        (45 * DAY, "1 mo"),
        (800 * DAY, "2 y"),
        (-DAY, "now"),
    ],
)
def test_ages(gone, words):
    assert age(10 * DAY, 10 * DAY + gone) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (812, "812 B"), (999.9, "1 kB"), (48_123, "48 kB"), (1_234_567, "1.2 MB")],
)
def test_sizes(size, words):
    assert bytes_text(size) == words


def test_numbers_and_their_nouns():
    assert [amount(n) for n in (7, 1500, 152_000, 2_500_000)] == ["7", "1.5 k", "152 k", "2.5 M"]
    assert count(1, "line") == "1 line"
    assert count(1_204, "line") == "1,204 lines"
    assert count(3, "match", "matches") == "3 matches"


def test_no_time_is_no_time():
    assert clock(None) == clock(10**30) == ""
    assert moment(None) == "—"
    assert len(clock(1_700_000_000_000)) == 8
