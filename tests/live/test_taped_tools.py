from __future__ import annotations

from typing import Any

import pytest

from scrubber.api import open_store
from scrubber.live.provider import Tool
from scrubber.live.schemas import WIDEST, Shape
from scrubber.live.taped_tools import MOST_CALLS, calls_in, defined_tools, taped_tools
from scrubber.transfer.exporting import StoredTranscript

OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    "definition",
    [
        {"name": "look", "description": "Looks.", "input_schema": OBJECT},
        {"name": "look", "description": "Looks.", "inputSchema": OBJECT},
        {"name": "look", "description": "Looks.", "parameters": OBJECT},
        {"type": "function", "name": "look", "description": "Looks.", "parameters": OBJECT},
        {
            "type": "function",
            "function": {"name": "look", "description": "Looks.", "parameters": OBJECT},
        },
    ],
)
def test_definitions_in_the_shape_of_any_api(definition):
    assert list(defined_tools([definition])) == [Tool("look", "Looks.", OBJECT, definition)]


def test_definitions_within_others():
    look = {"name": "look", "parametersJsonSchema": OBJECT}
    gemini = {"functionDeclarations": [look, {"name": "go"}]}
    space = {"type": "namespace", "name": "mcp__eyes", "tools": [look]}
    assert [(tool.name, tool.schema) for tool in defined_tools([gemini, space])] == [
        ("look", OBJECT),
        ("go", None),
        ("mcp__eyes__look", OBJECT),
    ]


def test_a_tool_of_the_provider_has_no_schema():
    search = {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}
    assert list(defined_tools([search])) == [Tool("web_search", "", None, search)]


@pytest.mark.parametrize("odd", [None, "words", 3, {}, [None, 3, [], {"name": 7}, {"tools": 1}]])
def test_odd_definitions_are_none(odd):
    assert list(defined_tools(odd)) == []


def shape_of(*values: Any) -> dict[str, Any]:
    shape = Shape()
    for value in values:
        shape.see(value)
    return shape.schema()


def test_a_schema_of_what_was_seen():
    assert shape_of(
        {"path": "a", "limit": 1, "deep": {"x": [1, 2.5], "y": None}},
        {"path": "b", "limit": None, "flag": []},
    ) == {
        "type": "object",
        "properties": {
            "path": {"type": "string"},
            "limit": {"type": ["integer", "null"]},
            "deep": {
                "type": "object",
                "properties": {
                    "x": {"type": "array", "items": {"type": "number"}},
                    "y": {"type": "null"},
                },
                "required": ["x", "y"],
            },
            "flag": {"type": "array", "items": {}},
        },
        "required": ["path", "limit"],
    }


def test_a_mapping_is_no_record():
    assert shape_of({f"key {number}": number for number in range(10 * WIDEST)}) == {
        "type": "object"
    }


def test_a_schema_is_bounded_in_depth():
    value: Any = "bottom"
    for _ in range(200):
        value = {"in": [value]}
    assert len(str(shape_of(value))) < 600


@pytest.fixture
def transcript(bundled_sample, tmp_path):
    with open_store(tmp_path / "store.db") as store:
        done = max(store.import_paths(bundled_sample), key=lambda one: one.events)
        session = store.session(done.session or "")
        yield StoredTranscript(store.store, session, session.events)


def test_tools_that_were_only_called_are_inferred(transcript):
    tools = {tool.name: tool for tool in taped_tools(transcript)}
    assert "Bash" in tools
    bash = tools["Bash"]
    assert bash.definition is None
    assert bash.schema["properties"]["command"] == {"type": "string"}
    assert "command" in bash.schema["required"]
    assert bash.description.startswith("The recording does not tell what this tool does.")


def test_a_call_that_transcripts_share_counts_once(transcript):
    once, twice = calls_in(transcript), calls_in(transcript, transcript)
    assert {name: calls.count for name, calls in twice.items()} == {
        name: calls.count for name, calls in once.items()
    }
    assert once["Bash"].count < MOST_CALLS
