"""What a server says of itself: its models, and how many tokens they hold. Nothing is generated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrubber.core.events import one_line
from scrubber.live import keys, prices
from scrubber.live.errors import ProviderError
from scrubber.live.providers.apis import api_of, versioned

if TYPE_CHECKING:
    import httpx2

    from scrubber.core.content import JSON
    from scrubber.live.endpoints import Endpoint

_LIST_S, _WINDOW_S = 10.0, 0.5
_NAMED = 8


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that an endpoint has."""

    name: str
    window: int | None = None
    """Tokens that it can hold, None where unknown."""


def models_of(endpoint: Endpoint) -> list[ServedModel]:
    """The models of an endpoint, by name; a ProviderError says why they cannot be listed."""
    if endpoint.file:
        return [ServedModel(endpoint.model, endpoint.window)]
    told = _get(endpoint, f"{versioned(endpoint.url)}/models?limit=1000", _LIST_S)
    several = told.get("data", told.get("models")) if isinstance(told, dict) else told
    if not isinstance(several, list):
        raise ProviderError(f"{endpoint.title} has no list of models at {endpoint.url}")
    found = (_served(endpoint, one) for one in several if isinstance(one, dict))
    return sorted((one for one in found if one.name), key=lambda one: one.name)


def _served(endpoint: Endpoint, one: dict[str, Any]) -> ServedModel:
    name = str(one.get("id") or one.get("name") or "")
    for key in ("max_model_len", "context_length", "context_window", "max_input_tokens"):
        if isinstance(one.get(key), int):
            return ServedModel(name, one[key])
    return ServedModel(name, prices.window_of(endpoint, name))


def only_model(endpoint: Endpoint) -> str:
    """The one model of a server that has one; a ProviderError asks for a name where there are more.

    Those of OpenAI and Anthropic are not counted.
    """
    if endpoint.needs_key:
        raise ProviderError(f"{endpoint.title} has several models: name one")
    names = [one.name for one in models_of(endpoint)]
    if len(names) == 1:
        return names[0]
    if not names:
        raise ProviderError(f"{endpoint.title} has no models")
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    raise ProviderError(f"{endpoint.title} has several models, name one: {some}")


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model can do, so far as it is known."""

    window: int | None = None
    """Tokens that it can hold."""
    sees: bool | None = None
    """Whether it takes pictures."""


def abilities_of(endpoint: Endpoint, model: str) -> Abilities:
    """What a model on this machine can do, by its server's word.

    Asks only servers on this machine, and not for long.
    """
    from scrubber.live.providers.transport import is_loopback

    if endpoint.file or not is_loopback(endpoint.url):
        return Abilities()
    parts = urlsplit(endpoint.url)
    root = f"{parts.scheme}://{parts.netloc}"
    try:
        return _ASK.get(endpoint.kind, _ask_llamacpp)(endpoint, root, model)
    except (ProviderError, KeyError, TypeError, ValueError, AttributeError):
        return Abilities()


def _ask_llamacpp(endpoint: Endpoint, root: str, model: str) -> Abilities:
    told = _get(endpoint, f"{root}/props", _WINDOW_S)
    window = int(told["default_generation_settings"]["n_ctx"])
    return Abilities(window, (told.get("modalities") or {}).get("vision"))


def _ask_ollama(endpoint: Endpoint, root: str, model: str) -> Abilities:
    """What a model could hold does not count: what it was loaded with does."""
    loaded = _get(endpoint, f"{root}/api/ps", _WINDOW_S)["models"]
    mine = (one for one in loaded if model in (one.get("name"), one.get("model")))
    return Abilities(next((int(one["context_length"]) for one in mine), None))


def _ask_lmstudio(endpoint: Endpoint, root: str, model: str) -> Abilities:
    told = _get(endpoint, f"{root}/api/v0/models/{model}", _WINDOW_S)
    window = int(told.get("loaded_context_length") or told["max_context_length"])
    return Abilities(window, {"vlm": True, "llm": False}.get(told.get("type", "")))


def _ask_vllm(endpoint: Endpoint, root: str, model: str) -> Abilities:
    told = _get(endpoint, f"{root}/v1/models", _WINDOW_S)
    mine = (one for one in told["data"] if one["id"] == model)
    return Abilities(next((int(one["max_model_len"]) for one in mine), None))


TELL_WHO_SEES = ("llamacpp", "lmstudio")
_ASK = {"ollama": _ask_ollama, "lmstudio": _ask_lmstudio, "vllm": _ask_vllm}


def hint(endpoint: Endpoint) -> str:
    """What to do if nobody answers at an endpoint."""
    from scrubber.live.providers.transport import is_loopback

    if endpoint.file:
        return " The program that runs the file has ended; trying again starts it anew."
    if is_loopback(endpoint.url):
        return f" Is {endpoint.title} running?"
    return " Is there a connection to the network?"


def _get(endpoint: Endpoint, url: str, seconds: float) -> JSON:
    """The JSON at an address of the endpoint; a ProviderError says why there is none."""
    import httpx2

    from scrubber.live.providers.transport import plain_client

    key = keys.key_of(endpoint)
    headers = api_of(endpoint).headers(key.value if key else None, b"")
    try:
        with plain_client(url, seconds) as http:
            answer = http.get(url, headers=headers)
            return _json_of(endpoint, answer)
    except httpx2.HTTPError as error:
        words = one_line(str(error)) or type(error).__name__
        raise ProviderError(
            f"Nobody answers at {endpoint.url} ({words}).{hint(endpoint)}"
        ) from None


def _json_of(endpoint: Endpoint, answer: httpx2.Response) -> JSON:
    if answer.status_code in (401, 403):
        how = keys.how_to_give(endpoint)
        raise ProviderError(f"{endpoint.title} refuses without a key, or this one: {how}")
    if not answer.is_success:
        raise ProviderError(f"{endpoint.title} answers {answer.status_code} at {answer.url}")
    try:
        return answer.json()
    except ValueError:
        raise ProviderError(f"{endpoint.title} answers what is no JSON at {answer.url}") from None
