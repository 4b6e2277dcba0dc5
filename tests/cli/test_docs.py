from __future__ import annotations

import argparse
import re

import pytest

from scrubber.cli.parser import build
from tests.helpers.data import REPOSITORY

PAGE = (REPOSITORY / "docs" / "cli.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
EVERYWHERE = {"-h", "--help", "--store"}


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The actions of a command, and of the commands that it has."""
    found = list(parser._actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += (inner for one in action.choices.values() for inner in actions(one))
    return found


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (a for a in build()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_every_command_has_its_section_and_no_other():
    assert list(SECTIONS) == list(commands())


@pytest.mark.parametrize("name", commands())
def test_every_option_is_there(name):
    for action in actions(commands()[name]):
        for option in set(action.option_strings) - EVERYWHERE:
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", SECTIONS[name]), option


@pytest.mark.parametrize("name", commands())
def test_no_option_is_made_up(name):
    known = {option for action in actions(commands()[name]) for option in action.option_strings}
    assert set(re.findall(r"(?<![\w-])--[a-z-]+", SECTIONS[name])) <= known


@pytest.mark.parametrize("option", ["--store", "--version", "--help"])
def test_the_options_of_all_are_there(option):
    assert option in PAGE


@pytest.mark.parametrize("status", [0, 1, 2, 3, 130, 141])
def test_every_exit_status_is_there(status):
    assert f"\n| {status} | " in PAGE


def documented(name: str) -> set[str]:
    return set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", SECTIONS[name]))))


def test_every_json_key_is_there(cli, sample, subagent, bundled_sample, tmp_path):
    calls = [
        ["import", bundled_sample],
        ["sessions", "--tree"],
        ["events", sample],
        ["show", sample, "--at", 7],
        ["files", sample],
        ["usage", sample],
        ["context", sample, "--at", 20],
        ["context", sample, "--at", 20, "--diff", 10],
        ["search", "redirect"],
        ["fork", sample, "--at", 7],
        ["compare", sample, subagent],
        ["export", sample, "-o", tmp_path / "x"],
        ["delete", subagent],
        ["restore", subagent],
        ["formats"],
        ["tools", "add", "x", "--url", "http://x"],
        ["tools", "list"],
        ["session", "open", "s1"],
        ["session", "inject", "s1", "hello"],
        ["session", "fork", "s1"],
        ["session", "status", "s1"],
        ["session", "usage", sample],
        ["session", "history", "s1"],
        ["session", "queue", "s1", "--say", "hello"],
        ["session", "queue", "s1", "--command", "reset_session", "--key", "k"],
    ]
    for words in calls:
        for line in cli(*words, "--json").lines:
            assert set(line) <= documented(str(words[0])), words[0]
