"""Tries an endpoint: is it there, and does its model answer?"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.events import Kind
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Ended, Replied
from scrubber.live.providers import servers
from scrubber.live.providers.apis import api_of
from scrubber.live.providers.model_provider import ModelProvider

if TYPE_CHECKING:
    from scrubber.core.events import Usage
    from scrubber.live.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    endpoint: Endpoint
    model: str = ""
    error: str = ""
    """Why it does not answer; empty if it does."""
    text: str = ""
    seconds: float = 0.0
    window: int | None = None
    usage: Usage | None = None


def try_endpoint(endpoint: Endpoint, model: str = "") -> Trial:
    """Ask a model for a word: the one named, the endpoint's usual one, or the only one it has."""
    try:
        model = model or endpoint.model or servers.only_model(endpoint)
    except ProviderError as error:
        return Trial(endpoint, error=str(error))
    provider = ModelProvider(endpoint, model)
    began = time.monotonic()
    try:
        text, end = asyncio.run(_greet(provider, model))
    except ProviderError as error:
        return Trial(endpoint, model, str(error))
    seconds = time.monotonic() - began
    window = provider.abilities(model).window
    return Trial(endpoint, end.model or model, "", text, seconds, window, end.usage)


async def _greet(provider: ModelProvider, model: str) -> tuple[str, Replied]:
    texts: list[str] = []
    async with aclosing(provider.send(api_of(provider.endpoint).greeting(model), model)) as parts:
        async for part in parts:
            if isinstance(part, Ended) and part.kind is Kind.MESSAGE:
                texts.append(part.content.text)
            elif isinstance(part, Replied):
                return "".join(texts), part
    raise ProviderError(f"{provider.endpoint.title} broke off")
