"""Sessions go back into Codex: a new rollout in the right place, that keeps all its rules."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from scrubber.api import OpenStore, open_store
from scrubber.formats.codex.ids import file_name
from tests.formats.codex.lines import SESSION, Rollout
from tests.formats.codex.test_importing import CORPUS, MAIN
from tests.formats.codex.validating import valid
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Codex's own folder, empty."""
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    return tmp_path / "codex"


@pytest.fixture
def session(store: OpenStore) -> str:
    return str(import_one(store, CORPUS / MAIN)[0].session)


def test_every_cut_keeps_the_rules_and_comes_back_as_a_fork(store, session, home, tmp_path):
    for at in range(3, store.session(session).events + 1, 9):
        done = store.continue_in(session, at, cwd=str(tmp_path))
        meta = valid(done.path.read_bytes())[0]["payload"]
        assert meta["id"] == done.native_id == done.path.stem[-36:]
        assert (meta["cwd"], meta["forked_from_id"]) == (str(tmp_path), SESSION)
        assert done.path.is_relative_to(home / "sessions")
        (result,) = import_one(store, done.path)
        fork = store.session(str(result.session))
        assert (fork.relation, fork.parent) == ("fork", session)
        assert fork.forked_at is None or fork.forked_at <= at + 1


def test_it_is_private_and_new(store, session, home):
    done = store.continue_in(session)
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert store.continue_in(session).native_id != done.native_id
    assert store.continue_in(session, dry_run=True).size is None


def test_the_command_and_what_is_in_the_way(store, home, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / f"rollout-x-{SESSION}.jsonl"
    path.write_bytes(Rollout(model_provider="mock", cwd=str(tmp_path)).turn("a", "b").data)
    session = str(import_one(store, path)[0].session)
    done = store.continue_in(session, dry_run=True)
    assert done.command == f"cd {tmp_path} && codex resume {done.native_id}"
    assert done.warnings == (
        f"the model provider 'mock' is not in {home}/config.toml",
        "codex is not on this machine's search path",
    )
    (tmp_path / "codex").mkdir(exist_ok=True)
    (home / "config.toml").write_text('[model_providers.mock]\nbase_url = "http://127.0.0.1"\n')
    assert store.continue_in(session, dry_run=True).warnings == done.warnings[1:]


@pytest.mark.parametrize(
    ("config", "provider"),
    [
        (None, "openai"),
        ("oops", "openai"),
        ('model_provider = "mine"\n[model_providers.mine]\n', "mine"),
        ('model_provider = "gone"\n', "openai"),
    ],
)
def test_sessions_of_other_agents_get_the_users_model_provider(
    store, home, tmp_path, config, provider
):
    if config is not None:
        home.mkdir()
        (home / "config.toml").write_text(config)
    path = tmp_path / "talk.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "hello"}]}\n')
    other = str(import_one(store, path)[0].session)
    done = store.continue_in(other, format="codex", cwd=str(tmp_path))
    assert valid(done.path.read_bytes())[0]["payload"]["model_provider"] == provider


def test_names_of_rollouts(store, session, home):
    done = store.continue_in(session)
    assert done.path == home / "sessions" / file_name(UUID(done.native_id))
