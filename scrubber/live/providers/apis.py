"""The two APIs that models speak: what a request of each is, and who reads its replies."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from scrubber.formats.exported import to_json
from scrubber.live.wire.anthropic import (
    MAX_TOKENS,
    ClaudeTraits,
    anthropic_body,
    drops_stale_reasoning,
)
from scrubber.live.wire.objections import anthropic_objections, openai_objections
from scrubber.live.wire.openai import ChatTraits, openai_body

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model

    from scrubber.live.endpoints import Endpoint
    from scrubber.live.provider import Request

_REPLACED = "http://replaced.invalid"
"""What the SDKs ask for; see ``transport``."""

_HELLO = [{"role": "user", "content": "Say hello in one word."}]
_VERSION = "2023-06-01"
_DROPS_STALE = "thinking-binding-controls-2026-08-01"


class Api(Protocol):
    """One API as one endpoint speaks it."""

    is_chat: bool
    """Whether it is chat completions."""

    def body(self, request: Request) -> bytes:
        """The body of a request."""
        ...

    def greeting(self, model: str) -> bytes:
        """The body of a request that costs next to nothing."""
        ...

    def objections(self, request: Request) -> list[str]:
        """What of a request it cannot take."""
        ...

    def address(self, base: str) -> str:
        """Where requests are posted to, below an endpoint's base address."""
        ...

    def headers(self, key: str | None, body: bytes) -> dict[str, str]:
        """What goes with a body, the key too."""
        ...

    def load(self) -> None:
        """Import what ``reader`` needs, which takes a second or more."""
        ...

    def reader(self, http: httpx2.AsyncClient, model: str) -> Model:
        """The library's model, which asks through this client; only its replies are ours to use."""
        ...


def api_of(endpoint: Endpoint) -> Api:
    """The API of an endpoint."""
    return ClaudeApi(endpoint) if endpoint.api == "anthropic" else ChatApi(endpoint)


_STRICT = ChatTraits(is_strict=True, reasoning=None)
_CHAT = {
    "openai": _STRICT,
    "ollama": ChatTraits(reasoning="reasoning"),
    "vllm": ChatTraits(
        reasoning="reasoning",
        extras_to_continue=(("continue_final_message", True), ("add_generation_prompt", False)),
    ),
}


def versioned(base: str) -> str:
    """A base address with the version that both APIs have in theirs, if it has no path."""
    base = base.rstrip("/")
    return base if urlsplit(base).path else f"{base}/v1"


class ChatApi:
    """OpenAI's chat completions."""

    is_chat = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._traits = _CHAT.get(endpoint.kind, ChatTraits())

    def body(self, request: Request) -> bytes:
        return openai_body(request, self._traits)

    def greeting(self, model: str) -> bytes:
        told: dict[str, Any] = {"model": model, "stream": True, "messages": _HELLO}
        return to_json(told | {"stream_options": {"include_usage": True}})

    def objections(self, request: Request) -> list[str]:
        return openai_objections(request, self._traits)

    def address(self, base: str) -> str:
        return f"{versioned(base)}/chat/completions"

    def headers(self, key: str | None, body: bytes) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"} if key else {}

    def load(self) -> None:
        import_module("pydantic_ai.models.openai")

    def reader(self, http: httpx2.AsyncClient, model: str) -> Model:
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai import OpenAIProvider

        client = AsyncOpenAI(api_key="-", base_url=_REPLACED, http_client=http, max_retries=0)
        # What a model says is kept as it said it: no joiner is taken out, no blank swallowed.
        profile = OpenAIModelProfile(
            may_tokenize_special_tokens_in_content=False,
            ignore_streamed_leading_whitespace=False,
            thinking_tags=("<think>", "</think>"),
        )
        provider = OpenAIProvider(openai_client=client)
        return OpenAIChatModel(model or "-", provider=provider, profile=profile)


class ClaudeApi:
    """Anthropic's messages."""

    is_chat = False

    def __init__(self, endpoint: Endpoint) -> None:
        self._is_claude = endpoint.kind == "anthropic"

    def body(self, request: Request) -> bytes:
        return anthropic_body(request, self._traits(request))

    def greeting(self, model: str) -> bytes:
        told = {"model": model, "max_tokens": MAX_TOKENS, "stream": True, "messages": _HELLO}
        return to_json(told)

    def objections(self, request: Request) -> list[str]:
        return anthropic_objections(request, self._traits(request))

    def address(self, base: str) -> str:
        return f"{versioned(base)}/messages"

    def headers(self, key: str | None, body: bytes) -> dict[str, str]:
        found = {"anthropic-version": _VERSION}
        if key:
            found["x-api-key"] = key
        if drops_stale_reasoning(body):
            found["anthropic-beta"] = _DROPS_STALE
        return found

    def load(self) -> None:
        import_module("pydantic_ai.models.anthropic")

    def reader(self, http: httpx2.AsyncClient, model: str) -> Model:
        from anthropic import AsyncAnthropic
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        client = AsyncAnthropic(api_key="-", base_url=_REPLACED, http_client=http, max_retries=0)
        provider = AnthropicProvider(anthropic_client=client)
        return AnthropicModel(model or "-", provider=provider)

    def _traits(self, request: Request) -> ClaudeTraits:
        return claude_traits(request.params.model) if self._is_claude else ClaudeTraits()


def claude_traits(model: str) -> ClaudeTraits:
    """What a model of Anthropic's knows, by the library's table of them."""
    from pydantic_ai.profiles.anthropic import anthropic_model_profile

    known: Any = anthropic_model_profile(model) or {}
    most = known.get("anthropic_max_output_tokens") or MAX_TOKENS
    return ClaudeTraits(
        max_tokens=most,
        adapts=known.get("anthropic_supports_adaptive_thinking", False),
        takes_effort=known.get("anthropic_supports_effort", False),
        binds_reasoning=known.get("anthropic_binds_thinking_blocks", False),
        caches=True,
    )
