from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scrubber.core.errors import BadArgumentError, ScrubberError
from scrubber.live import endpoints
from scrubber.live.endpoints import Endpoint
from scrubber.live.providers.choosing import guessed, provider_for

MINE = Endpoint("mine", "http://127.0.0.1:9/v1", model="m-1", window=9, patience=5.0)


def test_those_of_the_start():
    known = endpoints.endpoints()
    assert set(known) == {"openai", "anthropic", "ollama", "llamacpp", "vllm", "lmstudio"}
    assert all(one.is_builtin for one in known.values())
    assert {one.name for one in known.values() if one.needs_key} == {"openai", "anthropic"}
    for one in known.values():
        endpoints.check(one)


def test_added_ones_are_kept_in_a_file_of_the_user(home):
    endpoints.add(MINE)
    endpoints.add(replace(MINE, name="other", api="anthropic", window=None))
    assert endpoints.find("mine") == MINE
    assert endpoints.path().is_relative_to(home)
    told = json.loads(endpoints.path().read_text())["endpoints"]
    assert told[0] == {
        "name": "mine",
        "url": "http://127.0.0.1:9/v1",
        "model": "m-1",
        "window": 9,
        "patience": 5.0,
    }
    assert [path.name for path in endpoints.path().parent.iterdir()] == ["endpoints.json"]
    endpoints.remove("mine")
    assert "mine" not in endpoints.endpoints()
    assert "other" in endpoints.endpoints()


def test_a_built_in_one_can_be_replaced_and_comes_back():
    endpoints.add(replace(MINE, name="ollama"))
    assert endpoints.find("ollama").url == MINE.url
    endpoints.remove("ollama")
    assert endpoints.find("ollama").is_builtin
    with pytest.raises(BadArgumentError, match="'ollama' cannot be removed: it is built in"):
        endpoints.remove("ollama")
    with pytest.raises(BadArgumentError, match="'nobody' cannot be removed: there is none"):
        endpoints.remove("nobody")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "Ä"}, "is no name"),
        ({"name": "replay"}, "is no name"),
        ({"name": "local"}, "is no name"),
        ({"api": "soap"}, "is no API: use one of openai, anthropic"),
        ({"kind": "toaster"}, "is no kind"),
        ({"window": 0}, "holds nothing"),
        ({"patience": 0.0}, "nobody answers within 0 seconds"),
        ({"url": ""}, "has an address or a file"),
        ({"file": "x.gguf"}, "has an address or a file"),
        ({"url": "localhost:80"}, "begins with http"),
        ({"url": "https://me:secret@host/v1"}, "no key in it"),
        ({"url": "https://host/v1?key=secret"}, "no key in it"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(change, words):
    with pytest.raises(BadArgumentError, match=words) as failed:
        endpoints.add(replace(MINE, **change))
    assert "secret" not in str(failed.value)
    assert not endpoints.path().exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"endpoints": 7}', '{"endpoints": [{"name": "x"}]}', '{"endpoints":[7]}'],
)
def test_a_file_that_is_none_is_named(text):
    endpoints.path().parent.mkdir(parents=True, exist_ok=True)
    endpoints.path().write_text(text)
    with pytest.raises(ScrubberError, match=r"endpoints\.json: not a list of endpoints"):
        endpoints.endpoints()


def test_keys_of_later_versions_are_passed_over():
    endpoints.add(MINE)
    told = json.loads(endpoints.path().read_text())
    told["endpoints"][0]["colour"] = "blue"
    endpoints.path().write_text(json.dumps(told))
    assert endpoints.find("mine") == MINE


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-opus-4-6", "anthropic"),
        ("gpt-5.1", "openai"),
        ("o3-mini", "openai"),
        ("m-1", "mine"),
    ],
)
def test_whose_a_model_is(model, name):
    endpoints.add(MINE)
    assert guessed(model) == name
    assert provider_for(model=model).name == name


@pytest.mark.parametrize("model", ["llama3.2", "gpt-oss:20b", "openai/gpt-5", "qwen3", ""])
def test_whose_a_model_is_when_nobody_can_tell(model):
    with pytest.raises(BadArgumentError, match="name a provider"):
        guessed(model)


def test_a_model_that_two_have_is_nobodys():
    endpoints.add(MINE)
    endpoints.add(replace(MINE, name="other"))
    with pytest.raises(BadArgumentError, match="cannot be told"):
        guessed("m-1")


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(BadArgumentError, match=r"'nobody': use one of anthropic, .*, local:FILE"):
        provider_for("nobody")
