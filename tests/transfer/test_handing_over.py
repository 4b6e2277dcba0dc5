"""Sessions go back into Claude Code: a new file in the right place, that keeps all its rules."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

import orjson
import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.lint import Repair
from scrubber.formats.claude_code.places import project_name
from scrubber.transfer.handing_over import write_new
from tests.formats.claude_code.rules import check_rules
from tests.formats.corpus import CORPUS
from tests.transfer.comparing import import_one

SAMPLE = CORPUS / "claude-code" / "1c0ffee0-0000-4000-8000-000000000001.jsonl"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An agent's own folder, empty."""
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config" / "projects"


@pytest.fixture
def session(store):
    return str(import_one(store, SAMPLE)[0].session)


def old_ids() -> set[str]:
    records = [orjson.loads(line) for line in SAMPLE.read_bytes().splitlines()]
    return {record[key] for record in records for key in ("uuid", "sessionId") if key in record}


def test_every_cut_keeps_the_rules_and_comes_back_as_a_fork(store, session, home, tmp_path):
    events = store.session(session).events
    (tmp_path / "shop").mkdir()
    for at in range(1, events + 1):
        done = store.continue_in(session, at, cwd=str(tmp_path / "shop"))
        records = check_rules(done.path, old_ids())
        assert done.path.parent == home / project_name(str(tmp_path / "shop"))
        assert done.size == done.path.stat().st_size
        if any(record.get("message") for record in records):
            (result,) = import_one(store, done.path)
            fork = store.session(str(result.session))
            assert (fork.relation, fork.parent) == ("fork", session)
            assert fork.forked_at is not None
            assert fork.forked_at <= at + 1  # the end of a sub-agent is told by its result


def test_it_is_private_new_and_whole(store, session, home):
    done = store.continue_in(session)
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert [path.name for path in done.path.parent.iterdir()] == [done.path.name]
    assert store.continue_in(session).path != done.path


def test_a_dry_run_writes_nothing(store, session, home):
    done = store.continue_in(session, 5, dry_run=True)
    assert done.size is None
    assert not home.exists()
    assert done.losses


def test_the_command_enters_the_folder_and_warnings_tell_what_is_in_the_way(
    store, session, home, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = store.continue_in(session, dry_run=True)
    assert done.command == f"cd /home/ada/shop && claude --resume {done.native_id}"
    assert "there is no folder /home/ada/shop here; choose another one" in done.warnings
    assert "claude is not on this machine's search path" in done.warnings
    odd = tmp_path / "it's; a $folder"
    odd.mkdir()
    (tmp_path / "claude").touch(mode=0o755)
    done = store.continue_in(session, cwd=str(odd), dry_run=True)
    assert shlex.split(done.command)[:3] == ["cd", str(odd), "&&"]
    assert [w for w in done.warnings if "folder" in w or "path" in w] == []


def test_snap_moves_the_cut_back(store, session, home):
    at = next(e.index + 1 for e in store.events(session) if e.name == "Task")
    assert store.continue_in(session, at, dry_run=True).at == at
    assert store.continue_in(session, at, repair=Repair.SNAP, dry_run=True).at < at


def test_a_format_that_no_agent_resumes_is_named(store, session, home, tmp_path):
    with pytest.raises(
        BadArgumentError, match="no agent resumes sessions in the format 'markdown'"
    ):
        store.continue_in(session, format="markdown")
    path = tmp_path / "talk.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "hello"}]}\n')
    other = str(import_one(store, path)[0].session)
    with pytest.raises(BadArgumentError, match="messages cannot resume sessions; choose one of"):
        store.continue_in(other)
    done = store.continue_in(other, format="claude-code", cwd=str(tmp_path))
    assert check_rules(done.path, set())[0]["message"]["content"] == "hello"


def test_a_file_that_is_there_is_never_touched(tmp_path):
    (tmp_path / "there").write_text("precious")
    with pytest.raises(FileExistsError):
        write_new(iter([b"new"]), tmp_path / "there")
    assert (tmp_path / "there").read_text() == "precious"

    def broken():
        yield b"half"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write_new(broken(), tmp_path / "fresh")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_folders_are_named_as_the_client_names_them(tmp_path):
    assert project_name("/home/me/a_b.c d") == "-home-me-a-b-c-d"
    assert project_name("/x/ü😀") == "-x----"
    long = "/" + "a" * 300
    assert project_name(long) == f"-{'a' * 199}-{base_36_of_java_hash(long)}"
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert project_name(str(tmp_path / "link")) == project_name(os.fspath(Path(tmp_path / "real")))


def base_36_of_java_hash(text: str) -> str:
    """The same in another way: sum of c[i] · 31^(n-1-i), as Java defines it."""
    total = sum(ord(sign) * 31 ** (len(text) - 1 - n) for n, sign in enumerate(text)) % 2**32
    number = abs(total - 2**32 if total >= 2**31 else total)
    found = ""
    while number:
        found = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36] + found
        number //= 36
    return found
