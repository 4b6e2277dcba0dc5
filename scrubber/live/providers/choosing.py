"""Which provider a user means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError
from scrubber.live import endpoints
from scrubber.live.providers.model_provider import ModelProvider

if TYPE_CHECKING:
    from scrubber.live.provider import Provider

_FAMILIES = {
    "claude-": "anthropic",
    "gpt-": "openai",
    "chatgpt-": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4-": "openai",
}
_NOT_THERE = ("gpt-oss", "gpt-j", "gpt-neo")
"""Names that sound like a provider's and are of models that anybody can run."""


def provider_for(name: str = "", model: str = "") -> Provider:
    """The provider of this name, which asks for this model where a branch names none.

    ``name``: an endpoint's, or ``local:FILE``; without one, it is guessed from the model's name.
    BadArgumentError: there is no such endpoint, or nothing to guess from.
    """
    endpoint = endpoints.find(name or guessed(model))
    return ModelProvider(endpoint, "" if model.endswith(".gguf") else model)


def guessed(model: str) -> str:
    """The endpoint that a model's name stands for beyond doubt; BadArgumentError if none does."""
    if model.endswith(".gguf"):
        return f"{endpoints.LOCAL}:{model}"
    owners = [one.name for one in endpoints.endpoints().values() if model and one.model == model]
    if len(owners) == 1:
        return owners[0]
    if not model.startswith(_NOT_THERE) and "/" not in model:
        for beginning, name in _FAMILIES.items():
            if model.startswith(beginning):
                return name
    raise BadArgumentError(
        f"whose model {model!r} is cannot be told from its name: name a provider"
        if model
        else "name a provider or a model"
    )
