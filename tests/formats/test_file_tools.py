"""A call of each agent's tools, as the agent writes it, and what it does to a file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.files.changes import Hunk, Verb
from scrubber.formats import registry
from scrubber.formats.file_tools import OPENING, TABLES, changes_of, former_of, opened_by

PATCH = "*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\n*** End Patch"
SEARCH = "------- SEARCH\na\n=======\nb\n+++++++ REPLACE"
PAIR = {"old_string": "a", "new_string": "b"}
STR = {"old_str": "a", "new_str": "b"}
CAMEL = {"oldString": "a", "newString": "b"}
TEXT = {"oldText": "a", "newText": "b"}

REPLACES: list[tuple[str, str, Any]] = [
    ("claude-code", "Edit", {"file_path": "f", **PAIR}),
    ("claude-code", "MultiEdit", {"file_path": "f", "edits": [PAIR]}),
    ("claude-code", "str_replace_based_edit_tool", {"command": "str_replace", "path": "f", **STR}),
    ("codex", "apply_patch", PATCH),
    ("codex", "apply_patch", {"input": PATCH}),
    ("codex", "shell", {"command": ["apply_patch", PATCH]}),
    ("codex", "shell", json.dumps({"command": ["bash", "-lc", f"apply_patch <<X\n{PATCH}\nX"]})),
    ("codex", "exec_command", {"cmd": f"apply_patch <<'X'\n{PATCH}\nX"}),
    ("pi", "edit", {"path": "f", **TEXT}),
    ("pi", "edit", {"path": "f", "edits": [TEXT]}),
    ("gemini-cli", "replace", {"file_path": "f", **PAIR}),
    ("qwen-code", "edit", {"file_path": "f", **PAIR}),
    ("opencode", "edit", {"filePath": "f", **CAMEL}),
    ("opencode", "multiedit", {"filePath": "f", "edits": [CAMEL]}),
    ("opencode", "patch", {"patchText": PATCH}),
    ("cline", "replace_in_file", {"path": "f", "diff": SEARCH}),
    ("cline", "apply_diff", {"path": "f", "diff": SEARCH}),
    ("cline", "search_and_replace", {"path": "f", "search": "a", "replace": "b"}),
    ("droid", "Edit", {"file_path": "f", **STR}),
    ("droid", "MultiEdit", {"file_path": "f", "changes": [STR]}),
    ("droid", "ApplyPatch", {"input": PATCH}),
    ("copilot-cli", "edit", {"path": "f", **STR}),
    ("copilot-cli", "replace_string_in_file", {"filePath": "f", **CAMEL}),
    ("copilot-cli", "multi_replace_string_in_file", {"replacements": [{"filePath": "f", **CAMEL}]}),
    ("copilot-cli", "apply_patch", {"input": PATCH, "explanation": "why"}),
    ("cursor", "StrReplace", {"path": "f", **PAIR}),
    ("cursor", "search_replace", {"file_path": "f", **PAIR}),
    ("swe-agent", "edit", {"file": "f", "search": "a", "replace": "b"}),
    ("swe-agent", "str_replace_editor", {"command": "str_replace", "path": "f", **STR}),
    ("openhands", "str_replace_editor", {"command": "str_replace", "path": "f", **STR}),
    ("inspect", "text_editor", {}),
    ("inspect", "str_replace_editor", {"command": "str_replace", "path": "f", **STR}),
    ("otel", "apply_patch", {"input": PATCH}),
    ("messages", "edit_file", {"path": "f", "edits": [TEXT]}),
]  # fmt: skip
WRITES: list[tuple[str, str, Any, Verb]] = [
    ("claude-code", "Write", {"file_path": "f", "content": "x\n"}, Verb.WRITE),
    ("codex", "apply_patch", "*** Begin Patch\n*** Add File: f\n+x\n*** End Patch", Verb.CREATE),
    ("pi", "write", {"path": "f", "content": "x\n"}, Verb.WRITE),
    ("gemini-cli", "write_file", {"file_path": "f", "content": "x\n"}, Verb.WRITE),
    ("opencode", "write", {"filePath": "f", "content": "x\n"}, Verb.WRITE),
    ("cline", "write_to_file", {"path": "f", "content": "x\n"}, Verb.WRITE),
    ("droid", "Create", {"file_path": "f", "content": "x\n"}, Verb.CREATE),
    ("copilot-cli", "create", {"path": "f", "file_text": "x\n"}, Verb.CREATE),
    ("cursor", "Write", {"path": "f", "contents": "x\n"}, Verb.WRITE),
    ("openhands", "write", {"path": "f", "content": "x\n"}, Verb.WRITE),
    ("anthropic", "write_file", {"path": "f", "content": "x\n"}, Verb.WRITE),
]


@pytest.mark.parametrize(("format", "tool", "arguments"), [r for r in REPLACES if r[2]])
def test_one_text_takes_the_place_of_another(format, tool, arguments):
    (change,) = changes_of(format, tool, arguments)
    assert (change.path, change.verb, change.hunks) == ("f", Verb.EDIT, (Hunk("a", "b"),))


@pytest.mark.parametrize(("format", "tool", "arguments", "verb"), WRITES)
def test_a_file_is_written_whole(format, tool, arguments, verb):
    (change,) = changes_of(format, tool, arguments)
    assert (change.path, change.verb, change.content) == ("f", verb, "x\n")


def test_what_is_not_told_is_not_made_up():
    (change,) = changes_of("cursor", "edit_file", {"target_file": "f"})
    assert not change.is_recorded
    (change,) = changes_of("swe-agent", "create", {"filename": "f"})
    assert not change.is_recorded
    assert opened_by("swe-agent", "create", {"filename": "f"}) == "f"


def test_deleting():
    for format, tool, arguments in (
        ("cursor", "Delete", {"path": "f"}),
        ("cline", "delete_file", {"target_file": "f"}),
    ):
        (change,) = changes_of(format, tool, arguments)
        assert (change.path, change.verb) == ("f", Verb.DELETE)


@pytest.mark.parametrize(
    "arguments", [None, "", "{", "[]", "7", [], {}, {"file_path": 3}, {"edits": 1}]
)
def test_odd_arguments_give_nothing(arguments):
    for format, table in TABLES.items():
        for tool in table:
            assert [one for one in changes_of(format, tool, arguments) if one.is_recorded] == []


def test_tools_that_change_no_file():
    assert changes_of("claude-code", "Read", {"file_path": "f"}) == []
    assert changes_of("claude-code", None, {}) == []
    assert changes_of("codex", "exec_command", {"cmd": "echo x > f"}) == []


def test_each_table_is_of_a_format():
    assert set(TABLES) | set(OPENING) <= set(registry.formats())


def test_what_a_file_held_before():
    assert former_of({"originalFile": "x", "type": "update"}) == "x"
    assert former_of({"originalFile": None, "type": "create"}) == ""
    assert former_of({"resultDisplay": {"originalContent": "y"}}) == "y"
    assert former_of({"originalFile": None}) is None
    assert former_of("text") is None
