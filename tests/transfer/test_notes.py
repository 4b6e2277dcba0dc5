"""Notes and real files: read again, rewritten, cut, cleared away."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.transfer.comparing import import_one

REAL = (
    "git-ai-fixtures/example-claude-code.jsonl",
    "pi/pi-mono/*.jsonl",
    "codex/EntityProcess_agentv/*.jsonl",
    "copilot-cli/EntityProcess_agentv/*.jsonl",
)


@pytest.fixture(params=REAL)
def real_file(request, shared_data, tmp_path):
    found = sorted(shared_data.glob(request.param), key=lambda path: path.stat().st_size)
    path = tmp_path / "real.jsonl"
    shutil.copy(found[0], path)
    return path


def noted(store, session):
    return {note.text: note.index for note in store.notes.of(session)}


def test_a_real_file_that_lost_a_line_keeps_all_other_notes(store, real_file):
    session = str(import_one(store, real_file)[0].session)
    lines = real_file.read_bytes().splitlines(keepends=True)
    events = store.events(session)
    by_record = {event.record: event for event in events if event.part >= 0}
    for record, event in by_record.items():
        store.notes.write(session, event.index, f"r{record}")
    fork = store.fork(session, len(events)).session
    gone = sorted(by_record)[len(by_record) * 2 // 3]
    real_file.write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    statuses = {result.status for result in import_one(store, real_file)}
    assert statuses & {"rewritten", "new"}
    after = noted(store, session)
    assert after[f"r{gone}"] is None
    for text, index in after.items():
        if index is None:
            continue
        event = store.events(session, index, index + 1)[0]
        assert store.raw(event) == lines[int(text[1:])]
    in_front = [record for record in by_record if record < gone]
    assert in_front
    assert all(after[f"r{record}"] is not None for record in in_front)
    assert noted(store, fork.id) == {f"r{r}": e.index for r, e in by_record.items()}
    assert list(store.verify()) == []


def test_a_file_that_grows_or_is_read_by_a_newer_reader_keeps_them(
    store, shared_data, tmp_path, monkeypatch
):
    from scrubber.formats import registry

    whole = (shared_data / "git-ai-fixtures" / "example-claude-code.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines[: len(lines) // 2]))
    session = str(import_one(store, path)[0].session)
    for event in store.events(session):
        store.notes.label(session, event.index, f"#{event.index}")
    before = noted(store, session)
    path.write_bytes(whole)
    import_one(store, path)
    assert noted(store, session) == before
    reader = registry.get("claude-code")
    monkeypatch.setattr(type(reader), "version", reader.version + 1)
    (result,) = import_one(store, path)
    assert result.status == "rewritten"
    assert noted(store, session) == before


@pytest.fixture
def written(store, bundled_sample):
    """A fork of the sample on which everything is written that can be."""
    root = max((store.session(str(r.session)) for r in import_one(store, bundled_sample)),
               key=lambda session: session.events)  # fmt: skip
    fork = store.fork(root.id, 60).session.id
    store.notes.write(fork, 26, "here <b>it</b> began\n# and went on")
    store.notes.label(fork, 26, "wrong turn")
    store.notes.bookmark(fork, 40)
    store.notes.bookmark(root.id, 70)
    store.notes.write(fork, None, "about all")
    store.notes.label(fork, None, "kept")
    store.notes.suppose(fork, "the cache")
    store.notes.judge(fork, "refuted", "no change")
    return fork


def exported(store, session, format, **how):
    return b"".join(store.export(session, format=format, **how)).decode()


@pytest.mark.parametrize("format", ["messages", "anthropic", "sharegpt", "atif", "responses"])
def test_messages_hold_notes_as_metadata(store, written, format):
    value = json.loads(exported(store, written, format))
    found = value["extra"]["scrubber"] if format == "atif" else value["metadata"]
    notes = found["notes"] if format != "responses" else json.loads(found["notes"])
    assert notes == [
        {"index": 26, "kind": "note", "text": "here <b>it</b> began\n# and went on"},
        {"index": 26, "kind": "label", "text": "wrong turn"},
        {"index": 40, "kind": "bookmark", "text": ""},
    ]
    assert (found["note"], found["hypothesis"], found["verdict"], found["verdict_reason"]) == (
        "about all", "the cache", "refuted", "no change",
    )  # fmt: skip
    assert "notes" not in json.loads(exported(store, written, "messages", at=20))["metadata"]


def test_people_read_notes_where_they_are(store, written):
    page = exported(store, written, "markdown")
    assert "- verdict: `refuted · no change`" in page
    assert "- labels: `kept`" in page
    assert "> **Label** on #27: `wrong turn`" in page
    note = page[page.index("> **Note** on #27") :].split("\n\n")[0]
    assert all(line.startswith(">") for line in note.splitlines())
    assert page.index("**Bookmark** on #41") > page.index("**Note** on #27")
    html = exported(store, written, "html")
    shown = '<p class="written"><b>✎ note</b> <span class="t">here &lt;b&gt;it&lt;/b&gt; began'
    assert shown in html
    assert html.index('id="e27"') < html.index(shown) < html.index('id="e28"')
    assert "verdict: refuted" in html
    assert html.count('class="written"') == 3
