"""What is looked up in, or taken out of, the events and fields of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.formats.inspect_ai.samples import Fields


def begins_scoring(event: Fields) -> bool:
    """Whether what follows is no part of the conversation any more."""
    begins = event.get("event") == "span_begin" or event.get("action") == "begin"
    return begins and event.get("type") in ("scorers", "scorer")


def said_by(event: Fields) -> JSON:
    """The message that a model event gave, None if it gave none; it is the model's, of course."""
    output = event.get("output")
    choices = output.get("choices") if isinstance(output, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    return {"role": "assistant"} | message if isinstance(message, dict) else None


def referring(output: Fields, number: int) -> Fields:
    """The output of a model event, its message told by another record."""
    first, *others = output["choices"]
    return output | {"choices": [first | {"message": {"$message": number}}, *others]}


def emptied(event: Fields) -> Fields:
    """The event of a tool without those that happened in it."""
    return event | {"events": []} if event.get("events") else event


def without_events(end: Fields) -> Fields:
    """What stands at the end of a sample; the events of attempts are told before."""
    retries = end.get("error_retries")
    if not isinstance(retries, list):
        return end
    kept = [emptied(retry) if isinstance(retry, dict) else retry for retry in retries]
    return end | {"error_retries": kept}
