"""Requests as they went over the wire: their messages repeat, and are told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.inspect_ai.context import Conversation, Pool, Told, ranges
from scrubber.formats.inspect_ai.samples import Fields, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.content import JSON
    from scrubber.formats.inspect_ai.attachments import Attachments

_KEYS = ("messages", "contents", "input", "inputs")
_POOLED = ("call_refs", "call_key")


class Wire:
    """Takes the messages out of the requests of one sample."""

    def __init__(self, pool: Sequence[JSON], attachments: Attachments) -> None:
        self._sent_before = pool
        self._attachments = attachments
        self._pool = Pool()

    def told(self, talk: Conversation, event: Fields) -> Iterator[dict[str, Any]]:
        """Records of what is new in the request of a model event, which then refers to them."""
        call = event.get("call")
        request = call.get("request") if isinstance(call, dict) else None
        if not isinstance(call, dict) or not isinstance(request, dict):
            return
        key = str(call.get("call_key") or next((k for k in _KEYS if k in request), "messages"))
        sent = self._sent(call, request.get(key))
        for one in sent:
            if self._pool.is_first(one):
                record = {"inspect": "call", "log": talk.log, "number": one.number}
                yield record | {"message": one.message["sent"]}
        if sent:
            put = {key: {"$calls": ranges(one.number for one in sent)}}
            rest = {name: one for name, one in call.items() if name not in _POOLED}
            event["call"] = rest | {"request": request | put}

    def _sent(self, call: Fields, given: JSON) -> list[Told]:
        sent = given if isinstance(given, list) else []
        pooled = expand(call.get("call_refs"), self._sent_before)
        sent = sent or [self._attachments.resolve(message) for _, message in pooled]
        return [self._pool.enter({"sent": message}) for message in sent]
