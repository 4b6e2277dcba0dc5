from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from scrubber.core.errors import BadArgumentError, ScrubberError
from scrubber.live import endpoints, keys
from scrubber.live.endpoints import Endpoint

MINE = Endpoint("my.llm-1", "http://127.0.0.1:9/v1")


class MemoryRing(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class LockedRing(MemoryRing):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("Prompt dismissed. Try again")


@pytest.fixture
def ring(monkeypatch):
    """A key ring of the test's own."""
    found = MemoryRing()
    monkeypatch.setattr(keyring.core, "_keyring_backend", found)
    return found


def test_a_key_in_the_ring(ring):
    assert keys.key_of(MINE) is None
    keys.store(MINE.name, "sk-1")
    key = keys.key_of(MINE)
    assert key is not None
    assert (key.value, key.origin) == ("sk-1", "the key ring's entry 'my.llm-1'")
    assert list(ring.kept) == [("scrubber", "my.llm-1")]
    assert keys.forget(MINE.name)


def test_the_environment_goes_before_the_ring(ring, monkeypatch):
    keys.store(MINE.name, "sk-1")
    monkeypatch.setenv("SCRUBBER_KEY_MY_LLM_1", "sk-2")
    key = keys.key_of(MINE)
    assert key is not None
    assert (key.value, key.origin) == ("sk-2", "SCRUBBER_KEY_MY_LLM_1")


def test_usual_variables_go_to_their_servers_only(ring, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    key = keys.key_of(endpoints.find("openai"))
    assert key is not None
    assert key.value == "sk-openai"
    elsewhere = Endpoint("openai", "https://elsewhere.example/v1", kind="openai")
    assert keys.key_of(elsewhere) is None


def test_a_locked_ring_is_as_one_without_keys(monkeypatch):
    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedRing())
    assert keys.key_of(MINE) is None
    with pytest.raises(ScrubberError, match=r"no key ring that can be used \(Prompt dismissed\)"):
        keys.store(MINE.name, "sk-1")


@pytest.mark.parametrize("value", ["", "two words", "üñí", "line\nline"])
def test_what_is_no_key(ring, value):
    with pytest.raises(BadArgumentError, match="that is no key"):
        keys.store(MINE.name, value)
    assert not ring.kept


def test_a_key_is_not_shown_when_it_is_printed(monkeypatch):
    monkeypatch.setenv("SCRUBBER_KEY_MY_LLM_1", "sk-secret")
    assert "sk-secret" not in f"{keys.key_of(MINE)!r} {keys.key_of(MINE)}"
