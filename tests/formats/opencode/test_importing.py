"""OpenCode's sessions in a real store, and handed back to it."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store
from tests.formats.corpus import CORPUS, database
from tests.formats.opencode import rules
from tests.formats.opencode.test_writer import old_ids
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = CORPUS / "opencode" / "opencode.db.sql"
LATE = """
INSERT INTO message VALUES ('msg_200000000001AAAAAAAAAAAAAA', 'ses_2000000000001AAAAAAAAAAAAAA',
  1767349000000, 1767349000000, '{"role":"user","time":{"created":1767349000000}}');
INSERT INTO part VALUES ('prt_200000000001AAAAAAAAAAAAAA', 'msg_200000000001AAAAAAAAAAAAAA',
  'ses_2000000000001AAAAAAAAAAAAAA', 1, 1, '{"type":"text","text":"later"}');
UPDATE session SET cost = 5, time_updated = 1767349000000;
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def change(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def test_a_sub_agent_hangs_below_its_call(store, tmp_path):
    import_one(store, database(SCRIPT, tmp_path))
    (root,) = store.roots()
    (child,) = store.children(root.id)
    assert (root.title, child.title, child.forked_at) == ("Counting files", "look around", 13)


def test_a_database_that_grew_is_gone_on_with(store, tmp_path):
    path = database(SCRIPT, tmp_path)
    change(path, "UPDATE session SET revert = NULL; DELETE FROM session_message")
    import_one(store, path)
    change(path, LATE)
    statuses = {result.title: result.status for result in import_one(store, path)}
    assert statuses["Counting files"] == "extended"


def test_a_folder_in_which_a_part_changed_is_read_again(store, tmp_path):
    storage = tmp_path / "storage"
    shutil.copytree(CORPUS / "opencode" / "storage", storage)
    (result,) = import_one(store, storage)
    part = storage / "part" / "msg_a2" / "prt_2.json"
    part.write_text(part.read_text().replace("Hi.", "Hi there."))
    (again,) = import_one(store, storage)
    assert (result.status, again.status) == ("new", "rewritten")


def test_it_goes_back_as_a_file_for_the_clients_own_import(store, tmp_path, monkeypatch):
    monkeypatch.setenv("SCRUBBER_STORE", str(tmp_path / "data" / "scrubber.db"))
    results = import_one(store, CORPUS / "opencode" / "export.json")
    done = store.continue_in(str(results[0].session), 21, cwd=str(tmp_path))
    value = rules.check(done.path.read_bytes(), old_ids())
    assert value["info"]["id"] == done.native_id
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert done.command == (
        f"cd {tmp_path} && opencode import {done.path} && opencode -s {done.native_id}"
    )
    (fork,) = import_one(store, done.path)
    found = store.session(str(fork.session))
    assert (found.relation, found.parent) == ("fork", results[0].session)
