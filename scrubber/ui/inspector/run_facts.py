"""What a run has noted about itself: the request, what it used, how it ended; as rows to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.ages import bytes_text
from scrubber.core.events import Kind, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.content import Content
    from scrubber.core.events import Event

Row = tuple[str, str, bool]
"""Label, value, and whether the value is an alarm."""

_TITLES = {
    Kind.MODEL_CALL: "Request",
    Kind.USAGE: "Reply",
    Kind.TURN_END: "Run",
    Kind.ERROR: "Failure",
}
_LOOK_BACK = 200
_FAR_OFF = 0.25
"""From this share on, a forecast that was wrong is marked."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A title and rows."""

    title: str
    rows: tuple[Row, ...]


def run_facts(store: OpenStore, session: str, event: Event, content: Content) -> RunFacts | None:
    """The facts of an event that a run has written about itself; None for any other."""
    if event.kind not in _TITLES or event.origin is not Origin.SYNTHETIC:
        return None
    facts = _value(content)
    if event.kind is Kind.MODEL_CALL:
        rows = _request(facts)
    elif event.kind is Kind.USAGE:
        rows = _reply(facts, _forecast_of(store, session, event))
    else:
        rows = _told(facts)
    return RunFacts(_TITLES[event.kind], tuple(rows))


def _value(content: Content) -> dict[str, Any]:
    return content.detail if isinstance(content.detail, dict) else {}


def _request(facts: dict[str, Any]) -> Iterator[Row]:
    yield "Provider", str(facts.get("provider", "—")), False
    params = facts.get("params")
    if isinstance(params, dict):
        words = ", ".join(f"{key} {value}" for key, value in params.items())
        yield "Parameters", words or "the provider's own", False
    yield "SHA-256", str(facts.get("sha256") or "—"), False
    yield "Size", bytes_text(int(facts.get("bytes") or 0)), False
    yield "Messages", f"{int(facts.get('messages') or 0):,}", False
    tools = facts.get("tools")
    yield "Tools", ", ".join(map(str, tools)) if isinstance(tools, list) else "none", False
    forecast = facts.get("forecast")
    if isinstance(forecast, dict):
        yield "Forecast", _forecast_words(forecast), False
    kept = "kept whole: see the record" if facts.get("body") else "not kept, only its hash"
    yield "Body", kept, False


def _forecast_words(forecast: dict[str, Any]) -> str:
    words = [f"{int(forecast.get('tokens') or 0):,} tokens in"]
    if forecast.get("cached"):
        words.append(f"{int(forecast['cached']):,} cached")
    if forecast.get("cost_micros") is not None:
        words.append(f"${forecast['cost_micros'] / 1e6:,.4f}")
    return ", ".join(words)


def _reply(facts: dict[str, Any], forecast: int | None) -> Iterator[Row]:
    yield "Model", str(facts.get("model") or "—"), False
    yield "Ended by", str(facts.get("stop") or "—").replace("_", " "), False
    if facts.get("response_id"):
        yield "Response", str(facts["response_id"]), False
    if isinstance(facts.get("seconds"), int | float):
        first = facts.get("first_seconds")
        words = f"{facts['seconds']:.2f} s"
        yield "Took", f"{words}, first word after {first:.2f} s" if first else words, False
    usage = facts.get("usage")
    prompt = int(usage.get("context") or 0) if isinstance(usage, dict) else 0
    if prompt and forecast:
        off = (prompt - forecast) / forecast
        yield "Forecast", f"{forecast:,} tokens in; it was {off:+.0%}", abs(off) > _FAR_OFF


def _forecast_of(store: OpenStore, session: str, event: Event) -> int | None:
    """What the request before this reply was expected to use."""
    before = store.events(session, max(0, event.index - _LOOK_BACK), event.index)
    call = next((one for one in reversed(before) if one.kind is Kind.MODEL_CALL), None)
    if call is None or call.origin is not Origin.SYNTHETIC:
        return None
    forecast = _value(store.content(call)).get("forecast")
    return int(forecast["tokens"]) if isinstance(forecast, dict) else None


def _told(facts: dict[str, Any]) -> Iterator[Row]:
    for key, value in facts.items():
        words = f"{value:,}" if _is_number(value) else str(value)
        yield key.capitalize().replace("_", " "), words, key == "error"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
