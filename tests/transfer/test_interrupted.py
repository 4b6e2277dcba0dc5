"""Imports that are killed, and imports that meet."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from tests.bench import corpus
from tests.transfer.comparing import everything, import_one, source_bytes

if TYPE_CHECKING:
    from typing import Any

REPOSITORY = Path(__file__).parents[2]
IMPORT = """
import sys
from scrubber.api import open_store
with open_store(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for result in store.import_paths(sys.argv[2:]):
        print(result.session, result.status, flush=True)
"""


def start(store: Path, *paths: Path) -> subprocess.Popen[bytes]:
    """An import in a process of its own, just before its first file."""
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(store), *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus.write(tmp_path_factory.mktemp("large") / "session.jsonl", 40_000_000)


@pytest.fixture(scope="module")
def at_once(large: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What importing the large file in one go gives."""
    with open_store(tmp_path_factory.mktemp("at-once") / "store.db") as store:
        import_one(store, large)
        return everything(store)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.25, 0.4, 0.6])
def test_a_killed_import_is_taken_up_where_it_stopped(tmp_path, large, at_once, seconds):
    process = start(tmp_path / "store.db", large)
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()
    time.sleep(seconds)
    process.kill()
    process.communicate()
    with open_store(tmp_path / "store.db") as store:
        assert list(store.verify()) == []
        import_one(store, large)
        assert everything(store) == at_once
        assert source_bytes(store, store.sessions()[0].id) == large.read_bytes()
        assert len(store.store.sources()) == 1


def test_a_killed_import_of_a_rewritten_file_keeps_to_its_session(tmp_path, large, at_once):
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(corpus.lines("former version", 20)))
    with open_store(tmp_path / "store.db") as store:
        (first,) = import_one(store, path)
        fork = store.fork(str(first.session), 10).session
        path.write_bytes(large.read_bytes())
        process = start(tmp_path / "store.db", path)
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
        while len(store.store.sources()) < 2:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        (again,) = import_one(store, path)
        assert again.session == first.session
        assert len(store.events(fork.id)) == 10
        assert store.session(str(again.session)).events == at_once[path.stem][1].events
        assert len(store.sessions()) == 2


def test_two_programs_import_one_file_at_once(tmp_path, large, at_once):
    processes = [start(tmp_path / "store.db", large) for _ in range(2)]
    told = [process.communicate(b"go\n", timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert told[0][0] == told[1][0]
    with open_store(tmp_path / "store.db") as store:
        assert list(store.verify()) == []
        assert everything(store) == at_once
        assert len(store.store.sources()) == 1


def test_two_programs_import_different_files_at_once(tmp_path):
    files = [
        [corpus.write(tmp_path / f"{name}{n}.jsonl", 3_000_000, f"{name}{n}") for n in range(4)]
        for name in "ab"
    ]
    processes = [start(tmp_path / "store.db", *some) for some in files]
    for process in processes:
        process.communicate(b"go\n", timeout=120)
        assert process.returncode == 0
    with open_store(tmp_path / "store.db") as store:
        assert list(store.verify()) == []
        exported = {source_bytes(store, session.id) for session in store.sessions()}
    assert exported == {path.read_bytes() for some in files for path in some}
