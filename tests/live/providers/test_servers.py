"""What servers say of themselves."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from scrubber.live import endpoints
from scrubber.live.endpoints import Endpoint
from scrubber.live.errors import ProviderError
from scrubber.live.providers import servers
from scrubber.live.providers.model_provider import ModelProvider
from scrubber.live.providers.servers import Abilities, ServedModel
from scrubber.live.providers.trying import try_endpoint
from scrubber.live.providers.waiting import aside
from tests.live.asking import request
from tests.live.scripted_server import Answer, ScriptedServer, chat, delta, finish, refusal, spent

OLLAMA = {"models": [{"name": "other", "context_length": 1}, {"name": "m", "context_length": 4096}]}


def at(server: ScriptedServer, kind: str = "", **more: Any) -> Endpoint:
    return Endpoint("tested", f"{server.url}/v1", kind=kind, **more)


@pytest.mark.parametrize(
    "told",
    [
        {"data": [{"id": "b", "max_model_len": 7}, {"id": "a"}]},
        {"models": [{"name": "b", "context_length": 7}, {"name": "a"}]},
        [{"id": "b", "context_window": 7}, {"id": "a"}, "odd", {}],
    ],
)
def test_models(told):
    with ScriptedServer(refusal(200, told)) as server:
        assert servers.models_of(at(server)) == [ServedModel("a"), ServedModel("b", 7)]
    assert server.requests[0].path.startswith("/v1/models")


def test_the_key_goes_along(monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "sk-1")
    with ScriptedServer(refusal(200, {"data": []})) as server:
        servers.models_of(at(server))
        servers.models_of(at(server, api="anthropic"))
    chat_asked, claude_asked = server.requests
    assert chat_asked.headers["authorization"] == "Bearer sk-1"
    assert claude_asked.headers["x-api-key"] == "sk-1"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(401, {}), "tested refuses without a key, or this one: set SCRUBBER_KEY_TESTED"),
        (refusal(404, {}), "tested answers 404 at http"),
        (refusal(200, b"<html>"), "tested answers what is no JSON"),
        (refusal(200, {"no": "list"}), "tested has no list of models at http"),
    ],
)
def test_models_that_cannot_be_listed(answer, words):
    with ScriptedServer(answer) as server, pytest.raises(ProviderError, match=words):
        servers.models_of(at(server))


@pytest.mark.parametrize(
    ("kind", "path", "told", "window"),
    [
        ("ollama", "/api/ps", OLLAMA, 4096),
        ("ollama", "/api/ps", {"models": []}, None),
        ("vllm", "/v1/models", {"data": [{"id": "m", "max_model_len": 99}]}, 99),
        ("lmstudio", "/api/v0/models/m", {"max_context_length": 9, "loaded_context_length": 5}, 5),
        ("lmstudio", "/api/v0/models/m", {"max_context_length": 9}, 9),
        ("llamacpp", "/props", {"default_generation_settings": {"n_ctx": 12}}, 12),
        ("", "/props", {"default_generation_settings": {"n_ctx": 12}}, 12),
        ("", "/props", {"else": 1}, None),
        ("", "/props", "odd", None),
    ],
)
def test_windows_by_the_servers_word(kind, path, told, window):
    with ScriptedServer(refusal(200, told)) as server:
        assert servers.abilities_of(at(server, kind), "m").window == window
    assert server.requests[0].path == path


def test_only_servers_on_this_machine_are_asked_for_windows():
    for url in ("https://far.example/v1", "http://127.0.0.1:9/v1"):
        assert servers.abilities_of(Endpoint("x", url), "m") == Abilities()


def test_a_trial():
    answer = Answer(chat(delta(content="Hello!"), finish("stop"), spent(9, 2)))
    with ScriptedServer(refusal(200, {"data": [{"id": "only"}]}), answer) as server:
        trial = try_endpoint(at(server, window=100))
    assert (trial.model, trial.text, trial.error, trial.window) == ("served-1", "Hello!", "", 100)
    assert trial.usage is not None
    assert trial.usage.total == 11
    assert trial.seconds > 0
    assert server.requests[1].json["model"] == "only"


def test_a_trial_that_fails_says_why():
    with ScriptedServer(refusal(401, {"error": {"message": "who are you?"}})) as server:
        trial = try_endpoint(at(server), "m")
    assert trial.error == (
        "tested refused the key (set SCRUBBER_KEY_TESTED, or run `scrubber models key tested`): "
        "who are you?"
    )


def test_one_of_several_models_must_be_named():
    told = {"data": [{"id": f"m{n}"} for n in range(12)]}
    words = "tested has several models, name one: m0, m1, m10, m11, m2, m3, m4, m5, …"
    with ScriptedServer(refusal(200, told)) as server:
        assert try_endpoint(at(server)).error == words
        with pytest.raises(ProviderError, match="name one: m0, m1"):
            ModelProvider(at(server)).body(request(model=""))
    assert try_endpoint(endpoints.find("openai")).error == "OpenAI has several models: name one"


def test_the_only_model_needs_no_name():
    with ScriptedServer(refusal(200, {"data": [{"id": "only"}]})) as server:
        assert b'"model":"only"' in ModelProvider(at(server, window=9)).body(request(model=""))


def test_a_server_without_models():
    with ScriptedServer(refusal(200, {"data": []})) as server:
        assert try_endpoint(at(server)).error == "tested has no models"


def test_a_trial_of_a_file(parrot_file):
    from scrubber.live.providers import local
    from tests.helpers.parrot import SAYS

    trial = try_endpoint(endpoints.local_file(str(parrot_file)))
    local.stop_all()
    assert (trial.text, trial.model, trial.error) == (SAYS, "parrot", "")


def test_what_blocks_is_waited_for_aside():
    release = threading.Event()

    def blocked() -> int:
        release.wait(5)
        return 7

    def broken() -> int:
        raise ValueError("broken")

    async def go() -> None:
        waiting = asyncio.create_task(aside(blocked))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        release.set()
        assert await aside(blocked) == 7
        with pytest.raises(ValueError, match="broken"):
            await aside(broken)

    asyncio.run(go())


def test_nobody_waits_for_what_ends_after_the_loop():
    release = threading.Event()

    async def go() -> None:
        task = asyncio.create_task(aside(lambda: release.wait(5)))
        await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(go())
    release.set()
