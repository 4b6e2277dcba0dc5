"""Real sessions: what is sent at the end of an unedited fork is what their sources recorded.

The expected messages are read from the files by the plain code below, not by the formats. What
differs is stated exactly; docs/live/wire.md has the reasons.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.api import OpenStore, open_store
from scrubber.core.events import Role
from scrubber.core.lint import INTERRUPTED
from scrubber.core.running import Params
from scrubber.live import context
from scrubber.live.wire.anthropic import ClaudeTraits, anthropic_body
from scrubber.live.wire.openai import ChatTraits, openai_body
from scrubber.transfer.exporting import StoredTranscript
from tests.live.wire.rules import anthropic_faults, openai_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.session import Session
    from scrubber.live.provider import Request

STRICT = ChatTraits(is_strict=True, reasoning=None)


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("real") / "store.db") as opened:
        opened.import_paths(
            folder for folder in sorted(shared_data.iterdir()) if folder.name != "growing"
        )
        yield opened


def asked(store: OpenStore, session: Session, at: int | None = None) -> Request:
    index = session.events if at is None else at
    told = StoredTranscript(store.store, session, index)
    return context.build(told, Params(model="m"), ()).request


def roots(store: OpenStore, format: str, least: int = 0) -> list[Session]:
    found = [s for s in store.sessions() if s.format == format and s.events >= least]
    return sorted((s for s in found if s.relation == "root"), key=lambda s: str(s.source))


# --------------------------------------------------------------------------- Claude Code


def recorded(session: Session) -> list[dict[str, Any]]:
    """The messages of a file from its last summary on, but for what the model never saw."""
    assert session.source is not None
    found: list[dict[str, Any]] = []
    seen: set[str | None] = set()
    with Path(session.source).open("rb") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if not isinstance(record, dict) or record.get("type") not in ("user", "assistant"):
                continue
            hidden = ("isApiErrorMessage", "isVisibleInTranscriptOnly", "isSidechain")
            if record.get("isCompactSummary"):
                found = []
            elif any(record.get(key) for key in hidden) or record.get("uuid") in seen:
                continue
            seen.add(record.get("uuid"))
            found.append(record["message"])
    return found


def parts(messages: list[dict[str, Any]], role: str, results: bool = False) -> list[str]:
    """The blocks of one role in order, as JSON; of the user's, either the results or the rest."""
    found = []
    for message in messages:
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if message["role"] != role:
            continue
        for block in blocks or []:
            if (block["type"] == "tool_result") is results and not _is_blank(block):
                found.append(json.dumps(block))
    return found


def _is_blank(block: dict[str, Any]) -> bool:
    return block["type"] == "text" and not block["text"].strip()


def without_made_up(results: list[str]) -> list[str]:
    return [one for one in results if INTERRUPTED not in one]


def test_ten_sessions_of_claude_code_and_more(store):
    """Calls that nothing answers are answered as interrupted, results of no call are left out."""
    sessions = roots(store, "claude-code", least=100)
    assert len(sessions) >= 20
    made_up = left_out = 0
    for session in sessions:
        said = recorded(session)
        sent = json.loads(anthropic_body(asked(store, session), ClaudeTraits()))["messages"]
        assert parts(sent, "assistant") == parts(said, "assistant"), session.source
        assert parts(sent, "user") == parts(said, "user"), session.source
        ours, theirs = (parts(one, "user", results=True) for one in (sent, said))
        whole = [one for one in ours if INTERRUPTED not in one]
        assert whole == [one for one in theirs if one in set(whole)], session.source
        made_up += len(ours) - len(whole)
        left_out += len(theirs) - len(whole)
    assert (made_up, left_out) == (0, 1)


