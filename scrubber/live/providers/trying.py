"""Tries an endpoint: is it there, and does its model answer?"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Ended, Replied
from scrubber.live.providers import servers
from scrubber.live.providers.apis import api_of
from scrubber.live.providers.model_provider import ModelProvider

if TYPE_CHECKING:
    from scrubber.core.events import Usage
    from scrubber.live.endpoints import Endpoint

_NAMED = 8


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
    """Ask a model for a word. BadArgumentError: it has several, and none is named."""
    try:
        model = model or endpoint.model or _only_model(endpoint)
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


def _only_model(endpoint: Endpoint) -> str:
    names = [one.name for one in servers.models_of(endpoint)]
    if len(names) == 1:
        return names[0]
    if not names:
        raise ProviderError(f"{endpoint.title} has no models")
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    raise BadArgumentError(f"{endpoint.title} has several models, name one: {some}")


async def _greet(provider: ModelProvider, model: str) -> tuple[str, Replied]:
    texts: list[str] = []
    async with aclosing(provider.send(api_of(provider.endpoint).greeting(model), model)) as parts:
        async for part in parts:
            if isinstance(part, Ended) and part.kind is Kind.MESSAGE:
                texts.append(part.content.text)
            elif isinstance(part, Replied):
                return "".join(texts), part
    raise ProviderError(f"{provider.endpoint.title} broke off")
