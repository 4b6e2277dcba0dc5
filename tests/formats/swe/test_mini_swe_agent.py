from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.core.events import Kind, Role, Usage
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, Read, read

CORPUS = Path(__file__).parents[1] / "corpus" / "mini-swe-agent"


def corpus(name: str) -> Read:
    return read("mini-swe-agent", (CORPUS / name).read_bytes(), name)


def kinds(source: Read) -> list[Kind]:
    return [draft.kind for draft in source.drafts()]


def test_a_run_of_version_2():
    source = corpus("garden__tools-12.traj.json")
    assert source.reader.warnings == []
    assert kinds(source) == [
        Kind.STATE, Kind.MESSAGE, Kind.MESSAGE,
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.CONTEXT,
        Kind.REASONING, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.SESSION_END,
        Kind.STATE, Kind.USAGE, Kind.FILE_CHANGE, Kind.SESSION_END,
    ]  # fmt: skip
    info = source.reader.infos[""]
    assert (info.title, info.model, info.cwd) == (
        "garden__tools-12", "provider/gardener-1", "/shed",
    )  # fmt: skip
    assert (info.created, info.updated) == (1772352000500, 1772352003000)


def test_each_message_has_its_bill_time_and_failure():
    drafts = corpus("garden__tools-12.traj.json").drafts()
    assert [d.usage for d in drafts if d.usage] == [
        Usage(60, 40, 0, 20, 0, 100, 12_500), Usage(50, 0, 0, 5, 0, 50, 7_500),
    ]  # fmt: skip
    assert [d.kind for d in drafts if d.marks & d.marks.ERROR] == [Kind.TOOL_RESULT]
    assert drafts[3].ts == drafts[5].ts == 1772352000500


def test_what_is_not_for_the_model_is_told_beside_it():
    told = FakeTranscript(corpus("garden__tools-12.traj.json"))
    (result, _) = [e for e in told.events() if e.kind is Kind.TOOL_RESULT]
    assert told.content(result).detail["returncode"] == 2
    assert result.call_id == "call_1"
    assert result.ref is not None


def test_the_bill_of_a_run_counts_where_no_message_has_one():
    drafts = corpus("version-1.traj.json").drafts()
    assert [d.usage for d in drafts if d.usage] == [Usage(cost_micros=500_000)]
    assert [d.kind for d in drafts if d.role is Role.USER] == [Kind.MESSAGE, Kind.CONTEXT]


def test_a_bare_list_tells_output_by_its_shape():
    source = corpus("before-1.traj.json")
    assert kinds(source) == [
        Kind.MESSAGE, Kind.MESSAGE, Kind.MESSAGE, Kind.CONTEXT, Kind.MESSAGE,
    ]  # fmt: skip
    assert source.reader.infos[""].title == "Mend the rake."


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_recognised_by_content(name):
    assert registry.recognise(CORPUS / name).name == "mini-swe-agent"


def test_real_runs(shared_data):
    files = sorted((shared_data / "mini-swe-agent").rglob("*.traj.json"))
    if not files:
        pytest.skip("no runs there")
    for path in files:
        assert registry.recognise(path).name == "mini-swe-agent"
        source = read("mini-swe-agent", path.read_bytes(), str(path))
        assert source.raw == path.read_bytes()
        assert source.reader.warnings == []
        assert Kind.UNKNOWN not in kinds(source)
