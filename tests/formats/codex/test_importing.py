"""Rollouts in a real store: our own, and real ones kept outside the repository."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard

from scrubber.api import OpenStore, open_store
from scrubber.core.events import Kind
from tests.transfer.comparing import everything, import_one, source_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parents[1] / "corpus" / "codex"
MAIN = "rollout-2026-01-01T00-00-00-01990000-0000-7000-8000-000000000001.jsonl"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def test_sub_agents_hang_below_their_session(store):
    import_one(store, CORPUS)
    roots = {session.title: session for session in store.roots()}
    agents = [s for s in store.children(roots["A dot"].id) if s.relation == "subagent"]
    assert [agent.title for agent in agents] == ["look around"]
    (agent,) = agents
    assert agent.forked_at is not None


def test_the_same_in_pieces_as_at_once(store, tmp_path):
    lines = (CORPUS / MAIN).read_bytes().splitlines(keepends=True)
    growing, whole = tmp_path / "a" / MAIN, tmp_path / "b" / MAIN
    for path in (growing, whole):
        path.parent.mkdir()
    for stop in range(1, len(lines), 5):
        growing.write_bytes(b"".join(lines[:stop]) + lines[stop][:20])
        statuses = {result.status for result in store.import_paths([growing])}
        assert statuses == {"new" if stop == 1 else "extended"}
    shutil.copy(CORPUS / MAIN, growing)
    import_one(store, growing)
    shutil.copy(CORPUS / MAIN, whole)
    with open_store(tmp_path / "other.db") as other:
        import_one(other, whole)
        assert everything(store) == everything(other)


def test_compressed_rollouts(store, tmp_path):
    data = (CORPUS / MAIN).read_bytes()
    packed = tmp_path / f"{MAIN}.zst"
    packed.write_bytes(zstandard.compress(data))
    (result,) = import_one(store, tmp_path)
    assert (result.format, result.title) == ("codex", "A dot")
    assert result.session is not None
    assert source_bytes(store, result.session) == data


def test_a_plain_rollout_is_taken_rather_than_its_compressed_copy(store, tmp_path):
    shutil.copy(CORPUS / MAIN, tmp_path / MAIN)
    (tmp_path / f"{MAIN}.zst").write_bytes(b"half written")
    (result,) = import_one(store, tmp_path)
    assert result.source == str(tmp_path / MAIN)


REAL = {
    "019ed836-b1da-78f1-8a0c-e598363d10f4": (92, 93),
    "019ed936-c4f5-7a21-ad41-d1eed95dc4df": (476, 478),
    "019ed9f4-6510-7fc0-8643-6d434f193bd0": (482, 488),
    "019f03e0-321f-7eb2-83cc-b54ecd71be23": (861, 885),
    "019f05f8-7f53-7492-a941-83098e16765c": (464, 465),
    "019f1111-d27a-7922-bc85-6667a164e1c3": (1497, 1521),
    "019f17a5-6d3f-7470-9097-c70f6cefe936": (1554, 1578),
}


def real_files(shared_data: Path) -> list[Path]:
    found = sorted((shared_data / "codex").rglob("*.jsonl"))
    found += sorted((shared_data / "agent-sessions-fixtures" / "codex").glob("*.jsonl"))
    found += sorted((shared_data / "git-ai-fixtures").glob("codex-session-*.jsonl"))
    if not found:
        pytest.skip("no rollouts here")
    return found


def test_real_rollouts(store, shared_data):
    files = real_files(shared_data)
    results = import_one(store, *files)
    assert {result.format for result in results} == {"codex"}
    assert [result.warnings for result in results] == [()] * len(files)
    for result in results:
        assert result.session is not None
        found = store.events(result.session)
        unknown = [event for event in found if event.kind is Kind.UNKNOWN]
        assert len(unknown) == (3 if "drift" in result.source else 0)
        assert source_bytes(store, result.session) == Path(result.source).read_bytes()
        records, events = REAL.get(Path(result.source).stem, (0, len(found)))
        assert len(found) == events
        lone = mirrors_without_twin(found)
        assert not lone or not records


def mirrors_without_twin(events):
    referred = {event.ref for event in events if event.ref is not None}
    return [
        event
        for event in events
        if event.kind is Kind.MIRROR and event.ref is None and event.seq not in referred
    ]


def test_a_real_rollout_that_grows(store, shared_data, tmp_path):
    path = max(real_files(shared_data), key=lambda file: file.stat().st_size)
    data, growing = path.read_bytes(), tmp_path / path.name
    for part in range(1, 9):
        growing.write_bytes(data[: len(data) * part // 8])
        (result,) = store.import_paths([growing])
        assert result.status == ("new" if part == 1 else "extended")
    assert list(store.verify()) == []
    with open_store(tmp_path / "other.db") as other:
        import_one(other, path)
        assert everything(store) == everything(other)
