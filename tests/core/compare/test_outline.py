from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.compare.alignment import Alignment
from scrubber.core.compare.outline import Chain, outline
from tests.core.compare.sides import aligned, side

pairs = st.tuples(st.text("ABCXYZab", max_size=40), st.text("ABCXYZab", max_size=40))


def shown(made) -> list[str]:
    """Each run as its rows, with ~ where they differ and ▸ where they are folded."""
    return [
        ("▸" if run.folded else "~" if run.differs else "") + f"{run.rows[0]}-{run.rows[-1]}"
        for run in made.runs
    ]


def test_what_is_alike_is_folded_but_for_a_little_around_what_differs():
    found = aligned("XXXXXXXXAXXXXXXXX", "XXXXXXXXBXXXXXXXX")
    assert shown(outline(found, (), False)) == ["▸0-5", "6-7", "~8-8", "9-10", "▸11-16"]
    assert shown(outline(found, {0}, False)) == ["0-7", "~8-8", "9-10", "▸11-16"]
    assert shown(outline(found, {11}, False)) == ["▸0-5", "6-7", "~8-8", "9-16"]


def test_short_stretches_are_not_worth_a_fold():
    found = aligned("AXXXXXXC", "BXXXXXXD")
    assert shown(outline(found, (), False)) == ["~0-0", "1-6", "~7-7"]


def test_equal_branches_are_one_fold():
    assert shown(outline(aligned("XYZA", "XYZA"), (), False)) == ["▸0-3"]
    assert len(outline(aligned("", ""), (), False)) == 0


def test_bookkeeping_is_shown_only_if_it_is_wanted():
    found = aligned("AaabZ", "BaabZ")
    assert shown(outline(found, (), False)) == ["~0-0", "4-4"]
    assert shown(outline(found, (), True)) == ["~0-0", "1-4"]


def test_a_million_shared_events_are_not_written_out():
    million = 1_000_000
    columns = [array("l", [0]), array("l", [0])]
    found = Alignment([million * 2 + 1] * 2, million, million, columns, [side("A"), side("B")])
    made = outline(found, (), False)
    assert shown(made) == [
        f"▸0-{million - 3}",
        f"{million - 2}-{million - 1}",
        f"~{million}-{million}",
        f"{million + 1}-{million + 2}",
        f"▸{million + 3}-{2 * million}",
    ]
    opened = outline(found, {0}, False)
    assert len(opened) == million + 1 + 2 + 1
    assert opened.item_of(777_777) == 777_777
    assert opened.row(777_777) == 777_777


def test_a_chain_is_its_parts():
    chain = Chain(range(3), [], [5, 7], range(8, 10))
    assert list(chain) == [0, 1, 2, 5, 7, 8, 9]
    assert [chain[-1], *chain[2:6], len(chain[3:3])] == [9, 2, 5, 7, 8, 0]


@given(pairs, st.booleans(), st.booleans())
def test_every_row_is_shown_or_folded_once_and_items_and_rows_agree(branches, everything, opens):
    found = aligned(*branches)
    folds = [run.rows[0] for run in outline(found, (), everything).runs if run.folded]
    made = outline(found, folds if opens else (), everything)
    rows = [row for run in made.runs for row in run.rows]
    assert rows == [n for n in range(len(found)) if everything or found.is_telling(n)]
    assert {row for run in made.runs if run.differs for row in run.rows} == set(found.differences)
    for item in range(len(made)):
        row = made.row(item)
        assert row is None or made.item_of(row) == item
    assert not (opens and any(run.folded for run in made.runs))
