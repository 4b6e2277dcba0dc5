"""What goes wrong, in words that a user can act on."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from scrubber.live.errors import ProviderError
from tests.live.asking import replies
from tests.live.providers.conftest import provider
from tests.live.scripted_server import Answer, ScriptedServer, refusal

OPENAI = {"error": {"message": "no luck", "type": "x", "code": None}}


def claude_error(kind: str, message: str = "no luck"):
    return {"type": "error", "error": {"type": kind, "message": message}}


def failure(answer: Answer, api: str = "openai", **more: Any) -> ProviderError:
    with ScriptedServer(answer) as server, pytest.raises(ProviderError) as failed:
        replies(provider(server.url, api, **more))
    assert len(server.requests) == 1, "nobody but the runner tries again"
    return failed.value


@pytest.mark.parametrize(
    ("status", "words", "retryable"),
    [
        (400, "tested refuses the request (400): no luck", False),
        (401, "tested refused the key (SCRUBBER_KEY_TESTED): no luck", False),
        (403, "tested refused the key (SCRUBBER_KEY_TESTED): no luck", False),
        (404, "tested has no model 'm': no luck", False),
        (422, "tested refuses the request (422): no luck", False),
        (429, "tested takes no more requests for now (429): no luck", True),
        (500, "tested failed (500): no luck", True),
        (503, "tested failed (503): no luck", True),
    ],
)
@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_statuses(status, words, retryable, api, monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "sk-secret")
    body = OPENAI if api == "openai" else claude_error("x")
    error = failure(refusal(status, body), api)
    assert (str(error), error.retryable) == (words, retryable)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (529, "overloaded_error", "tested is overloaded: no luck"),
        (402, "billing_error", "the account's credit or quota is used up"),
    ],
)
def test_statuses_of_anthropic(status, kind, words):
    assert words in str(failure(refusal(status, claude_error(kind)), "anthropic"))


def test_a_used_up_quota_is_not_tried_again():
    body = {"error": {"message": "pay first", "code": "insufficient_quota", "type": "x"}}
    error = failure(refusal(429, body))
    assert not error.retryable
    assert str(error) == "tested: the account's credit or quota is used up: pay first"


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 0.0)])
def test_how_long_to_wait(header, seconds):
    assert failure(refusal(429, OPENAI, retry_after=header)).after_seconds == seconds


def test_without_a_key_that_is_said():
    error = failure(refusal(401, OPENAI))
    assert "(set SCRUBBER_KEY_TESTED, or run `scrubber models key tested`)" in str(error)


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_key_is_in_no_words(api, monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "sk-secret")
    body = OPENAI | {"error": {"message": "Incorrect API key provided: sk-secret."}}
    error = failure(refusal(401, body), api)
    assert "sk-secret" not in repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


TOO_LONG = [
    (
        "openai",
        {"error": {
            "code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 81234,
            "n_ctx": 4096, "message": "the request exceeds the available context size",
        }},
        "81,234 tokens, and its window holds 4,096",
    ),
    (
        "openai",
        {"error": {
            "code": "context_length_exceeded", "type": "invalid_request_error",
            "message": "This model's maximum context length is 8192 tokens.",
        }},
        "This model's maximum context length is 8192 tokens.",
    ),
    (
        "openai",
        {"error": {"message": "request (9000 tokens) exceeds the available context window"}},
        "request (9000 tokens) exceeds the available context window",
    ),
    (
        "anthropic",
        claude_error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        "prompt is too long: 210000 tokens > 200000 maximum",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("api", "body", "words"), TOO_LONG)
def test_too_long(api, body, words):
    error = failure(refusal(400, body), api)
    assert str(error) == f"The conversation is too long for m: {words}"
    assert not error.retryable


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ProviderError) as failed:
            replies(provider(url, kind="ollama", name="ollama"))
    assert str(failed.value).startswith(f"Nobody answers at {url} (")
    assert str(failed.value).endswith(" Is Ollama running?")
    assert failed.value.retryable


def test_a_server_that_falls_silent_is_given_up():
    with (
        ScriptedServer(Answer([0.01, b": ping\n\n", 30.0])) as server,
        pytest.raises(ProviderError, match="has sent nothing for too long") as failed,
    ):
        replies(provider(server.url, patience=0.2))
    assert failed.value.retryable


def test_a_server_that_is_elsewhere_gets_no_key(monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", "sk-secret")
    with ScriptedServer(refusal(308, b"", location="http://127.0.0.1:9/v1")) as server:
        with pytest.raises(
            ProviderError, match=r"but at http://127.0.0.1:9/v1: change its address"
        ):
            replies(provider(server.url))
        assert len(server.requests) == 1


@pytest.mark.parametrize("api", ["openai", "anthropic"])
@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'{"no": "stream"}'])
def test_an_answer_of_another_kind(api, body):
    error = failure(Answer([body], kind="text/html"), api)
    assert "tested" in str(error)
    assert not error.retryable


def test_what_a_server_never_can_is_not_tried_again():
    body = {
        "error": {"code": 500, "message": "image input is not supported", "type": "server_error"}
    }
    assert not failure(refusal(500, body)).retryable


def test_a_gateway_that_answers_in_html():
    error = failure(Answer([b"<html>Bad Gateway</html>"], status=502, kind="text/html"))
    assert str(error) == "tested failed (502): <html>Bad Gateway</html>"


@pytest.mark.parametrize("key", ["zwei wörter", "sk-\u2026"])
def test_a_key_that_cannot_be_sent(key, monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", key)
    with pytest.raises(ProviderError, match="the key in SCRUBBER_KEY_TESTED has") as failed:
        replies(provider("http://127.0.0.1:9/v1"))
    assert key not in str(failed.value)


def test_anthropic_and_openai_want_a_key():
    for name, variable in (("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")):
        url = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}[
            name
        ]
        with pytest.raises(ProviderError, match=f"wants a key: set {variable}"):
            replies(provider(url, name, name=name))