def test_whatever_the_cut_no_api_would_refuse_it(store):
    dice, tried = random.Random(1), 0
    for session in store.sessions():
        cuts = 1 if session.format == "sharegpt" else 5
        for at in {session.events, *(dice.randint(1, session.events) for _ in range(cuts - 1))}:
            if store.lint(session.id, at).open_calls:
                continue  # a run answers these before it sends anything
            request = asked(store, session, at)
            if not request.messages or request.messages[0].role is not Role.USER:
                continue
            claude = json.loads(anthropic_body(request, ClaudeTraits()))
            assert anthropic_faults(claude) == [], (session.source, at)
            assert openai_faults(json.loads(openai_body(request, STRICT))) == [], session.source
            tried += 1
    assert tried > 700


# ----------------------------------------------------------------------------- chat messages


def test_a_session_of_mini_swe_agent(store):
    (session,) = roots(store, "mini-swe-agent")
    said = json.loads(Path(str(session.source)).read_bytes())
    for traits in (STRICT, ChatTraits()):
        assert json.loads(openai_body(asked(store, session), traits))["messages"] == said


def test_what_inspect_recorded_as_sent(store):
    """Its logs hold bodies of requests; the messages of the branch begin with the same."""
    equal = 0
    for session in (one for one in store.sessions() if one.format == "inspect"):
        for messages in _recorded_requests(session):
            body = json.loads(openai_body(asked(store, session), STRICT))
            equal += body["messages"][: len(messages)] == messages
    assert equal == 3, "the two gradings, and the one whose picture was taken out, are others"


def _recorded_requests(session: Session) -> Iterator[list[Any]]:
    path = Path(str(session.source))
    if path.suffix != ".json":
        return
    log = json.loads(path.read_bytes())
    for sample in log.get("samples") or () if isinstance(log, dict) else ():
        parts = sample.get("attachments") or {}
        for event in sample.get("events") or ():
            call = event.get("call") if event.get("event") == "model" else None
            if call and "messages" in call["request"] and session.title.endswith("epoch 1"):
                yield _attached(call["request"]["messages"], parts)


def _attached(value: Any, parts: dict[str, str]) -> Any:
    """A value with what Inspect keeps once, beside it, in its places."""
    if isinstance(value, str) and value.startswith("attachment://"):
        return parts[value.removeprefix("attachment://")]
    if isinstance(value, list):
        return [_attached(item, parts) for item in value]
    if isinstance(value, dict):
        return {key: _attached(item, parts) for key, item in value.items()}
    return value


def test_conversations_with_tools_of_sharegpt(store):
    """Their file has values in the place of texts, and calls without ids; what is said is equal.

    Where one result stands for several calls, the others are answered as interrupted.
    """
    sessions = [s for s in roots(store, "sharegpt") if "reason_tool_use" in str(s.source)]
    lines = Path(str(sessions[0].source)).read_bytes().splitlines()
    expected = [[_said(_message(one)) for one in json.loads(line)["messages"]] for line in lines]
    sent, made_up = [], 0
    for session in sessions:
        body = json.loads(openai_body(asked(store, session), ChatTraits()))
        whole = [
            _said(message) for message in body["messages"] if message["content"] != INTERRUPTED
        ]
        made_up += len(body["messages"]) - len(whole)
        sent.append(whole)
    assert sorted(map(json.dumps, sent)) == sorted(map(json.dumps, expected))
    assert (len(sent), made_up) == (50, 6)


def _message(recorded: dict[str, Any]) -> dict[str, Any]:
    """A message of the file in the shape of the API."""
    of = {"reasoning": "", "text": ""}
    calls = []
    for block in recorded["content"]:
        if block["type"] == "tool_call":
            calls.append({"function": json.loads(block["value"])})
        else:
            of[block["type"]] += block["value"]
    return {
        "role": recorded["role"],
        "content": of["text"] or None,
        "reasoning_content": of["reasoning"],
        "tool_calls": calls,
    }


def _said(message: dict[str, Any]) -> list[Any]:
    calls = [call["function"] for call in message.get("tool_calls") or []]
    arguments = [
        json.loads(c["arguments"]) if isinstance(c["arguments"], str) else c["arguments"]
        for c in calls
    ]
    return [
        message["role"],
        message.get("content") or "",
        message.get("reasoning_content") or "",
        [[call["name"], args] for call, args in zip(calls, arguments, strict=True)],
    ]
