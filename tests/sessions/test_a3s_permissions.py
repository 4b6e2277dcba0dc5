"""The permission policy of a3s-code (seed-systems, 5d), rule by rule; see also tests/core."""

from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.permissions import Decision, Permissions, argument_text, fits


@pytest.mark.parametrize("lists", list(itertools.product([True, False], repeat=3)))
def test_deny_goes_before_allow_allow_before_ask_ask_before_the_default(lists):
    deny, allow, ask = (("Bash(x)",) if on else () for on in lists)
    rules = Permissions(deny, allow, ask, Decision.ALLOW)
    named = [d for d, on in zip(("deny", "allow", "ask"), lists, strict=True) if on]
    assert rules.decide("bash", {"command": "x"}) == ([*named, "allow"][0])


def test_the_default_is_to_ask_and_what_is_not_enabled_allows_all():
    assert Permissions().decide("bash", {}) is Decision.ASK
    off = Permissions.from_json({"deny": ["bash"], "enabled": False})
    assert off.decide("bash", {}) is Decision.ALLOW


def test_rules_of_a_file_are_read_from_strings_and_objects_and_do_match():
    # Early versions of a3s-code skipped what a rule was parsed to when they loaded it, so that
    # loaded rules matched nothing.
    rules = Permissions.from_json(
        {"deny": [{"rule": "Bash(rm:*)"}], "allow": ["mcp__time"], "ask": [], "enabled": True}
    )
    again = Permissions.from_json(rules.as_json())
    for one in (rules, again):
        assert one.decide("Bash", {"command": "rm -rf /"}) is Decision.DENY
        assert one.decide("mcp__time__now", {}) is Decision.ALLOW


@pytest.mark.parametrize(
    ("tool", "arguments", "text"),
    [
        ("bash", {"command": "ls -l", "timeout": 3}, "ls -l"),
        ("Read", {"file_path": "/a"}, "/a"),
        ("WRITE", {"file_path": "/a", "content": "x"}, "/a"),
        ("edit", {"file_path": "/a"}, "/a"),
        ("glob", {"pattern": "*.py", "path": "/"}, "*.py"),
        ("grep", {"path": "src", "pattern": "x"}, "x src"),
        ("ls", {"path": "/tmp"}, "/tmp"),
        ("other", {"a": [1]}, '{"a":[1]}'),
    ],
)
def test_what_a_pattern_is_held_against(tool, arguments, text):
    assert argument_text(tool, arguments) == text


@pytest.mark.parametrize(
    ("pattern", "command", "does"),
    [
        ("*", "", True),
        ("*", "a/b\\c\nd", True),
        ("a*", "ab", True),
        ("a*", "a/b", False),
        ("a*", "a\\b", False),
        ("a**", "a/b\\c", True),
        ("**b", "a/b", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a?c", "abbc", False),
        ("cargo:*", "cargo", True),
        ("cargo:*", "cargo test a/b", True),
        ("cargo:*", "cargonaut", True),
        ("cargo:*", "my cargo", False),
        ("a.b:*", "aXb", False),
        ("a*:*", "ab", False),
        ("a*:*", "a*b", True),
        ("ls", "ls -l", False),
        ("ls", " ls", False),
        ("a.c", "abc", False),
        ("(a)", "(a)", True),
        ("[ab]", "a", False),
    ],
)
def test_the_pattern_language(pattern, command, does):
    assert fits(f"Bash({pattern})", "bash", {"command": command}) is does


@given(st.text(string.printable, max_size=30))
def test_a_pattern_without_wildcards_is_itself_and_nothing_else(text):
    plain = "".join(c for c in text if c not in "*?")
    if plain.endswith(":"):
        plain = plain.rstrip(":")
    assert fits(f"Bash({plain})", "bash", {"command": plain})
    assert not fits(f"Bash({plain})", "bash", {"command": plain + "x"})
    assert fits("Bash(**)", "bash", {"command": text})
    assert fits("Bash", "bash", {"command": text})


@pytest.mark.parametrize(
    ("rule", "tool", "does"),
    [
        ("mcp__git", "mcp__git__log", True),
        ("MCP__Git", "mcp__git__log", True),
        ("mcp__git__log", "mcp__git__log", True),
        ("mcp__git__log", "mcp__git__status", False),
        ("mcp__gi", "mcp__git__log", False),
        ("git", "mcp__git__log", False),
        ("mcp__git(*)", "mcp__git__log", True),
    ],
)
def test_a_servers_name_stands_for_all_its_tools(rule, tool, does):
    assert fits(rule, tool, {}) is does
