"""Conversations of every dialect, for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('{}[]",:\\\n<>`'), max_size=30
)
WORDS = st.text(st.sampled_from("abcxyz_-0189"), min_size=1, max_size=12)
VALUES = st.recursive(
    TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
ARGUMENTS = st.dictionaries(WORDS, VALUES, max_size=3)


@st.composite
def turns(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A conversation in no dialect: user and model in turn, calls with their results."""
    found: list[dict[str, Any]] = []
    if draw(st.booleans()):
        found.append({"who": "system", "text": draw(TEXTS.filter(str.strip))})
    calls = 0
    for _ in range(draw(st.integers(1, 3))):
        found.append({"who": "user", "text": "u" + draw(TEXTS)})
        made = []
        for _ in range(draw(st.integers(0, 3))):
            calls += 1
            made.append({"id": f"call_{calls}", "name": draw(WORDS), "input": draw(ARGUMENTS)})
        thought = draw(st.none() | TEXTS.filter(lambda text: bool(text.strip())))
        found.append({"who": "model", "text": "m" + draw(TEXTS), "calls": made, "thought": thought})
        found += [{"who": "tool", "id": call["id"], "text": "r" + draw(TEXTS)} for call in made]
    return found


def openai(conversation: list[dict[str, Any]]) -> dict[str, Any]:
    import json

    said: list[dict[str, Any]] = []
    for turn in conversation:
        if turn["who"] == "tool":
            said.append({"role": "tool", "tool_call_id": turn["id"], "content": turn["text"]})
            continue
        role = "assistant" if turn["who"] == "model" else turn["who"]
        message: dict[str, Any] = {"role": role, "content": turn["text"]}
        if turn.get("thought"):
            message["reasoning_content"] = turn["thought"]
        if turn.get("calls"):
            message["tool_calls"] = [
                {
                    "id": call["id"],
                    "type": "function",
                    "function": {"name": call["name"], "arguments": json.dumps(call["input"])},
                }
                for call in turn["calls"]
            ]
        said.append(message)
    return {"messages": said}


def anthropic(conversation: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {"messages": []}
    said = found["messages"]
    for turn in conversation:
        if turn["who"] == "system":
            found["system"] = turn["text"]
        elif turn["who"] == "tool":
            block = {"type": "tool_result", "tool_use_id": turn["id"], "content": turn["text"]}
            if said[-1]["role"] == "user":
                said[-1]["content"].append(block)
            else:
                said.append({"role": "user", "content": [block]})
        elif turn["who"] == "user":
            said.append({"role": "user", "content": [{"type": "text", "text": turn["text"]}]})
        else:
            said.append({"role": "assistant", "content": _blocks(turn)})
    return found


def _blocks(turn: dict[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if turn["thought"]:
        blocks.append({"type": "thinking", "thinking": turn["thought"], "signature": "sig"})
    blocks.append({"type": "text", "text": turn["text"]})
    return blocks + [{"type": "tool_use", **call} for call in turn["calls"]]


def sharegpt(conversation: list[dict[str, Any]]) -> dict[str, Any]:
    import json

    said: list[dict[str, Any]] = []
    names = {"system": "system", "user": "human", "tool": "observation", "model": "gpt"}
    for turn in conversation:
        text = turn["text"]
        if turn.get("thought"):
            text = f"<think>\n{turn['thought']}\n</think>\n\n{text}"
        said.append({"from": names[turn["who"]], "value": text})
        if turn.get("calls"):
            calls = [{"name": c["name"], "arguments": c["input"]} for c in turn["calls"]]
            said.append({"from": "function_call", "value": json.dumps(calls)})
    return {"conversations": said}


DIALECTS = {"messages": openai, "anthropic": anthropic, "sharegpt": sharegpt}
