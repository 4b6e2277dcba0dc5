"""A model behind an endpoint, as a provider of replies."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import aclosing
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Origin
from scrubber.live import keys, prices
from scrubber.live.errors import ProviderError
from scrubber.live.forecasting import Forecaster, SentBodies
from scrubber.live.parts import Ended, Grew, Replied
from scrubber.live.providers import local, servers
from scrubber.live.providers.apis import api_of
from scrubber.live.providers.servers import Abilities
from scrubber.live.providers.waiting import aside

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scrubber.live.endpoints import Endpoint
    from scrubber.live.parts import Part
    from scrubber.live.provider import Forecast, Request

_SENT = SentBodies()
"""Of the whole process: what one branch has sent, the provider still holds for its siblings."""

_FORECASTS = 8
"""Bodies whose forecast is kept until it is asked for."""


class ModelProvider:
    """Asks an endpoint's models; one may serve many branches, in any event loop."""

    origin = Origin.RESAMPLED
    plays_user = False

    def __init__(self, endpoint: Endpoint, model: str = "") -> None:
        """``model``: asked for where a branch names none."""
        self.name = endpoint.name
        self.endpoint = endpoint
        self._model = model or endpoint.model
        self._api = api_of(endpoint)
        self._forecaster = Forecaster(endpoint, _SENT)
        self._abilities: dict[str, Abilities] = {}
        self._forecasts: OrderedDict[bytes, Forecast] = OrderedDict()

    def body(self, request: Request) -> bytes:
        """The request as it goes out; may ask a server for its model, and what that can do."""
        if not request.params.model and not self._model:
            self._model = servers.only_model(self.endpoint)
        request = self._named(request)
        body = self._api.body(request)
        # Both take as long as the conversation is, and only this is called beside the event loop.
        self._forecasts[body] = self._forecast(request, body)
        while len(self._forecasts) > _FORECASTS:
            self._forecasts.popitem(last=False)
        return body

    def objections(self, request: Request) -> list[str]:
        """What the API cannot take of it."""
        return self._api.objections(self._named(request))

    def forecast(self, request: Request, body: bytes) -> Forecast:
        """What sending it would use."""
        known = self._forecasts.get(body)
        return known or self._forecast(self._named(request), body)

    def _forecast(self, request: Request, body: bytes) -> Forecast:
        window = self.abilities(request.params.model).window
        return self._forecaster.forecast(request, body, window)

    def abilities(self, model: str) -> Abilities:
        """What a model can do; asks a server on this machine, once."""
        if self.endpoint.file:
            return Abilities(local.window_of(self.endpoint), sees=False)
        if model not in self._abilities:
            known = prices.window_of(self.endpoint, model)
            wants_asking = known is None or self.endpoint.kind in servers.TELL_WHO_SEES
            told = servers.abilities_of(self.endpoint, model) if wants_asking else Abilities()
            self._abilities[model] = replace(told, window=known or told.window)
        return self._abilities[model]

    def takes_pictures(self, request: Request) -> bool | None:
        """What a server of one's own says of its model; of others nothing is known."""
        return self.abilities(self._named(request).params.model).sees

    def is_mid_reply(self, session: str) -> bool:
        """Never: a model begins anew."""
        return False

    async def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        """The reply, as it comes in."""
        model = self._named(request).params.model
        _SENT.note(self.name, model, body)
        async with aclosing(self.send(body, model)) as parts:
            async for part in parts:
                yield part

    async def send(self, body: bytes, model: str) -> AsyncGenerator[Part]:
        """Sends a body, whatever it is; gives the reply."""
        received = False
        base, key = await aside(self._reach)
        lib = await aside(self._load)
        headers = self._api.headers(key.value if key else None, body)
        posting = lib.Posting(self._api.address(base), body, headers, self.endpoint.patience)
        asked = lib.Asked(
            self.endpoint.title,
            base,
            model,
            key.origin if key else keys.how_to_give(self.endpoint),
            (key.value,) if key else (),
            servers.hint(self.endpoint),
        )
        try:
            async with aclosing(lib.exchange(self._api, posting, model, asked)) as parts:
                async for part in parts:
                    received = received or isinstance(part, (Grew, Ended))
                    yield self._priced(part, model)
        except ProviderError as error:
            # What has come would come twice.
            error.retryable = error.retryable and not received
            raise

    def _reach(self) -> tuple[str, keys.Key | None]:
        """(base address, key); starts the server of a file. A ProviderError if there is no key."""
        if self.endpoint.file:
            server = local.server_of(self.endpoint)
            return server.url, server.key
        key = keys.key_of(self.endpoint)
        if key is None and self.endpoint.needs_key:
            how = keys.how_to_give(self.endpoint)
            raise ProviderError(f"{self.endpoint.title} wants a key: {how}")
        if key is not None and not key.is_sound:
            raise ProviderError(f"the key in {key.origin} has spaces or odd characters in it")
        return self.endpoint.url, key

    def _load(self) -> Any:
        self._api.load()
        return import_module("scrubber.live.providers.exchange")

    def _priced(self, part: Part, model: str) -> Part:
        if not isinstance(part, Replied) or part.usage is None:
            return part
        return replace(part, usage=prices.priced(part.usage, self.endpoint, model))

    def _named(self, request: Request) -> Request:
        """The request with a model."""
        if request.params.model or not self._model:
            return request
        return replace(request, params=replace(request.params, model=self._model))
