from __future__ import annotations

from tests.cli import transcripts

KEYS = "index kind role visibility origin ts tool call_id is_error tokens text"


def test_json_has_the_keys_of_the_issue(cli, sample):
    events = cli("events", sample, "--json").lines
    assert all(set(KEYS.split()) <= set(event) for event in events)
    assert [event["index"] for event in events] == list(range(len(events)))
    assert len(events) == cli("show", sample, "--json").one["of"]


def test_from_and_to(cli, sample):
    assert [e["index"] for e in cli("events", sample, "--from", 5, "--to", 8, "--json").lines] == [
        5,
        6,
        7,
    ]
    assert [e["index"] for e in cli("events", sample, "--from", 130, "--json").lines] == [130, 131]
    assert len(cli("events", sample, "--to", 3, "--json").lines) == 3
    assert cli("events", sample, "--from", 9999, "--json").lines == []
    assert len(cli("events", sample, "--to", 9999, "--json").lines) == 132


def test_a_call_and_its_result(cli, sample):
    events = cli("events", sample, "--json").lines
    call = next(e for e in events if e["kind"] == "tool_call" and e["tool"] == "Bash")
    result = next(
        e for e in events if e["kind"] == "tool_result" and e["call_id"] == call["call_id"]
    )
    assert (call["role"], call["is_error"], result["is_error"]) == ("assistant", False, True)
    assert call["text"] == call["arguments"]["command"]
    assert (result["tool"], result["ref"]) == ("Bash", call["index"])
    assert result["origin"] == "recorded"


def test_json_has_the_whole_text(cli, tmp_path):
    text = "word\n" * 5000
    file = transcripts.write(tmp_path / "a.jsonl", transcripts.message("user", text))
    session = cli("import", file, "--json").one["session"]
    assert cli("events", session, "--json").one["text"] == text


def test_tokens_add_up(cli, sample):
    events = cli("events", sample, "--json").lines
    tokens = sum(event["tokens"] or 0 for event in events)
    assert tokens == cli("show", sample, "--json").one["tokens"] > 0


def test_text_is_a_line_an_event(cli, sample, monkeypatch):
    lines = cli("events", sample).out.splitlines()
    assert len(lines) == 132
    assert lines[26].startswith(" 26  ")
    assert lines[26].endswith("Edit: /home/ada/shop/tidepool/auth.py")
    monkeypatch.setattr("scrubber.cli.output.width", lambda: 80)
    assert max(map(len, cli("events", sample).out.splitlines())) <= 80


def test_a_fork_of_a_fork_reads_its_prefix(cli, sample):
    fork = cli("fork", sample, "--at", 26).out.strip()
    second = cli("fork", fork, "--at", 20).out.strip()
    whole = cli("events", sample, "--to", 20, "--json").out
    assert cli("events", second, "--json").out == whole


def test_only_what_fits(cli, sample):
    every = cli("events", sample, "--from", 10, "--json").lines
    fitting = cli("events", sample, "--from", 10, "--where", "role:tool is:error", "--json").lines
    assert fitting == [e for e in every if e["role"] == "tool" and e["is_error"]] != []
    wrong = cli("events", sample, "--where", "x kind:y")
    assert wrong.status == 2
    assert "x kind:y\n       ^" in wrong.err
