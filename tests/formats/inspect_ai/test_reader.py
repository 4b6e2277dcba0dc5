from __future__ import annotations

import json
import zipfile
from typing import Any

import orjson
import pytest

from scrubber.core.content import Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.session import Branch
from scrubber.formats import registry
from scrubber.formats.containers import head_of
from tests.formats.inspect_ai import logs
from tests.formats.reading import FakeTranscript

MAIN = "files_epoch_1"


@pytest.fixture(scope="module")
def source():
    found, problems = logs.read_file(logs.CORPUS)
    assert not problems
    assert not found.reader.warnings
    return found


def write(tmp_path, data: bytes, name: str = "log.eval"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def told(source, log: str = MAIN) -> list[tuple[Kind, Role, str]]:
    return [(d.kind, d.role, d.text) for d in source.drafts(log)]


def spoken(source, log: str) -> list[str]:
    return [
        d.text
        for d in source.drafts(log)
        if d.visibility is Visibility.IN_CONTEXT and d.role is not Role.NONE
    ]


def content(source, log: str, kind: Kind, number: int = 0):
    events = [e for e in FakeTranscript(source, log).events() if e.kind is kind]
    return events[number], FakeTranscript(source, log).content(events[number])


def test_samples_and_epochs_are_sessions_below_the_evaluation(source):
    infos = source.reader.infos
    assert infos[""].title == "counting · mock/one"
    assert infos[""].native_id == "eval1"
    samples = [log for log, info in infos.items() if info.parent_native_id == "eval1"]
    assert samples == [MAIN, "2_epoch_2", "3_epoch_1"]
    assert infos[MAIN].title == "counting: sample files · epoch 1"
    assert infos["2_epoch_2"].title == "counting: sample 2 · epoch 2"
    assert [d.kind for d in source.drafts("")] == [
        Kind.SESSION_START, *[Kind.SUBAGENT_START, Kind.SUBAGENT_END] * 3,
        Kind.SCORE, Kind.ERROR, Kind.SESSION_END,
    ]  # fmt: skip
    assert source.drafts("")[-3].text == "graded: accuracy 0.5, stderr NaN"


def test_each_message_is_told_once_where_a_model_first_saw_it(source):
    assert spoken(source, MAIN) == [
        "You count files.", "How many files?", "I look first.", "Let me look.", "ls", "count",
        "a.txt b.txt", "took too long", "Two files.", "[Summary: two files were found]",
        "Still two.", "2", "2",
    ]  # fmt: skip
    rewind = next(d for d in source.drafts(MAIN) if d.kind is Kind.REWIND)
    assert source.drafts(MAIN)[rewind.ref or 0].text == "I look first."


def test_what_a_model_is_given_is_what_stands_in_front_of_its_call(source):
    assert len(logs.corpus_log()["samples"][0]["events"]) > 40
    calls = [d for d in source.drafts(MAIN) if d.kind is Kind.MODEL_CALL]
    assert len(calls) == 3
    assert calls[0].usage == Usage(100, 10, 0, 20, 5, 110, 1500)
    assert calls[2].usage == Usage(context=110), "what came from the cache costs nothing"
    _, held = content(source, MAIN, Kind.MODEL_CALL)
    assert held.detail["input"] == {"$messages": [[0, 2]]}
    assert held.detail["tools"] == {"$tools": 0}
    assert held.detail["call"]["request"]["messages"] == {"$calls": [[0, 1]]}


def test_agents_tools_that_call_models_and_scorers_are_sub_agents(source):
    infos = source.reader.infos
    titles = {
        log: infos[log].title for log in infos if infos[log].parent_native_id == "sampleuuid1"
    }
    assert titles == {f"{MAIN}/1": "attempt 1", f"{MAIN}/2": "helper", f"{MAIN}/4": "graded"}
    assert spoken(source, f"{MAIN}/2") == ["You help.", "count", "I cannot."]
    assert spoken(source, "2_epoch_2/1") == ["inner", "inner done"], "an old log's nested events"
    spawn = infos[MAIN].spawns[f"{MAIN}/2"]
    drafts = source.drafts(MAIN)
    assert drafts[spawn.start].kind is Kind.SUBAGENT_START
    assert spawn.stop is not None
    assert drafts[spawn.stop].kind is Kind.SUBAGENT_END


def test_an_attempt_that_failed_keeps_its_events(source):
    assert told(source, f"{MAIN}/1")[-1] == (Kind.ERROR, Role.NONE, "RuntimeError('flaky')")
    assert spoken(source, f"{MAIN}/1")[-1] == "Hm."


def test_a_branch_leaves_its_agent_where_their_histories_part(source):
    branch = source.reader.infos[f"{MAIN}/3"].branch
    assert branch == Branch(MAIN, branch.at)
    last = source.drafts(MAIN)[branch.at - 1]
    assert (last.kind, last.call_id) == (Kind.TOOL_RESULT, "call_2")
    assert spoken(source, f"{MAIN}/3") == ["Perhaps three."]


def test_scores_limits_errors_and_the_unknown(source):
    kinds = {draft.kind: draft for draft in source.drafts(MAIN)}
    assert kinds[Kind.TURN_END].text == "message · limit · exceeded 30 messages"
    assert kinds[Kind.SESSION_END].text == "graded C · message limit"
    assert kinds[Kind.ERROR].marks & Mark.ERROR
    assert kinds[Kind.UNKNOWN].text == ""
    scores = [draft.text for draft in source.drafts(MAIN) if draft.kind is Kind.SCORE]
    assert scores[0] == "C · answer: 2 · two it is"
    assert source.drafts("3_epoch_1")[-1].text == "error: broke"


def test_contents(source):
    _, prompt = content(source, MAIN, Kind.MESSAGE, 1)
    assert prompt.blocks == (Text("How many files?"), Image("image/png", "iVBORw0KGgo="))
    event, thought = content(source, MAIN, Kind.REASONING)
    assert thought.signature == "c2lnbmVk"
    assert event.marks & Mark.SEALED
    event, call = content(source, MAIN, Kind.TOOL_CALL)
    assert (call.arguments, event.name) == ({"cmd": "ls"}, "bash")
    event, failed = content(source, MAIN, Kind.TOOL_RESULT, 1)
    assert event.marks & Mark.ERROR
    assert (failed.text, failed.detail["type"]) == ("took too long", "timeout")
    _, tools = content(source, MAIN, Kind.CONTEXT)
    assert [tool["name"] for tool in tools.blocks[0].value] == ["bash", "helper"]
    _, note = content(source, "2_epoch_2", Kind.NOTICE)
    assert note.text == "a long text, kept once"


LAYOUTS = {
    "deflate": lambda log: logs.archive(logs.entries(log)),
    "stored": lambda log: logs.archive(logs.entries(log), zipfile.ZIP_STORED),
    "zstd": lambda log: logs.archive(logs.entries(log), 93),
    "pools": lambda log: logs.archive(
        logs.entries(log | {"samples": [logs.pooled(one) for one in log["samples"]]})
    ),
    "chunks": lambda log: logs.archive(logs.chunked(log), 93),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_events(source, layout, tmp_path):
    path = write(tmp_path, LAYOUTS[layout](logs.corpus_log()))
    assert registry.recognise(path).name == "inspect"
    found, problems = logs.read_file(path)
    assert not problems
    for log in source.logs:
        assert told(found, log) == told(source, log), log
    assert found.reader.infos == source.reader.infos


def test_nothing_of_a_sample_is_lost(source):
    """Each message, event, attachment and field of the log stands in the records, once."""
    records = [orjson.loads(reading.raw) for reading in source.readings]
    sample = logs.corpus_log()["samples"][0]
    told = {
        r["event"]["uuid"]: r["event"]
        for r in records
        if r["inspect"] == "event" and r["log"].startswith(MAIN)
    }
    others = [event for event in sample["events"] if event["event"] != "model"]
    assert [told[event["uuid"]] for event in others] == others
    messages = {
        r["number"]: r["message"]
        for r in records
        if r["inspect"] in ("message", "variant", "aside") and r["log"].startswith(MAIN)
    }  # fmt: skip
    models = [e for e in sample["events"] if e["event"] == "model"]
    for event in models:
        found = next(
            r["event"] for r in records
            if r["inspect"] == "event" and r["event"].get("uuid") == event["uuid"]
        )  # fmt: skip
        given = [messages[n] for a, b in found["input"]["$messages"] for n in range(a, b)]
        assert given == event["input"]
        (choice,) = found["output"]["choices"]
        assert messages[choice["message"]["$message"]] == event["output"]["choices"][0]["message"]
    begin, end = (next(r for r in records if r["inspect"] == kind) for kind in ("sample", "end"))
    fields = begin["sample"] | end["sample"]
    assert fields.keys() == sample.keys() - {"events", "attachments"}
    texts = {r["id"]: r["text"] for r in records if r["inspect"] == "attachment"}
    assert texts == {"4567": "a text that nothing refers to"}


def test_a_log_that_is_still_written_is_gone_on_with(tmp_path):
    log = logs.corpus_log()
    first = log | {"samples": log["samples"][:1]}
    running, problems = logs.read_file(write(tmp_path, logs.archive(logs.entries(first, False))))
    assert problems == [
        "the log has no results: it is being written, or its run was broken off",
    ]
    done, problems = logs.read_file(write(tmp_path, logs.archive(logs.entries(log))))
    assert not problems
    assert done.raw.startswith(running.raw)


def test_an_archive_cut_off_keeps_its_whole_samples(tmp_path):
    data = logs.archive(logs.entries(logs.corpus_log()))
    cut = data[: data.index(b"samples/3_epoch_1") + 10]
    found, problems = logs.read_file(write(tmp_path, cut))
    assert [log for log in found.logs if log.count("_epoch_") and "/" not in log] == [
        MAIN, "2_epoch_2",
    ]  # fmt: skip
    assert "cut off" in problems[0]


def test_a_damaged_sample_costs_itself_only(tmp_path):
    found = logs.entries(logs.corpus_log())
    found["samples/2_epoch_2.json"] = b'{"id": 2, "epoch": '
    source, problems = logs.read_file(write(tmp_path, logs.archive(found)))
    assert [log for log in source.logs if "/" not in log] == ["", MAIN, "3_epoch_1"]
    assert problems[0].startswith("samples/2_epoch_2.json: ")


def test_records_written_out_are_read_again(source, tmp_path):
    path = write(tmp_path, source.raw, "log.jsonl")
    assert registry.recognise(path).name == "inspect"
    again, _ = logs.read_file(path)
    assert again.raw == source.raw
    assert told(again) == told(source)


def test_long_texts_in_a_thousand_places_are_not_unfolded_a_thousand_times(tmp_path):
    text, event = "x" * 300_000, {"event": "info", "timestamp": "2026-01-01T00:00:00Z"}
    sample: dict[str, Any] = {"id": 1, "epoch": 1, "input": "", "messages": []}
    sample |= {"attachments": {"0": text}}
    sample["events"] = [event | {"data": "attachment://0"} for _ in range(5000)]
    log = {"eval": {"task": "t"}, "version": 2, "plan": {}, "samples": [sample]}
    found, problems = logs.read_file(write(tmp_path, logs.archive(logs.entries(log))))
    assert len(found.raw) < 80_000_000
    assert "too many places" in problems[0]
    assert orjson.loads(found.readings[-3].raw)["text"] == text


def test_a_side_call_is_no_part_of_the_conversation(tmp_path):
    sample = _sample([["main"], ["judge this"], ["main", "out 0", "go on"], ["judge that"]])
    found, _ = logs.read_file(write(tmp_path, json.dumps(sample).encode(), "sample.json"))
    assert spoken(found, "7_epoch_1") == ["main", "out 0", "go on", "out 2"]
    (side,) = [log for log in found.logs if "/" in log]
    assert spoken(found, side) == ["judge this", "out 1", "judge that", "out 3"]


def _sample(inputs: list[list[str]]) -> dict[str, Any]:
    events = []
    for number, texts in enumerate(inputs):
        said = {"role": "assistant", "content": f"out {number}"}
        input = [
            {"role": "assistant" if text.startswith("out") else "user", "content": text}
            for text in texts
        ]
        events.append(
            {
                "event": "model", "uuid": str(number), "timestamp": "2026-01-01T00:00:00Z",
                "model": "m", "input": input, "output": {"choices": [{"message": said}]},
            }
        )  # fmt: skip
    return {"id": 7, "epoch": 1, "input": "x", "messages": [], "events": events}


def test_other_files_are_not_taken_for_logs(tmp_path):
    format = registry.get("inspect")
    for name, data in {
        "a.zip": logs.archive({"conversations.json": b"[]"}),
        "b.json": b'{"events": [{"event": "click"}]}',
        "c.jsonl": b'{"role": "user", "content": "inspect"}\n',
        "d.json": b'{"eval": "1 + 1", "results": []}',
    }.items():
        path = write(tmp_path, data, name)
        assert format.sniff(path, head_of(path)) == 0, name
