"""Forks at every index, of pi's sessions and of others, keep what pi asks for."""

from __future__ import annotations

import stat

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import registry
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.pi.writer import PiWriter
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.corpus import CORPUS
from tests.formats.pi.context import ours
from tests.formats.pi.rules import check_rules
from tests.formats.reading import FakeTranscript, read, said
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

WRITER = PiWriter(lambda transcript: f"fork-{transcript.index}")
TREE = CORPUS / "pi" / "2026-04-01T09-00-00-000Z_019d0000-0000-7000-8000-000000000001.jsonl"
FORK = CORPUS / "pi" / "2026-04-02T09-00-00-000Z_019d0000-0000-7000-8000-000000000002.jsonl"
FOREIGN = [
    path
    for name in ("claude-code", "codex", "gemini-cli", "messages", "anthropic", "sharegpt", "atif")
    for path in sorted((CORPUS / name).iterdir())
    if path.is_file()
]


def written(transcript) -> bytes:
    return b"".join(WRITER.write(transcript))


def test_every_cut_of_every_branch_keeps_the_rules(store):
    for result in import_one(store, TREE):
        session = store.session(str(result.session))
        for index in range(session.events + 1):
            transcript = StoredTranscript(store.store, session, index)
            check_rules(written(transcript))
            assert WRITER.losses(transcript) is not None


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sessions_of_other_agents(path):
    found = read(path.parent.name, path.read_bytes(), path.name)
    for log in found.logs:
        whole = FakeTranscript(found, log)
        for index in range(0, whole.index + 1, 1 + whole.index // 12):
            transcript = FakeTranscript(found, log, index)
            check_rules(written(transcript))
    whole = FakeTranscript(found)
    again = FakeTranscript(read("pi", written(whole), "a_b.jsonl"))
    calls = [event.call_id for event in again.events() if event.kind is Kind.TOOL_CALL]
    assert calls == [m[1][n][2] for m in said(ClosedTranscript(whole)) for n in calls_of(m)]


def calls_of(message) -> list[int]:
    return [n for n, told in enumerate(message[1]) if told[0] is Kind.TOOL_CALL]


def test_entries_of_pi_are_its_own_bytes():
    data = FORK.read_bytes()
    found = read("pi", data, FORK.name)
    lines = written(FakeTranscript(found)).splitlines()
    assert lines[1:7] == data.splitlines()[1:7]
    assert b"Interrupted" in lines[7]
    assert b"another way" in lines[8]


def test_a_part_of_an_answer_that_was_edited_loses_its_reasoning():
    found = read("pi", FORK.read_bytes(), FORK.name)
    transcript = FakeTranscript(found)
    at = next(e.index for e in transcript.events() if e.text == "I look.")
    edited = Draft(
        Kind.MESSAGE, "I see.", Role.ASSISTANT, origin=Origin.EDITED, group_id="a0000005"
    )
    transcript.change(at, at + 1, [(edited, text_content("I see."))])
    entries = check_rules(written(transcript))
    (answer,) = [e["message"] for e in entries if e["id"] == "a0000005"]
    assert [block["type"] for block in answer["content"]] == ["text", "toolCall", "toolCall"]
    assert answer["content"][0]["text"] == "I see."
    assert answer["usage"]["output"] == 9
    assert WRITER.losses(transcript)[0].startswith("1 piece of reasoning is left out")


def test_another_agents_compaction_is_one_of_pis():
    path = CORPUS / "claude-code" / "1c0ffee0-0000-4000-8000-000000000001.jsonl"
    entries = check_rules(written(FakeTranscript(read("claude-code", path.read_bytes()))))
    (compaction,) = [entry for entry in entries if entry["type"] == "compaction"]
    assert compaction["firstKeptEntryId"] == compaction["id"]
    assert "rounded wrongly" in compaction["summary"]


def test_it_goes_where_pi_looks(store, tmp_path, monkeypatch):
    monkeypatch.setenv("PI_CODING_AGENT_DIR", str(tmp_path / "pi"))
    monkeypatch.delenv("PI_CODING_AGENT_SESSION_DIR", raising=False)
    results = import_one(store, TREE)
    done = store.continue_in(str(results[1].session), cwd=str(tmp_path))
    name = "--" + str(tmp_path).removeprefix("/").replace("/", "-") + "--"
    assert done.path.parent == tmp_path / "pi" / "sessions" / name
    assert done.path.name.endswith(f"_{done.native_id}.jsonl")
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert done.command == f"cd {tmp_path} && pi --session {done.path}"
    check_rules(done.path.read_bytes())
    (again,) = import_one(store, done.path)
    fork = store.session(str(again.session))
    assert (fork.relation, fork.parent) == ("fork", str(results[1].session))
    assert fork.forked_at is not None
    monkeypatch.setenv("PI_CODING_AGENT_SESSION_DIR", str(tmp_path / "mine"))
    assert store.continue_in(str(results[0].session), dry_run=True).path.parent == tmp_path / "mine"
    assert registry.get("pi").places()[0].folder == tmp_path / "mine"


def test_a_real_session_at_many_cuts(shared_data):
    path = shared_data / "pi" / "pi-mono" / "before-compaction.jsonl"
    if not path.exists():
        pytest.skip("the file is not there")
    found = read("pi", path.read_bytes(), path.name)
    whole = FakeTranscript(found)
    for index in range(1, whole.index + 1, 89):
        transcript = FakeTranscript(found, "", index)
        data = written(transcript)
        check_rules(data)
        wanted = ours(ClosedTranscript(transcript))
        again = ours(FakeTranscript(read("pi", data, "a_b.jsonl")))
        assert again[: len(wanted)] == wanted
        assert all("[Interrupted" in str(blocks) for _, blocks in again[len(wanted) :])
