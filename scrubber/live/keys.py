"""Keys of endpoints: in the environment, or in the system's key ring; nowhere else.

``OPENAI_API_KEY``, ``ANTHROPIC_API_KEY``, or ``SCRUBBER_KEY_<NAME>`` for any endpoint go before
the key ring. A key ring that is not there, or stays locked, is as one without keys.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrubber.core.errors import BadArgumentError, ScrubberError
from scrubber.live.endpoints import KEYED_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.live.endpoints import Endpoint

SERVICE = "scrubber"
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Key:
    """A key, and where it comes from; the key itself is not shown when this is printed."""

    value: str = field(repr=False)
    origin: str

    @property
    def is_sound(self) -> bool:
        """Whether it can be sent at all."""
        return _KEY.fullmatch(self.value) is not None


def key_of(endpoint: Endpoint) -> Key | None:
    """The key of an endpoint; may wait for the key ring, so not for a window's thread."""
    for variable in variables(endpoint):
        if value := os.environ.get(variable, "").strip():
            return Key(value, variable)
    kept = _from_ring(endpoint.name)
    return Key(kept, f"the key ring's entry {endpoint.name!r}") if kept else None


def value_of(name: str) -> str | None:
    """What a name stands for in the settings of a server of tools: the variable of this name, else
    the key ring's entry. May wait for the key ring, too."""
    return os.environ.get(name) or _from_ring(name)


def variables(endpoint: Endpoint) -> Iterator[str]:
    """The names of the environment variables that may hold it."""
    yield f"SCRUBBER_KEY_{re.sub(r'[^A-Z0-9]', '_', endpoint.name.upper())}"
    if usual := KEYED_HOSTS.get(urlsplit(endpoint.url).hostname or ""):
        yield usual


def how_to_give(endpoint: Endpoint) -> str:
    """What a user can do so that there is a key."""
    *_, variable = variables(endpoint)
    return f"set {variable}, or run `scrubber models key {endpoint.name}`"


def store(name: str, value: str) -> None:
    """Put a key into the key ring; a ScrubberError says what to do where there is none."""
    if not _KEY.fullmatch(value):
        raise BadArgumentError("that is no key: it is empty, or has spaces or odd characters in it")
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, value)
    except (KeyringError, RuntimeError, OSError) as error:
        raise ScrubberError(
            f"this system has no key ring that can be used ({_sentence(error)}); "
            "set an environment variable instead"
        ) from None


def forget(name: str) -> bool:
    """Take a key out of the key ring; whether there was one."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, name)
    except (KeyringError, RuntimeError, OSError):
        return False
    return True


def _from_ring(name: str) -> str | None:
    import keyring

    try:
        return keyring.get_password(SERVICE, name)
    except Exception:
        # Back ends raise what they like; without a key the request says what is missing.
        return None


def _sentence(error: Exception) -> str:
    return str(error).split(". ", maxsplit=1)[0] or type(error).__name__
