from __future__ import annotations

import io

import keyring
import pytest

from scrubber.live import endpoints
from scrubber.live.providers import local
from tests.helpers.parrot import SAYS
from tests.live.scripted_server import Answer, ScriptedServer, chat, delta, finish, refusal, spent
from tests.live.test_keys import MemoryRing

HELLO = Answer(chat(delta(content="Hello!"), finish("stop"), spent(9, 2)))


@pytest.fixture
def ring(monkeypatch):
    found = MemoryRing()
    monkeypatch.setattr(keyring.core, "_keyring_backend", found)
    return found


def test_list(cli, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    head, *rows = (line.split() for line in cli("models").out.splitlines())
    assert head[:2] == ["NAME", "API"]
    assert [row[0] for row in rows] == [
        "anthropic", "llamacpp", "lmstudio", "ollama", "openai", "vllm",
    ]  # fmt: skip
    told = {line["name"]: line for line in cli("models", "list", "--json").lines}
    assert (told["openai"]["key"], told["anthropic"]["key"]) == ("OPENAI_API_KEY", None)
    assert set(told["openai"]) == {
        "name", "api", "kind", "url", "file", "model", "window", "patience", "builtin", "key",
    }  # fmt: skip
    assert "sk-secret" not in cli("models").out + cli("models", "--json").out


def test_add_and_remove(cli):
    done = cli("models", "add", "mine", "--url", "http://127.0.0.1:9/v1", "--model", "m", "--json")
    assert done.one["model"] == "m"
    assert endpoints.find("mine").url == "http://127.0.0.1:9/v1"
    assert "mine" in cli("models").out
    assert cli("models", "remove", "mine").status == 0
    again = cli("models", "remove", "mine")
    assert again.status == 2
    assert again.err == "scrubber models: 'mine' cannot be removed: there is none\n"


@pytest.mark.parametrize(
    "words",
    [
        ["mine"],
        ["mine", "--url", "http://x/v1", "--file", "x.gguf"],
        ["mine", "--url", "x"],
        ["mine", "--url", "http://x/v1", "--api", "soap"],
        ["mine", "--file", "nowhere.gguf"],
        ["local", "--url", "http://x/v1"],
    ],
)
def test_what_cannot_be_added(cli, words):
    assert cli("models", "add", *words).status == 2
    assert not endpoints.path().exists()


def test_a_file_is_added_whole(cli, parrot_file):
    done = cli("models", "add", "bird", "--file", parrot_file, "--window", "2048", "--json")
    assert done.one == {
        "name": "bird", "api": "openai", "kind": "llamacpp", "url": None, "file": str(parrot_file),
        "model": "parrot", "window": 2048, "patience": 600.0, "builtin": False,
    }  # fmt: skip


def test_the_models_of_one(cli):
    told = {"data": [{"id": "b", "max_model_len": 4096}, {"id": "a"}]}
    with ScriptedServer(refusal(200, told)) as server:
        cli("models", "add", "mine", "--url", f"{server.url}/v1")
        assert cli("models", "list", "mine", "--json").lines == [
            {"model": "a", "window": None},
            {"model": "b", "window": 4096},
        ]
        assert cli("models", "list", "mine").out.splitlines()[2].split() == ["b", "4,096"]


def test_trials(cli):
    with ScriptedServer(HELLO) as server:
        cli("models", "add", "mine", "--url", f"{server.url}/v1", "--model", "m", "--window", "99")
        done = cli("models", "test", "mine")
        assert done.status == 0
        assert done.out.startswith("mine: served-1 answers in ")
        assert done.out.endswith(" s, holds 99 tokens: Hello!\n")
        told = cli("models", "test", "mine", "--json").one
    assert (told["ok"], told["tokens"], told["cost_micros"], told["error"]) == (
        True,
        11,
        None,
        None,
    )


def test_trials_that_fail(cli):
    with ScriptedServer(HELLO) as server:
        cli("models", "add", "mine", "--url", f"{server.url}/v1", "--model", "m")
        cli("models", "add", "gone", "--url", "http://127.0.0.1:9/v1", "--model", "m")
        done = cli("models", "test", "gone")
        assert done.status == 1
        assert done.err.startswith("scrubber models: Nobody answers at http://127.0.0.1:9/v1")
        assert cli("models", "test", "mine", "gone").status == 3
        lines = cli("models", "test", "gone", "mine", "--json").lines
    assert [line["ok"] for line in lines] == [False, True]
    assert cli("models", "test", "nobody").status == 2


def test_a_key_is_read_and_kept(cli, ring, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-secret\n"))
    done = cli("models", "key", "openai")
    assert (done.status, done.out) == (0, "")
    assert done.err == "the key of openai is in the key ring\n"
    assert ring.kept == {("scrubber", "openai"): "sk-secret"}
    told = {line["name"]: line["key"] for line in cli("models", "--json").lines}
    assert told["openai"] == "the key ring's entry 'openai'"
    assert cli("models", "key", "openai", "--remove").status == 0
    assert not ring.kept
    assert cli("models", "key", "openai", "--remove").status == 2


def test_without_a_key_ring_that_is_said(cli, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-secret\n"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.backends.fail.Keyring())
    done = cli("models", "key", "openai")
    assert done.status == 1
    assert "no key ring that can be used" in done.err
    assert "sk-secret" not in done.err


def test_a_key_is_no_argument(cli):
    assert cli("models", "key", "openai", "sk-secret").status == 2


def test_a_branch_runs_on_with_a_model(cli, parrot_file, tmp_path):
    path = tmp_path / "hi.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "hi"}]}\n')
    session = cli("import", path, "--json").one["session"]
    words = ("--provider", f"local:{parrot_file}", "--turns", 1, "--json")
    told = cli("continue", session, *words).one
    local.stop_all()
    assert (told["ending"], told["turns"], told["cost_micros"]) == ("finished", 1, None)
    lines = cli("events", told["session"], "--json").lines
    assert [line["text"] for line in lines if line["origin"] == "resampled"] == [SAYS]
    assert [line["kind"] for line in lines].count("model_call") == 1
