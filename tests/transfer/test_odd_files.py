"""Files that are no transcripts, or hostile ones: each costs itself only."""

from __future__ import annotations

import os
import sys

import pytest

from tests.formats.claude_code.records import File

DEEP = '{"a":' * 900 + "1" + "}" * 900


def test_a_line_nested_too_deeply_costs_only_itself(store, tmp_path):
    path = tmp_path / "session.jsonl"
    tool = '{"type":"assistant","uuid":"d","message":{"content":[{"type":"tool_use","input":'
    deep = f"{tool}{DEEP}}}]}}}}\n"
    path.write_bytes(File().user("a").data + deep.encode() + File().user("b").data)
    (result,) = store.import_paths([path])
    assert (result.status, result.events) == ("new", 3)
    assert any("nested" in warning.reason for warning in result.warnings)
    assert not list(store.verify())
    for format in ("source", "claude-code", "messages", "anthropic", "markdown"):
        assert b"".join(store.export(result.session, format=format))


def test_half_an_emoji_costs_nothing(store, tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_bytes(File().user("cut here").data.replace(b"cut here", b"cut \\ud83d"))
    (result,) = store.import_paths([path])
    assert (result.messages, result.warnings) == (1, ())
    (event,) = store.events(result.session)
    assert store.content(event).text == "cut \ufffd"
    assert b"".join(store.export(result.session, format="source")) == path.read_bytes()
    assert not list(store.verify())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(store, tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    (result,) = store.import_paths([tmp_path / "pipe.jsonl"])
    assert result.status == "failed"
    assert "not a regular file" in result.warnings[0].reason
    assert not list(store.import_paths([tmp_path]))


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_no_text_fails_alone(store, tmp_path):
    for name in (b"a\xff.jsonl", b"b.jsonl"):
        (tmp_path / os.fsdecode(name)).write_bytes(File().user("hello").data)
    results = {result.status: result for result in store.import_paths([tmp_path])}
    assert set(results) == {"failed", "new"}
    assert "name is not UTF-8" in results["failed"].warnings[0].reason


def test_a_torn_end_has_no_line_number(store, tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_bytes(File().user("a").data + b'{"type":"us')
    (result,) = store.import_paths([path])
    assert [warning.line for warning in result.warnings] == [0]
