"""The rules of the APIs for a conversation, as their documentation and their errors tell them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

Body = dict[str, Any]


def anthropic_faults(body: Body) -> list[str]:
    """What Anthropic's API would refuse of a request."""
    faults: list[str] = []
    said: list[Body] = body["messages"]
    if said and said[0]["role"] != "user":
        faults.append("does not begin with the user")
    if any(one["role"] == other["role"] for one, other in pairwise(said)):
        faults.append("two messages of one role in a row")
    seen: set[str] = set()
    for number, message in enumerate(said):
        blocks = _blocks(message)
        if not blocks:
            faults.append(f"{number}: empty")
        calls = [b["id"] for b in blocks if b["type"] == "tool_use"]
        results = [b["tool_use_id"] for b in blocks if b["type"] == "tool_result"]
        before = _blocks(said[number - 1]) if number else []
        asked = [b["id"] for b in before if b["type"] == "tool_use"]
        if set(results) != set(asked) and (results or number < len(said)):
            faults.append(f"{number}: results {results} for calls {asked}")
        if len(results) != len(set(results)):
            faults.append(f"{number}: two results for a call")
        if seen & set(calls):
            faults.append(f"{number}: a call's id again")
        seen |= set(calls)
        kinds = [b["type"] for b in blocks]
        if "tool_result" in kinds[len(results) :]:
            faults.append(f"{number}: results behind something else")
        if any(b["type"] == "text" and not b["text"].strip() for b in blocks):
            faults.append(f"{number}: blank text")
        if any(b["type"] == "thinking" and not b.get("signature") for b in blocks):
            faults.append(f"{number}: reasoning without a seal")
        if any(b["type"] == "tool_use" and not isinstance(b["input"], dict) for b in blocks):
            faults.append(f"{number}: input is no object")
    return faults


def _blocks(message: Body) -> list[Body]:
    content = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    assert isinstance(content, list)
    return content


def openai_faults(body: Body) -> list[str]:
    """What OpenAI's API would refuse of a request."""
    faults: list[str] = []
    waiting: set[str] = set()
    for number, message in enumerate(body["messages"]):
        role = message["role"]
        if waiting and role != "tool":
            faults.append(f"{number}: {len(waiting)} calls without a result")
            waiting = set()
        if role == "tool":
            if message["tool_call_id"] not in waiting:
                faults.append(f"{number}: a result for no call")
            waiting.discard(message["tool_call_id"])
            if isinstance(message["content"], list):
                kinds = {part["type"] for part in message["content"]}
                if kinds - {"text"}:
                    faults.append(f"{number}: {kinds} in a result")
        elif role == "assistant":
            waiting = {call["id"] for call in message.get("tool_calls") or []}
            if message.get("content") is None and not waiting:
                faults.append(f"{number}: says nothing")
            if any(not isinstance(c["function"]["arguments"], str) for c in _calls(message)):
                faults.append(f"{number}: arguments are no text")
        elif not isinstance(message.get("content"), (str, list)):
            faults.append(f"{number}: no content")
    return faults


def _calls(message: Body) -> list[Body]:
    return message.get("tool_calls") or []
