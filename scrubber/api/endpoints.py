"""Where models are, for whoever uses the API: list, add, try; needs no store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.live import endpoints as known
from scrubber.live import keys

if TYPE_CHECKING:
    from scrubber.live.endpoints import Endpoint
    from scrubber.live.providers.servers import ServedModel
    from scrubber.live.providers.trying import Trial


def endpoints() -> list[Endpoint]:
    """All endpoints, those that are built in first."""
    return sorted(known.endpoints().values(), key=lambda one: (not one.is_builtin, one.name))


def add(endpoint: Endpoint) -> Endpoint:
    """Remember an endpoint, or a GGUF file; BadArgumentError says what is wrong with it.

    What is left open is filled in: the path is made whole, the file's model named.
    """
    if endpoint.file:
        file = known.local_file(endpoint.file)
        model = endpoint.model or file.model
        endpoint = replace(endpoint, file=file.file, kind=file.kind, model=model)
    known.add(endpoint)
    return endpoint


def remove(name: str) -> None:
    """Forget an endpoint that was added, and its key in the key ring."""
    known.remove(name)
    keys.forget(name)


def served(name: str) -> list[ServedModel]:
    """The models that an endpoint has, by its own word; a ProviderError says why not."""
    from scrubber.live.providers import servers

    return servers.models_of(known.find(name))


def try_endpoint(name: str, model: str = "") -> Trial:
    """Ask an endpoint's model for a word; what fails is told in the trial."""
    from scrubber.live.providers import trying

    return trying.try_endpoint(known.find(name), model)


def key_origin(endpoint: Endpoint) -> str | None:
    """Where an endpoint's key comes from, as in ``OPENAI_API_KEY``; None: there is none."""
    key = keys.key_of(endpoint)
    return key.origin if key is not None else None


def store_key(name: str, value: str) -> None:
    """Put a key into the system's key ring, in the place of a former one."""
    if known.find(name).file:
        raise BadArgumentError(f"{name}: a file needs no key")
    keys.store(name, value)


def forget_key(name: str) -> bool:
    """Take a key out of the key ring; whether there was one."""
    return keys.forget(known.find(name).name)
