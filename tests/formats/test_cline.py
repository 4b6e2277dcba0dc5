from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from scrubber.core.events import Kind
from scrubber.core.messages import messages
from scrubber.formats import containers, registry
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read

API = "api_conversation_history.json"
CLINE = CORPUS / "cline" / "1775030400000" / API
ROO = CORPUS / "cline" / "b0b0b0b0-0000-4000-8000-000000000001" / API


def task(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "cline"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read(format.name, reader, list(reader.read(stream)))


def order(source: Read) -> list[str]:
    records = [orjson.loads(reading.raw) for reading in source.readings]
    return [f"{r['cline']}{r.get('index', '')}" for r in records]


def test_what_the_window_showed_stands_where_it_was_shown():
    assert order(task(CLINE)) == [
        "task", "ui0", "api0", "ui1", "ui2", "api1", "ui3", "api2", "ui4", "ui5", "api3", "ui6",
        "api4",
    ]  # fmt: skip
    assert order(task(ROO))[:5] == ["task", "ui0", "api0", "ui1", "api1"]


def test_the_context_is_that_of_the_api():
    told = FakeTranscript(task(CLINE))
    assert [message.role.label for message in messages(told)] == [
        "user", "assistant", "user", "assistant", "tool",
    ]  # fmt: skip
    info = task(CLINE).reader.infos[""]
    assert (info.title, info.native_id, info.model) == ("tidy up", "1775030400000", "model-x")


def test_requests_errors_and_cuts_are_told_by_the_window():
    drafts = task(CLINE).drafts()
    (usage,) = [draft.usage for draft in drafts if draft.usage]
    assert (usage.input, usage.cache_read, usage.cache_write, usage.output) == (100, 50, 5, 20)
    assert (usage.context, usage.cost_micros) == (155, 12_300)
    kinds = [draft.kind for draft in drafts]
    assert kinds.count(Kind.ERROR) == kinds.count(Kind.FILE_SNAPSHOT) == 1
    (cut,) = [draft for draft in drafts if draft.kind is Kind.CONTEXT_EDIT]
    assert cut.text == "messages [2, 3] are no longer sent"
    assert [draft.ts for draft in drafts][:4] == [None, 1775030400000, 1775030401000, 1775030401000]


def test_a_summary_stands_for_the_messages_that_say_so():
    source = task(ROO)
    told = list(messages(FakeTranscript(source), honour_compaction=True))
    assert [message.items[0][0].text for message in told] == ["We looked.", "Then all is well."]
    kinds = [draft.kind.label for draft in source.drafts()]
    assert "reasoning" in kinds
    info = source.reader.infos[""]
    assert (info.relation, info.parent_native_id, info.title) == ("subagent", "a0a0", "look around")


def test_a_task_is_one_source_whichever_of_its_files_is_named():
    for name in ("ui_messages.json", "history_item.json", API):
        assert registry.whole_of(ROO.with_name(name)) == ROO


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "task").mkdir()

    def write(**files: Any) -> Path:
        for name, value in files.items():
            text = value if isinstance(value, str) else json.dumps(value)
            (tmp_path / "task" / f"{name}.json").write_text(text)
        return Path(tmp_path / "task" / API)

    return write


def test_a_task_without_any_other_file(folder):
    path = folder(api_conversation_history=[{"role": "user", "content": "hi"}])
    assert order(task(path)) == ["task", "api0"]


def test_damage_is_told_and_costs_one_message(folder):
    said = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    text = json.dumps(said).replace('"a"}', '"a"')
    path = folder(api_conversation_history=text, ui_messages="[{", history_item="{")
    format = registry.get("cline")
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        drafts = [draft for reading in reader.read(stream) for draft in reading.drafts]
        problems = containers.problems_of(stream)
    assert [draft.text for draft in drafts if draft.kind is Kind.MESSAGE] == ["b"]
    assert len(problems) == 3
    assert "history_item.json" in problems[0]


def test_a_message_of_nothing_is_told_as_unknown(folder):
    path = folder(api_conversation_history=[{"role": "user", "content": [None]}])
    assert [draft.kind for draft in task(path).drafts()] == [Kind.SESSION_START, Kind.UNKNOWN]


def test_a_change_of_any_file_is_noticed(folder):
    path = folder(api_conversation_history=[{"role": "user", "content": "hi"}])
    format = registry.get("cline")
    before = containers.stamp_of(format, path)
    folder(ui_messages=[{"ts": 1, "say": "text", "text": "hi"}])
    assert containers.stamp_of(format, path) != before
