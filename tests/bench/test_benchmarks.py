"""The benchmarks run; how fast, they tell only on request (``make bench``)."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import orjson
import pytest

from tests.bench import __main__ as bench
from tests.bench import corpus, plotting
from tests.bench.measuring import SMALL, Result

MINE = (
    "importing",
    "rescanning",
    "tailing",
    "forking",
    "seeking",
    "exporting",
    "committing",
    "searching",
    "looking",
    "comparing",
    "runtime",
    "noting",
    "growing",
    "extremes",
    "tables",
    "scrubbing",
)


@pytest.mark.parametrize("name", MINE)
def test_a_small_run_gives_figures(name):
    found = list(bench.results([name], SMALL))
    assert found
    assert all((result.value or 0) > 0 for result in found if "growth" not in result.name)


def test_figures_for_people_and_for_programs(capsys):
    status = bench.main(["--small", "--json", "exporting"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["name"] for line in lines} >= {"export as source", "export as snapshot, rate"}
    assert status == any(line["passed"] is False for line in lines)
    assert "goal 6" in Result("x", 7, "s", 6).line()
    assert [Result("x", 7, "s", goal).passed for goal in (None, 6, 7)] == [None, False, True]


def test_an_unknown_name_is_an_error(capsys):
    with pytest.raises(SystemExit):
        bench.main(["tetris"])
    assert "no such benchmark: tetris" in capsys.readouterr().err


def test_the_corpus_is_the_same_each_time(tmp_path):
    once, again = (corpus.write(tmp_path / name, 50_000, seed=3) for name in "ab")
    assert once.read_bytes() == again.read_bytes()
    assert corpus.lines(3, 4) == corpus.lines(3, 9)[:4]
    assert corpus.lines(3, 4) != corpus.lines(4, 4)
    assert len(corpus.write_events(tmp_path / "c", 12).read_bytes().splitlines()) == 12


def test_the_growth_of_the_costs_is_drawn():
    lines = [
        orjson.dumps(Result(f"growth of {work}, {10**power:,} events", power, "ms").as_json())
        for work in ("import", "a <fork>")
        for power in (3, 4)
    ]
    drawn = plotting.curves([*lines, orjson.dumps(Result("fork, 1,000 events", 5, "us").as_json())])
    assert drawn == {"import": [(1_000, 3), (10_000, 4)]}
    root = ElementTree.fromstring(plotting.picture(drawn))
    assert [node.text for node in root.iter() if node.text == "import"] == ["import"]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 1
