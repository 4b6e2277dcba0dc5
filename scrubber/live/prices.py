"""What models cost and hold, from a table that comes with the program; nothing is looked up online.

Prices are those of genai-prices. What it does not know is None, never 0: a model of the user's
own may cost electricity, a new one money.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.events import Usage
    from scrubber.live.endpoints import Endpoint

_NO_TOKENS = (0, 0, 0, 0)


def priced(usage: Usage, endpoint: Endpoint, model: str) -> Usage:
    """The usage with its cost, where that is known."""
    return replace(usage, cost_micros=cost_micros(usage, endpoint, model))


def cost_micros(usage: Usage, endpoint: Endpoint, model: str) -> int | None:
    """Millionths of a US dollar that the tokens cost; None where the price is unknown."""
    parts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    found = _look_up(endpoint.kind, endpoint.url, model, parts)
    return found[0] if found is not None else None


def recorded_cost(usage: Usage, model: str | None) -> int | None:
    """What recorded tokens cost: as recorded, or else by the model's own prices.

    Whose prices those are, the model's name tells; None where it does not, or nobody knows.
    """
    if usage.cost_micros is not None or not model:
        return usage.cost_micros
    parts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    name = _known(model)
    if name is None:
        return None
    billed = [(part, rate) for part, rate in zip(parts, _rates(name), strict=True) if part]
    if all(rate is not None for _, rate in billed):
        return round(sum(part * rate for part, rate in billed if rate is not None))
    found = _look_up("", "", name, parts)
    return found[0] if found is not None else None


def recorded_window(model: str | None) -> int | None:
    """Tokens that a recorded model can hold; None where unknown."""
    name = _known(model) if model else None
    found = _look_up("", "", name, _NO_TOKENS) if name else None
    return found[1] if found is not None else None


@lru_cache(maxsize=256)
def _known(model: str) -> str | None:
    """The name by which the table knows a model; ``provider/model`` is told in front of it too."""
    names = (model, model.rpartition("/")[2])
    return next((name for name in names if _look_up("", "", name, _NO_TOKENS)), None)


@lru_cache(maxsize=256)
def _rates(model: str) -> tuple[float | None, ...]:
    """Micros a token: fresh, read, written, output; None where that depends on their number.

    Looking each answer of a long session up would take longer than reading it.
    """
    from decimal import Decimal

    from genai_prices import Usage as Billed
    from genai_prices import calc_price

    price = calc_price(Billed(), model).model_price
    kinds = (price.input_mtok, price.cache_read_mtok, price.cache_write_mtok, price.output_mtok)
    return tuple(float(rate) if isinstance(rate, Decimal) else None for rate in kinds)


def window_of(endpoint: Endpoint, model: str) -> int | None:
    """Tokens that a model can hold; None where unknown."""
    if endpoint.window is not None:
        return endpoint.window
    found = _look_up(endpoint.kind, endpoint.url, model, _NO_TOKENS)
    return found[1] if found is not None else None


@lru_cache(maxsize=1024)
def _look_up(
    kind: str, url: str, model: str, parts: tuple[int, int, int, int]
) -> tuple[int, int | None] | None:
    """(price in micros, window)."""
    from genai_prices import Usage as Billed
    from genai_prices import calc_price

    fresh, read, write, output = parts
    billed = Billed(
        input_tokens=fresh + read + write,
        cache_read_tokens=read,
        cache_write_tokens=write,
        output_tokens=output,
    )
    where: dict[str, Any] = {"provider_api_url": url} if url else {}
    if kind in ("openai", "anthropic"):
        where = {"provider_id": kind}
    elif not url:
        where = {}
    try:
        found = calc_price(billed, model, **where)
    except LookupError:
        return None
    return round(found.total_price * 1_000_000), found.model.context_window
