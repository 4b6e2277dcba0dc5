from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.live.mcp.names import Directory, could_be_of, full_name, is_of

GIT = Directory(
    [("git", "git_status"), ("git", "log"), ("linear-server", "list_issues"), ("other", "log")]
)


@pytest.mark.parametrize(
    "name",
    [
        "mcp__linear-server__list_issues",
        "mcp__linear_server__list_issues",
        "MCP__Linear-Server__List_Issues",
        "linear-server__list_issues",
        "mcp_linear-server_list_issues",
        "linear_server_list_issues",
        "list_issues",
    ],
)
def test_all_spellings_mean_the_tool(name):
    assert GIT.find(name) == ("linear-server", "list_issues")


@pytest.mark.parametrize("name", ["", "log", "List_Issues", "mcp__other__list_issues", "status"])
def test_what_means_none_or_several_is_not_found(name):
    assert GIT.find(name) is None


def test_a_tool_is_called_as_in_the_recording():
    called = GIT.called(["Bash", "git_status", "mcp__git__log", "log"])
    assert list(called.values()) == [
        "git_status", "mcp__git__log", "mcp__linear-server__list_issues", "mcp__other__log",
    ]  # fmt: skip


def test_names_that_differ_only_in_odd_characters_stay_apart():
    directory = Directory([("a", "x.y"), ("a", "x y"), ("a b", "z")])
    names = list(directory.names.values())
    assert names[0] == "mcp__a__x_y"
    assert names[1] != names[0]
    assert [directory.find(name) for name in names] == [("a", "x.y"), ("a", "x y"), ("a b", "z")]


def test_who_may_have_a_tool():
    assert is_of("linear-server", "mcp__linear-server__x")
    assert not is_of("linear", "mcp__linear-server__x")
    assert could_be_of("git", "status")
    assert not could_be_of("git", "mcp__other__status")


words = st.text(min_size=1, max_size=80)


@given(st.lists(st.tuples(words, words), unique=True, max_size=8))
def test_every_tool_has_a_name_of_its_own_that_all_providers_take(places):
    directory = Directory(places)
    assert len(set(directory.names.values())) == len(places)
    for place, name in directory.names.items():
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
        assert directory.find(name) == place


def test_a_long_name_is_the_same_in_every_run():
    name = full_name("server" * 5, "tool" * 20)
    assert name == "mcp__serverserverserverserverserver__tooltooltooltoolto_c84bf627"
