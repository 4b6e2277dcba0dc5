from __future__ import annotations

import base64
import json
import struct
import zlib
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.resources.make_sample import FOLDER, PROJECT, SESSION, main, sample
from tests.resources.sample_picture import HEIGHT, WIDTH, deflate
from tests.resources.sample_story import HELPER, STORY

MAIN = FOLDER / PROJECT / f"{SESSION}.jsonl"
SUBAGENT = FOLDER / PROJECT / SESSION / "subagents" / f"agent-{HELPER}.jsonl"
FILES = [MAIN, SUBAGENT]

Record = dict[str, Any]


def records(path) -> list[Record]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def blocks(record: Record) -> list[Record]:
    content = record.get("message", {}).get("content")
    return content if isinstance(content, list) else []


def calls(path) -> list[tuple[Record, Record]]:
    return [(r, b) for r in records(path) for b in blocks(r) if b["type"] == "tool_use"]


def results(path) -> dict[str, Record]:
    return {b["tool_use_id"]: r for r in records(path) for b in blocks(r) if "tool_use_id" in b}


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    main(tmp_path)
    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.json*")}
    committed = {p.relative_to(FOLDER): p.read_bytes() for p in FOLDER.rglob("*") if p.is_file()}
    assert written == committed


def test_size():
    assert sum(len(text.encode()) for _, text in sample(STORY)) < 400_000
    assert 110 <= sum(len(blocks(r)) or "timestamp" in r for r in records(MAIN)) <= 130


@pytest.mark.parametrize("path", FILES, ids=["main", "subagent"])
def test_lines_are_compact_json(path):
    text = path.read_text("utf-8")
    assert text.endswith("}\n")
    for line in text.split("\n")[:-1]:
        assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("path", FILES, ids=["main", "subagent"])
def test_parents_come_first(path):
    seen: set[str] = set()
    roots = []
    for record in records(path):
        if "uuid" not in record:
            continue
        assert record["uuid"] not in seen
        if record["parentUuid"] is None:
            roots.append(record)
        else:
            assert record["parentUuid"] in seen
        seen.add(record["uuid"])
    kinds = [root.get("subtype", root["type"]) for root in roots]
    assert kinds == (["user", "compact_boundary"] if path == MAIN else ["user"])


def test_every_uuid_is_used_once_in_all_files():
    used = Counter(r["uuid"] for path in FILES for r in records(path) if "uuid" in r)
    assert set(used.values()) == {1}


def test_only_the_interrupted_call_is_unanswered():
    open_calls = [block for _, block in calls(MAIN) if block["id"] not in results(MAIN)]
    assert [call["input"]["command"] for call in open_calls] == ["docker compose up -d && make e2e"]
    assert all(block["id"] in results(SUBAGENT) for _, block in calls(SUBAGENT))


@pytest.mark.parametrize("path", FILES, ids=["main", "subagent"])
def test_results_hang_on_their_own_call(path):
    answers = results(path)
    for record, call in calls(path):
        if result := answers.get(call["id"]):
            assert result["parentUuid"] == record["uuid"] == result["sourceToolAssistantUUID"]
            assert result["promptId"]


def test_there_are_parallel_calls():
    per_message = Counter(record["message"]["id"] for record, _ in calls(MAIN))
    assert max(per_message.values()) == 4
    assert sum(count > 1 for count in per_message.values()) >= 6


@pytest.mark.parametrize("path", FILES, ids=["main", "subagent"])
def test_the_blocks_of_a_message_share_id_request_and_usage(path):
    messages = defaultdict(list)
    for record in records(path):
        if record["type"] == "assistant":
            assert len(blocks(record)) == 1
            messages[record["message"]["id"]].append(record)
    for parts in messages.values():
        shared = [
            (r["requestId"], r["message"]["usage"], r["message"]["stop_reason"]) for r in parts
        ]
        assert shared == [shared[0]] * len(parts)
    requests = [parts[0]["requestId"] for parts in messages.values()]
    assert len(set(requests)) == len(requests)


