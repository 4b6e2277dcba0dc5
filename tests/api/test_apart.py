from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from scrubber.api import Imported, open_store
from scrubber.api.apart import run_apart
from scrubber.core.errors import BadArgumentError, CancelledError, ScrubberError
from scrubber.transfer import walking
from scrubber.transfer.progress import Progress
from tests.bench import corpus


def refuse(_store, _progress, _deliver, wanted):
    raise BadArgumentError(f"no {wanted}")


class OddError(Exception):
    """One that is packed, but cannot be unpacked."""

    def __init__(self, line: int, *, file: str) -> None:
        super().__init__(f"{file}:{line} is odd")
        self.reader: object = None


def stumble(_store, _progress, _deliver, wanted):
    error = OddError(7, file="session.jsonl")
    error.reader = wanted and (lambda: None)
    raise error


def die(_store, _progress, deliver, _wanted):
    deliver(os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


def dawdle(_store, progress, deliver, _wanted):
    deliver(os.getpid())
    while True:
        progress.advance(1)
        time.sleep(0.01)


def sleep(_store, _progress, deliver, _wanted):
    deliver(os.getpid())
    time.sleep(60)


@pytest.fixture
def path(tmp_path):
    with open_store(tmp_path / "store.db") as store:
        return store.path


@pytest.fixture
def much(monkeypatch):
    monkeypatch.setattr(walking, "MUCH", 100_000)


def test_a_large_import_runs_in_another_process_and_gives_the_same(tmp_path, much):
    source = corpus.write(tmp_path / "session.jsonl", 3_000_000)
    each: list[Imported] = []
    seen: list[tuple[str, int, int]] = []
    with open_store(tmp_path / "apart.db") as store, open_store(tmp_path / "here.db") as other:
        progress = Progress(report=lambda now: seen.append((now.what, now.bytes, now.files_total)))
        told = store.import_paths([source], progress=progress, each=each.append, apart=True)
        expected = other.import_paths([source])
        assert each == told
        assert [(r.status, r.events, r.title) for r in told] == [
            (r.status, r.events, r.title) for r in expected
        ]
        (session,), (same,) = store.sessions(), other.sessions()
        assert list(store.events(session.id)) == list(other.events(same.id))
        assert not list(store.verify())
    assert ("session.jsonl", source.stat().st_size, 1) in seen


def test_little_is_imported_here(tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.api.apart.run_apart", None)
    source = corpus.write(tmp_path / "session.jsonl", 50_000)
    with open_store(tmp_path / "here.db") as store:
        assert [r.status for r in store.import_paths([source], apart=True)] == ["new"]


def test_a_large_index_is_made_in_another_process(tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.api.searching.MUCH", 100)
    source = corpus.write_events(tmp_path / "session.jsonl", 2_000)
    with open_store(tmp_path / "apart.db") as store:
        store.import_paths([source])
        events = store.sessions()[0].events
        assert store.update_index(Progress(), apart=True) == events
        assert store.index_state() == (events, events)
        assert store.update_index(Progress(), apart=True) == 0


def test_what_goes_wrong_there_is_raised_here(path):
    with pytest.raises(BadArgumentError, match="no bananas"):
        run_apart(path, refuse, "bananas", Progress())


@pytest.mark.parametrize("packs", [True, False], ids=["packed", "not packed"])
def test_an_error_that_cannot_be_sent_is_told_in_words(path, packs):
    with pytest.raises(ScrubberError, match=r"^OddError: session\.jsonl:7 is odd$"):
        run_apart(path, stumble, not packs, Progress())


def test_modules_in_the_current_folder_are_not_run(path, tmp_path, monkeypatch):
    """It may be a folder of somebody else's transcripts, from which the program was started."""
    ran = tmp_path / "ran"
    for name in ("multiprocessing", "signal", "orjson", "scrubber"):
        (tmp_path / f"{name}.py").write_text(f"open({str(ran)!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    with pytest.raises(BadArgumentError):
        run_apart(path, refuse, "bananas", Progress())
    assert not ran.exists()
    assert os.environ["PYTHONSAFEPATH"] == ""


def test_a_script_is_not_run_again(tmp_path):
    """It need not be written so that a second process could import it."""
    source = corpus.write(tmp_path / "session.jsonl", 200_000)
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from scrubber.api import open_store\n"
        "from scrubber.transfer import walking\n"
        "walking.MUCH = 100_000\n"
        "print('begun')\n"
        "with open_store(sys.argv[1]) as store:\n"
        "    print([one.status for one in store.import_paths(sys.argv[2], apart=True)])\n"
    )
    command = [sys.executable, script, tmp_path / "store.db", source]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (told.stdout, told.stderr) == ("begun\n['new']\n", "")


def test_a_store_for_reading_only_is_not_written_by_another_process(path, tmp_path, much):
    source = corpus.write(tmp_path / "session.jsonl", 200_000)
    with open_store(path, read_only=True) as store:
        (told,) = store.import_paths(source, apart=True)
        assert told.status == "failed"
        assert "for reading only" in told.warnings[0].reason
        assert not store.sessions()


def test_a_process_that_dies_is_told_of(path):
    told: list[int] = []
    with pytest.raises(ScrubberError, match=r"ended by itself \(-9\)"):
        run_apart(path, die, None, Progress(), told.append)
    assert told[0] != os.getpid()


def test_cancelling_here_ends_it_there(path):
    told: list[int] = []
    seen: list[Progress] = []
    progress = Progress(report=seen.append, cancelled=lambda: bool(told) and len(seen) > 2)
    with pytest.raises(CancelledError):
        run_apart(path, dawdle, None, progress, told.append)
    assert not is_alive(told[0])


def test_it_ends_with_the_process_that_asked_for_it(path):
    """Also when that is killed: then nobody listens at the other end of the pipe."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    asking = context.Process(target=ask_and_tell, args=(theirs, path))
    asking.start()
    assert ours.poll(30)
    working = ours.recv()
    asking.kill()
    asking.join()
    until = time.monotonic() + 30
    while is_alive(working) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(working)


def ask_and_tell(pipe, path):
    run_apart(path, dawdle, None, Progress(), pipe.send)


def test_a_process_that_hears_nothing_is_killed(path, monkeypatch):
    monkeypatch.setattr("scrubber.api.apart.PATIENCE_S", 0.2)
    told: list[int] = []
    with pytest.raises(CancelledError):
        run_apart(path, sleep, None, Progress(cancelled=lambda: bool(told)), told.append)
    assert not is_alive(told[0])


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
