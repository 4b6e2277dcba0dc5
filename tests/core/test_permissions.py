"""The rules of a3s-code's permission policy; each test names the one it holds."""

from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.permissions import Decision, Permissions, argument_text, fits


def bash(command):
    return {"command": command}


@pytest.mark.parametrize(
    ("rules", "decision"),
    [
        ({"deny": ("Bash",), "allow": ("Bash",), "ask": ("Bash",)}, Decision.DENY),
        ({"allow": ("Bash",), "ask": ("Bash",)}, Decision.ALLOW),
        ({"ask": ("Bash",), "default": Decision.ALLOW}, Decision.ASK),
        ({"default": Decision.DENY}, Decision.DENY),
        ({}, Decision.ASK),
        ({"deny": ("Bash",), "enabled": False}, Decision.ALLOW),
    ],
)
def test_deny_before_allow_before_ask_before_the_default(rules, decision):
    assert Permissions(**rules).decide("Bash", bash("ls")) is decision


@pytest.mark.parametrize(
    ("rule", "tool", "arguments", "does"),
    [
        ("bash", "Bash", bash("ls"), True),
        ("BASH(ls)", "bash", bash("ls"), True),
        ("Bash(ls)", "Bash", bash("ls -l"), False),
        ("Bash(cargo:*)", "Bash", bash("cargo test"), True),
        ("Bash(cargo:*)", "Bash", bash("cargonaut"), True),
        ("Bash(cargo:*)", "Bash", bash("xcargo"), False),
        ("Bash(*)", "Bash", bash("rm -rf /a/b"), True),
        ("Bash(rm *)", "Bash", bash("rm a/b"), False),
        ("Bash(rm **)", "Bash", bash("rm a/b\nc"), True),
        ("Read(src/*.py)", "read", {"file_path": "src/a.py"}, True),
        ("Read(src/*.py)", "read", {"file_path": "src/a/b.py"}, False),
        ("Read(src/?.py)", "read", {"file_path": "src/a.py"}, True),
        ("Read(a.py)", "read", {"file_path": "aXpy"}, False),
        ("Grep(needle src)", "grep", {"pattern": "needle", "path": "src"}, True),
        ("mcp__time", "mcp__time__now", {}, True),
        ("mcp__time", "mcp__timer__now", {}, False),
        ("mcp__time__now", "mcp__time__now", {}, True),
        ('Other({"a":1})', "Other", {"a": 1}, True),
        ("((", "Bash", bash("ls"), False),
    ],
)
def test_what_a_rule_is_about(rule, tool, arguments, does):
    assert fits(rule, tool, arguments) is does


def test_a_rule_may_name_the_tool_as_the_call_does_or_in_full():
    permissions = Permissions(deny=("mcp__git",), allow=("log", "mcp__time"), default=Decision.ASK)
    assert permissions.decide("log", {}, "mcp__git__log") is Decision.DENY
    assert permissions.decide("log", {}, "mcp__other__log") is Decision.ALLOW
    assert permissions.decide("now", {}, "mcp__time__now") is Decision.ALLOW
    assert permissions.decide("now", {}) is Decision.ASK


def test_arguments_that_are_no_object_are_taken_as_they_are():
    assert argument_text("Bash", "raw text") == "raw text"
    assert argument_text("Bash", ["a"]) == '["a"]'


def test_from_json_and_back():
    permissions = Permissions.from_json(
        {"deny": [{"rule": "Bash(rm:*)"}], "allow": ["Read"], "default_decision": "deny"}
    )
    assert permissions == Permissions(("Bash(rm:*)",), ("Read",), (), Decision.DENY)
    assert Permissions.from_json(permissions.as_json()) == permissions


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"default_decision": "perhaps"},
        {"deny": ["(("]},
        {"ask": [3]},
        {"deny": "Bash"},
        {"deny": {"rule": "Bash"}},
        {"enabled": None},
        {"enabled": 0},
    ],
)
def test_what_is_no_policy_is_refused(value):
    with pytest.raises(BadArgumentError):
        Permissions.from_json(value)
