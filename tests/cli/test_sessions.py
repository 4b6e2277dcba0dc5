from __future__ import annotations

import random

import pytest

from scrubber.api import OpenStore
from scrubber.cli.session_tree import tree
from scrubber.cli.short_ids import ShortIds
from scrubber.cli.tables import width_of
from scrubber.core.session import Session

KEYS = "id title format relation parent forked_at status model events messages created updated"


def session(id, parent=None, relation="root", forked_at=None, native=None) -> Session:
    return Session(
        id, f"title {id}", "claude-code", relation, parent, forked_at, "completed", None, None,
        native, None, 5, 3, 0, 10, 1, 1, 0, "", None, 0,
    )  # fmt: skip


def test_json_has_the_keys_of_the_issue(cli, sample, subagent):
    fork = cli("fork", sample, "--at", 26).out.strip()
    lines = {line["id"]: line for line in cli("sessions", "--json").lines}
    assert all(set(KEYS.split()) <= set(line) for line in lines.values())
    assert {i: line["relation"] for i, line in lines.items()} == {
        sample: "root",
        subagent: "subagent",
        fork: "fork",
    }
    assert (lines[fork]["parent"], lines[fork]["forked_at"]) == (sample, 26)
    assert (lines[sample]["parent"], lines[sample]["forked_at"]) == (None, None)


def test_an_empty_store_says_how_to_begin(cli):
    for words in (["sessions"], ["sessions", "--json"], ["sessions", "--tree"]):
        done = cli(*words)
        assert (done.status, done.out) == (0, "")
        assert "no sessions yet" in done.err


def test_the_tree_is_drawn(cli, sample, subagent):
    fork = cli("fork", sample, "--at", 26, "--title", "typed fix").out.strip()
    cli("fork", fork, "--at", 3, "--title", "fork of a fork")
    titles = [line.split("  ")[-1] for line in cli("sessions", "--tree").out.splitlines()]
    assert titles == [
        "TITLE",
        "Keep the cart through login",
        "├ ⑂ typed fix",
        "│ └ ⑂ fork of a fork",
        "└ ▸ Investigate session middleware",
    ]


def test_the_tree_in_json_has_depths(cli, sample, subagent):
    cli("fork", sample, "--at", 26)
    lines = cli("sessions", "--tree", "--json").lines
    assert [(line["relation"], line["depth"]) for line in lines] == [
        ("root", 0),
        ("fork", 1),
        ("subagent", 1),
    ]


def test_columns_are_aligned_and_titles_cut_to_the_width(cli, sample, monkeypatch):
    monkeypatch.setattr("scrubber.cli.output.width", lambda: 100)
    cli("fork", sample, "--at", 26, "--title", "名前 " * 40)
    lines = cli("sessions").out.splitlines()
    assert lines[0].index("TITLE") == lines[1].index("⑂ 名前") == lines[2].index("Keep")
    assert lines[1].endswith("…")
    assert max(map(width_of, lines)) == 100


def test_a_narrow_terminal_has_no_room_for_the_model(cli, sample, monkeypatch):
    monkeypatch.setattr("scrubber.cli.output.width", lambda: 80)
    head, first, *_ = cli("sessions").out.splitlines()
    assert "MODEL" not in head
    assert first.endswith("  Keep the cart through login")


def test_without_a_terminal_nothing_is_cut(cli, sample):
    cli("fork", sample, "--at", 26, "--title", "long " * 60)
    assert "long " * 59 in cli("sessions").out


def test_a_tree_asks_the_store_once(cli, sample, monkeypatch):
    asked = []
    for name in ("session", "children", "roots", "page", "ancestry", "dependents"):
        monkeypatch.setattr(OpenStore, name, lambda *_, name=name: asked.append(name))
    assert cli("sessions", "--tree").status == 0
    assert asked == []


def test_a_tree_of_many_sessions_and_great_depth():
    chain = [session("0"), *(session(str(i), str(i - 1), "fork", 1) for i in range(1, 5000))]
    many = [session(f"r{i}") for i in range(20_000)]
    nodes = list(tree(random.Random(1).sample(chain + many, k=len(chain + many))))
    assert len(nodes) == 25_000
    assert max(node.depth for node in nodes) == 4999


def test_a_child_without_its_parent_is_shown_at_the_top():
    assert [node.depth for node in tree([session("a", parent="gone")])] == [0]


@pytest.mark.parametrize(
    ("others", "short"),
    [
        ([], "abcdefgh"),
        (["xbcdefgh1234"], "abcdefgh"),
        (["abcdefgh9999"], "abcdefgh1"),
        (["abcdefgh1299"], "abcdefgh123"),
        (["abcdefgh1235"], "abcdefgh1234"),
    ],
)
def test_short_ids(others, short):
    ids = ShortIds([session("abcdefgh1234"), *map(session, others)])
    assert ids.of("abcdefgh1234") == short


def test_short_ids_know_the_agents_ids():
    ids = ShortIds([session("abcdefgh1234"), session("zz", native="abcdefgh1")])
    assert ids.of("abcdefgh1234") == "abcdefgh12"
