"""Providers that ask servers of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.live.endpoints import Endpoint
from scrubber.live.providers.model_provider import ModelProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.live.providers.local import LocalServer


def provider(url: str, api: str = "openai", kind: str = "", **more: object) -> ModelProvider:
    """A provider for a server; ``more``: fields of its endpoint."""
    fields = {"name": "tested", "url": url, "api": api, "kind": kind, "window": 1000, **more}
    return ModelProvider(Endpoint(**fields))  # type: ignore[arg-type]


@pytest.fixture
def parrot_provider(
    parrot: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ModelProvider]:
    """parrot_provider("openai"): the parrot, over one of its APIs."""
    monkeypatch.setenv("SCRUBBER_KEY_TESTED", parrot.key.value)
    return lambda api: provider(parrot.url, api, "llamacpp", window=None)
