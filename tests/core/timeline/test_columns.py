from __future__ import annotations

from itertools import pairwise, product
from random import Random

import pytest

from scrubber.core.timeline.axis import Axis
from scrubber.core.timeline.columns import BLOCK, Columns, counts, densities, running


class Watched(bytes):
    """Bytes that tell how often they are counted in."""

    asked = 0

    def count(self, *arguments):
        type(self).asked += 1
        return super().count(*arguments)


def columns_of(count, number, zoom=1.0):
    axis = Axis(count)
    return Columns.of(axis.column_edges(axis.view(700).zoomed(zoom, 300), number), count)


@pytest.mark.parametrize(
    ("count", "number"),
    [
        (BLOCK, 1),
        *product((20 * BLOCK, 20 * BLOCK + 1, 21 * BLOCK - 1), (1, 3, 17)),
    ],
)
def test_wide_columns_lose_no_event_and_look_at_none(count, number):
    random = Random(count)
    values = Watched(bytes(random.choice((0, 0, 0, 7)) for _ in range(count)))
    sums, columns = running(values, 7), columns_of(count, number)
    assert columns.places is not None
    Watched.asked = 0
    found = densities(values, sums, 7, columns)
    assert Watched.asked == 0
    assert sum(found) == BLOCK * bytes(values).count(7)
    for share, exact in zip(found, counts(values, sums, 7, columns.edges), strict=True):
        assert share == pytest.approx(BLOCK * exact, abs=2 * BLOCK * BLOCK)


def test_a_single_event_is_seen_where_it_is_or_beside():
    count = 100 * BLOCK
    for at in (0, BLOCK, 5_000, 12_345, count - 1):
        values = bytes(at) + b"\1" + bytes(count - at - 1)
        columns = columns_of(count, 40)
        found = densities(values, running(values, 1), 1, columns)
        seen = [column for column, share in enumerate(found) if share]
        place = next(j for j, (a, b) in enumerate(pairwise(columns.edges)) if a <= at < b)
        assert place in seen
        assert len(seen) <= 2
        assert sum(found) == BLOCK


def test_narrow_columns_are_counted():
    values = bytes(n % 5 for n in range(9 * BLOCK))
    columns = columns_of(len(values), 700)
    assert columns.places is None
    edges = columns.edges
    assert densities(values, running(values, 3), 3, columns) == [
        values[a:b].count(3) for a, b in pairwise(edges)
    ]