def test_the_context_grows_until_it_is_compacted():
    before: list[int] = []
    after: list[int] = []
    curve = before
    for record in records(MAIN):
        if record.get("subtype") == "compact_boundary":
            curve = after
            facts = record["compactMetadata"]
        if record["type"] == "assistant":
            usage = record["message"]["usage"]
            made, read = usage["cache_creation_input_tokens"], usage["cache_read_input_tokens"]
            assert usage["cache_creation"]["ephemeral_1h_input_tokens"] == made
            curve.append(usage["input_tokens"] + made + read)
    assert before == sorted(before)
    assert after == sorted(after)
    assert 14_000 < before[0] < 15_000
    assert 135_000 < before[-1] < facts["preTokens"] < 160_000
    assert 28_000 < after[0] < 32_000


@pytest.mark.parametrize("path", FILES, ids=["main", "subagent"])
def test_timestamps_rise(path):
    times = [record["timestamp"] for record in records(path) if "timestamp" in record]
    assert times == sorted(set(times))


def test_the_subagent_works_while_its_call_is_open():
    (record, call) = next((r, b) for r, b in calls(MAIN) if b["name"] == "Agent")
    result = results(MAIN)[call["id"]]
    work = records(SUBAGENT)
    assert record["timestamp"] < work[0]["timestamp"]
    assert work[-1]["timestamp"] < result["timestamp"]
    assert work[0]["message"]["content"] == call["input"]["prompt"]
    assert result["toolUseResult"]["agentId"] == HELPER
    assert result["toolUseResult"]["content"] == blocks(work[-1])
    assert all(r["isSidechain"] and r["agentId"] == HELPER for r in work)
    meta = json.loads(SUBAGENT.with_suffix(".meta.json").read_text("utf-8"))
    assert meta["toolUseId"] == call["id"]
    assert meta["agentType"] == call["input"]["subagent_type"]


def test_every_record_of_the_chain_says_where_it_belongs():
    for path in FILES:
        for record in records(path):
            if "uuid" in record:
                assert (record["sessionId"], record["cwd"]) == (SESSION, "/home/ada/shop")
                assert record["version"].startswith("2.1.")
                assert record["isSidechain"] is (path == SUBAGENT)


def test_file_snapshots_point_at_records():
    chain = {record["uuid"] for record in records(MAIN) if "uuid" in record}
    snapshots = [r for r in records(MAIN) if r["type"] == "file-history-snapshot"]
    for snapshot in snapshots:
        assert {snapshot["messageId"], snapshot["snapshot"]["messageId"]} <= chain
    assert sum(snapshot["isSnapshotUpdate"] for snapshot in snapshots) == 6


def test_edits_carry_a_patch_that_fits():
    patched = 0
    for record in records(MAIN):
        detail = record.get("toolUseResult")
        if isinstance(detail, dict) and detail.get("oldString"):
            (hunk,) = detail["structuredPatch"]
            old = detail["originalFile"].split("\n")
            start = hunk["oldStart"] - 1
            kept = [line[1:] for line in hunk["lines"] if line[0] in " -"]
            assert old[start : start + hunk["oldLines"]] == kept
            new = [line[1:] for line in hunk["lines"] if line[0] in " +"]
            changed = [*old[:start], *new, *old[start + hunk["oldLines"] :]]
            replaced = detail["originalFile"].replace(detail["oldString"], detail["newString"])
            assert "\n".join(changed) == replaced
            patched += 1
    assert patched == 7


def test_the_picture_is_a_small_png():
    (image,) = [b for r in records(MAIN) for b in blocks(r) if b["type"] == "image"]
    png = base64.b64decode(image["source"]["data"], validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert len(png) < 12_000


@pytest.mark.parametrize("data", [b"", b"a", b"tide" * 999, bytes(range(256)) * 3])
def test_deflate_can_be_undone_by_zlib(data):
    assert zlib.decompress(deflate(data), wbits=-15) == data


def test_what_there_is_to_see():
    every = records(MAIN)
    kinds = {r.get("subtype") or r.get("attachment", {}).get("type") or r["type"] for r in every}
    assert kinds >= {
        *("user", "assistant", "api_error", "turn_duration", "compact_boundary"),
        *("queued_command", "edited_text_file", "file", "compact_file_reference"),
        *("queue-operation", "file-history-snapshot", "ai-title", "custom-title", "last-prompt"),
    }
    longest = max(len(str(b.get("content")).splitlines()) for r in every for b in blocks(r))
    assert 80 <= longest <= 150
    signed = [b for r in every for b in blocks(r) if b["type"] == "thinking"]
    assert len(signed) >= 9
    for block in signed:
        base64.b64decode(block["signature"], validate=True)
