"""What a provider is: something that gives the next reply of a conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scrubber.core.running import Params

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scrubber.core.content import JSON
    from scrubber.core.events import Origin
    from scrubber.core.messages import Message
    from scrubber.core.transcript import Transcript
    from scrubber.live.parts import Part


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as a model is told of it."""

    name: str
    description: str
    schema: JSON
    """JSON Schema of its arguments."""
    definition: JSON = None
    """The definition as the recording has it, whatever its shape; None if there is none."""


@dataclass(frozen=True, slots=True)
class Request:
    """The context at the head of a branch, before it takes the shape of an API.

    ``messages`` are those of ``transcript`` that the model sees, in order, system prompts
    included; compactions and rewinds are honoured, every call but the last message's has its
    result. ``transcript`` gives the record behind each event, for what must go out verbatim.
    """

    session: str
    transcript: Transcript
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    params: Params = field(default_factory=Params)

    @property
    def continues_reply(self) -> bool:
        """Whether the last message is the model's own: it goes on with it (*prefill*)."""
        return bool(self.messages) and self.messages[-1].role.label == "assistant"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a request would use, before it is sent."""

    tokens: int
    """Of the prompt."""
    cached: int = 0
    """Of these, what the provider has seen before and probably still holds."""
    cost_micros: int | None = None
    """Of the prompt, in millionths of a US dollar; None where the price is unknown."""
    window: int | None = None
    """Tokens that the model can hold, None where unknown."""
    is_estimate: bool = True
    """False where the number is one that a provider gave for this very prompt."""


class Provider(Protocol):
    """Gives replies. Stateless but for its connection; one may serve many branches at once."""

    name: str
    """As on the command line and in the store: ``replay``, ``openai``, ``anthropic``, …"""
    origin: Origin
    """How the events that it gives come to be."""
    plays_user: bool
    """Whether it gives what the user said too, so that a run goes on behind the model's turn."""

    def body(self, request: Request) -> bytes:
        """The request as it would be sent, byte for byte; empty where nothing is sent.

        A ProviderError says why the conversation cannot be sent so.
        """
        ...

    def objections(self, request: Request) -> list[str]:
        """What this provider cannot do with the request, in sentences; told before sending."""
        ...

    def takes_pictures(self, request: Request) -> bool | None:
        """Whether the model takes pictures, None where nothing tells; may ask a server."""
        ...

    def forecast(self, request: Request, body: bytes) -> Forecast:
        """What sending it would use."""
        ...

    def is_mid_reply(self, session: str) -> bool:
        """Whether it can complete the reply that the branch ends in the middle of.

        Then it is asked before the calls of that reply are answered. Models cannot.
        """
        ...

    def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        """The reply, as it comes in. Closing the iterator ends the request at once.

        A ProviderError says what failed; parts that ended before stay valid.
        """
        ...
