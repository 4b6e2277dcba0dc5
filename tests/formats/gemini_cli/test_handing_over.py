"""Sessions go back into Gemini CLI: a new file in the folder of the project."""

from __future__ import annotations

import hashlib
import json
import stat

import pytest

from scrubber.api import open_store
from scrubber.formats.gemini_cli.places import chats_folder
from tests.formats.corpus import CORPUS
from tests.formats.gemini_cli.records import SESSION
from tests.formats.gemini_cli.validator import check
from tests.transfer.comparing import import_one

SAMPLE = CORPUS / "gemini-cli" / f"session-2026-05-01T10-00-{SESSION[:8]}.jsonl"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GEMINI_CLI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / ".gemini"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "My Project"
    folder.mkdir()
    return folder


def digest(project) -> str:
    return hashlib.sha256(str(project).encode()).hexdigest()


def test_a_project_is_found_by_its_entry_by_its_mark_and_else_by_its_digest(home, project):
    assert chats_folder(str(project)) == home / "tmp" / digest(project) / "chats"
    (home / "tmp" / "marked").mkdir(parents=True)
    (home / "tmp" / "marked" / ".project_root").write_text(str(project))
    assert chats_folder(str(project)) == home / "tmp" / "marked" / "chats"
    (home / "projects.json").write_text(json.dumps({"projects": {str(project): "entered"}}))
    assert chats_folder(str(project)) == home / "tmp" / "entered" / "chats"


@pytest.mark.parametrize("entry", ["../../elsewhere", "taken", 7])
def test_an_entry_that_is_none_or_belongs_to_another_project_is_not_followed(home, project, entry):
    (home / "projects.json").write_text(json.dumps({"projects": {str(project): entry}}))
    (home / "tmp" / "taken").mkdir(parents=True)
    (home / "tmp" / "taken" / ".project_root").write_text("/home/somebody/else")
    assert chats_folder(str(project)) == home / "tmp" / digest(project) / "chats"


@pytest.mark.parametrize("text", ["", "[]", '{"projects": []}', "{"])
def test_a_broken_register_is_none(home, project, text):
    (home / "projects.json").write_text(text)
    assert chats_folder(str(project)).parent.name == digest(project)


def test_the_folder_is_that_of_the_real_path(home, project, tmp_path):
    (tmp_path / "link").symlink_to(project)
    assert chats_folder(str(tmp_path / "link")) == chats_folder(str(project))


def test_every_cut_is_a_session_that_the_client_resumes(home, project, tmp_path):
    with open_store(tmp_path / "store.db") as store:
        session = str(import_one(store, SAMPLE)[0].session)
        for at in range(1, store.session(session).events + 1):
            done = store.continue_in(session, at, cwd=str(project))
            assert done.path.parent == chats_folder(str(project))
            assert done.path.name.startswith("session-")
            assert done.path.name.endswith(f"-{done.native_id[:8]}.jsonl")
            assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
            sent = check(done.path.read_bytes())
            has_nothing = any("no message to resume" in warning for warning in done.warnings)
            assert bool(sent) != has_nothing
            assert SESSION.encode() not in done.path.read_bytes()
        assert done.command == f"cd '{project}' && gemini --resume {done.native_id}"


def test_a_handed_over_session_is_read_as_one_of_its_own(home, project, tmp_path):
    with open_store(tmp_path / "store.db") as store:
        session = str(import_one(store, SAMPLE)[0].session)
        done = store.continue_in(session, cwd=str(project))
        (result,) = import_one(store, done.path)
        again = store.session(str(result.session))
        assert (again.native_id, again.format) == (done.native_id, "gemini-cli")
        assert again.title == "A repair"
