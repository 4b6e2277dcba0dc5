"""The benchmarks run; how fast, they tell only on request (``make bench``)."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import orjson
import pytest

from scrubber.api import open_store
from tests.bench import __main__ as bench
from tests.bench import corpus, eval_log, goals, peers, plotting, report
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
    "waiting",
    "scrubbing",
    "giant",
)


@pytest.mark.parametrize("name", MINE)
def test_a_small_run_gives_figures(name):
    found = list(bench.results([name], SMALL))
    assert found
    assert all(result.value for result in found if result.goal != 0 and "growth" not in result.name)
    for row in goals.ROWS:
        if row.bench == name:
            assert [one for one in found if one.goal is not None and row.counts(one.name)], row.what


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


def test_every_row_of_the_goals_names_a_benchmark():
    assert {row.bench for row in goals.ROWS} <= set(bench.names())


RUN = [
    Result("import, CPU", 7.84, "x parsing", 2.5, "orjson"),
    Result("scan of unchanged files, opened", 0, "files", 0),
    Result("scan of unchanged files, each", 23.4, "us", 24),
    Result("claude-code-log, 12.0 MB .jsonl", 2.5, "s", None, "one page"),
    Result("claude-code-log, 12.0 MB .jsonl: peak memory", 267.8, "MB"),
    Result("another tool, 12.0 MB .jsonl", None, "s", None, "not installed"),
]


def test_a_run_becomes_the_tables_of_a_page(tmp_path, capsys):
    run, page = tmp_path / "run.json", tmp_path / "page.md"
    run.write_bytes(b"".join(orjson.dumps(one.as_json()) + b"\n" for one in RUN))
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nbehind\n")
    assert report.main([str(run), "--into", str(page)]) == 0
    lines = page.read_text().splitlines()
    row = "| import without index, CPU | ≤ 2.5 × parsing | 7.84 x parsing | short: 1 of 1 |"
    assert row in lines
    assert any("0.00 files; 23.4 us | met |" in line for line in lines)
    assert "| claude-code-log, 12.0 MB .jsonl | one page | 2.50 s | 268 MB |" in lines
    assert "| another tool, 12.0 MB .jsonl | not installed | – | – |" in lines
    assert (lines[0], lines[-1], "old" in lines) == ("before", "behind", False)
    assert report.main([str(run), str(run)]) == 0
    assert "| import, CPU | 7.84 x parsing | 7.84 x parsing | 1.00 |" in capsys.readouterr().out
    with pytest.raises(ValueError, match="figures: begin"):
        report.put_into("no marks", "text")


def test_a_log_of_inspect_says_what_the_session_says(tmp_path):
    path = eval_log.write(tmp_path / "log.eval", 20_000)
    with open_store(tmp_path / "store.db") as store:
        *_, sample = store.import_paths([path])
        assert (sample.format, sample.status) == ("inspect", "new")
        roles = {event.role for event in store.events(str(sample.session))}
    assert len(roles) >= 3


def test_tools_on_one_file_and_one_that_is_missing(tmp_path):
    source = corpus.write(tmp_path / "one.jsonl", 30_000)
    missing = peers.Tool("missing", "nothing", ("no-such-tool", "FILE"), "the package missing")
    printed = peers.Tool("cat", "printed", ("cat", "FILE"), is_viewer=True)
    found = {
        one.name: one for one in peers.compare(tmp_path, source, (*peers.OURS, missing, printed))
    }
    assert found["missing, 0.0 MB .jsonl"].value is None
    assert "not installed: the package missing" in found["missing, 0.0 MB .jsonl"].line()
    assert found["Scrubber's window, 0.0 MB .jsonl, to cat"].goal == 1
    memory = {n: one.value or 0 for n, one in found.items() if n.endswith(": peak memory")}
    assert len(memory) == 4
    ours = [value for name, value in memory.items() if name.startswith("Scrubber")]
    assert min(ours) > memory["cat, 0.0 MB .jsonl: peak memory"], "not what this process takes"


def test_a_tool_that_fails_is_told(tmp_path):
    broken = peers.Tool("broken", "nothing", ("sh", "-c", "echo no luck >&2; exit 3"))
    with pytest.raises(RuntimeError, match="broken failed: no luck"):
        peers.measure(broken, tmp_path / "x", tmp_path / "y")
