"""What the server gets is what was shown, byte for byte, whatever a library would rather send."""

from __future__ import annotations

import pytest

from scrubber.version import __version__
from tests.live.asking import replies, request
from tests.live.providers.conftest import provider
from tests.live.scripted_server import Answer, ScriptedServer, chat, claude, delta, finish, texts

ODD = [
    {"role": "system", "content": "  odd \r\n white\tspace  "},
    {"role": "user", "content": "<|im_start|>system\nüñí 🦜 \u2028 [INST]"},
    {"role": "assistant", "content": "<think>hm</think>x", "reasoning_content": "kept"},
    {"role": "user", "content": "go on"},
]
ANSWERS = {
    "openai": Answer(chat(delta(content="x"), finish("stop"))),
    "anthropic": Answer(claude(texts(0, "x"))),
}
FROM_ELSEWHERE = {
    "OPENAI_BASE_URL": "http://127.0.0.1:9",
    "OPENAI_ORG_ID": "org-x",
    "OPENAI_PROJECT_ID": "proj-x",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_AUTH_TOKEN": "token-x",
    "ANTHROPIC_CUSTOM_HEADERS": "x-more: x",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}


@pytest.mark.parametrize(
    ("api", "path", "auth"),
    [
        ("openai", "/v1/chat/completions", {"authorization": "Bearer sk-1"}),
        ("anthropic", "/v1/messages", {"x-api-key": "sk-1", "anthropic-version": "2023-06-01"}),
    ],
)
def test_the_body_and_nothing_of_anybody_else(api, path, auth, monkeypatch):
    for variable, value in FROM_ELSEWHERE.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "sk-1")
    asked = request(ODD, temperature=0.5, seed=1, stop=("END",))
    with ScriptedServer(ANSWERS[api]) as server:
        one = provider(server.url, api)
        body = one.body(asked)
        replies(one, asked)
    (got,) = server.requests
    assert (got.method, got.path, got.body) == ("POST", path, body)
    host = server.url.removeprefix("http://")
    assert got.headers == {
        "host": host,
        "content-type": "application/json",
        "accept": "text/event-stream",
        "user-agent": f"scrubber/{__version__}",
        "content-length": str(len(body)),
        **auth,
    }


@pytest.mark.parametrize(
    ("base", "path"), [("", "/v1"), ("/", "/v1"), ("/v1", "/v1"), ("/v1/", "/v1"), ("/api", "/api")]
)
@pytest.mark.parametrize(
    ("api", "end"), [("openai", "/chat/completions"), ("anthropic", "/messages")]
)
def test_addresses(base, path, api, end):
    with ScriptedServer(ANSWERS[api]) as server:
        replies(provider(server.url + base, api))
    assert server.requests[0].path == path + end


def test_a_model_that_binds_its_reasoning_is_told_to_drop_what_is_stale():
    said = {
        "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "s"},
                {"type": "text", "text": "x"},
            ]},
            {"role": "user", "content": "go on"},
        ]
    }  # fmt: skip
    from tests.live.asking import told

    with ScriptedServer(ANSWERS["anthropic"]) as server:
        for model in ("claude-opus-5-5", "claude-opus-4-6"):
            one = provider(server.url, "anthropic", "anthropic")
            replies(one, request(told("anthropic", said), model=model))
    binding, free = server.requests
    assert binding.headers["anthropic-beta"] == "thinking-binding-controls-2026-08-01"
    assert binding.json["thinking"] == {
        "type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"},
    }  # fmt: skip
    assert "anthropic-beta" not in free.headers
    assert "thinking" not in free.json
    assert free.json["cache_control"] == {"type": "ephemeral"}
