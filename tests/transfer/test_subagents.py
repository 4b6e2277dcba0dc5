"""Sub-agents hang below the call that started them, whichever file is read first."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.transfer.comparing import everything, import_one

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore

SESSION = "5e551000-0000-4000-8000-000000000001"
AGENT = "a1b2c3"


def record(number: int, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"role": kind, "content": content}
    if kind == "assistant":
        message["id"] = f"msg{number}"
    return {
        "parentUuid": f"u{number - 1}" if number % 100 else None,
        "isSidechain": False,
        "sessionId": SESSION,
        "type": kind,
        "message": message,
        "uuid": f"u{number}",
        "timestamp": f"2026-03-01T10:00:{number % 60:02}Z",
        **more,
    }


def called() -> list[dict[str, Any]]:
    task = {"description": "count the fish", "prompt": "How many fish?"}
    block = {"type": "tool_use", "id": "t1", "name": "Task", "input": task}
    return [record(0, "user", "hello"), record(1, "assistant", [block])]


def answered(**more: Any) -> list[dict[str, Any]]:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": "7"}
    end = [{"type": "text", "text": "seven"}]
    return [record(2, "user", [block], **more), record(3, "assistant", end)]


def helper(**more: Any) -> list[dict[str, Any]]:
    return [
        record(100, "user", "How many fish?", isSidechain=True, **more),
        record(101, "assistant", [{"type": "text", "text": "7"}], isSidechain=True, **more),
    ]


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


TOLD = {"toolUseResult": {"agentId": AGENT, "status": "completed", "totalTokens": 5}}


def below_the_session(folder: Path) -> list[Path]:
    """As version 2.1 does."""
    main = write(folder / f"{SESSION}.jsonl", called() + answered(**TOLD))
    agent = folder / SESSION / "subagents" / f"agent-{AGENT}.jsonl"
    return [main, write(agent, helper(agentId=AGENT))]


def beside_the_session(folder: Path) -> list[Path]:
    """As version 2.0 did."""
    main = write(folder / f"{SESSION}.jsonl", called() + answered(**TOLD))
    return [main, write(folder / f"agent-{AGENT}.jsonl", helper(agentId=AGENT))]


def within_the_session(folder: Path) -> list[Path]:
    """As version 1.0 did."""
    return [write(folder / f"{SESSION}.jsonl", called() + helper() + answered())]


LAYOUTS = [below_the_session, beside_the_session, within_the_session]


def check(store: OpenStore) -> None:
    (main,) = store.roots()
    (agent,) = store.children(main.id)
    assert (agent.relation, agent.forked_at, agent.title) == ("subagent", 1, "count the fish")
    assert [e.text for e in store.events(agent.id)] == ["How many fish?", "7"]
    (span,) = store.track(main.id).spans
    assert (span.start, span.session, span.title) == (1, agent.id, "count the fish")
    assert span.stop == 3


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_every_layout_in_either_order(store, tmp_path, layout, order):
    files = layout(tmp_path / "project")
    import_one(store, *(files[n] for n in order if n < len(files)))
    check(store)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_whole_folder(store, other, tmp_path, layout):
    files = layout(tmp_path / "project")
    import_one(store, tmp_path / "project")
    import_one(other, *files)
    check(store)
    assert everything(store) == everything(other)


def test_a_helper_that_is_read_before_its_call_is_answered(store, tmp_path):
    main, agent = below_the_session(tmp_path / "project")
    whole = main.read_bytes()
    write(main, called())
    import_one(store, main, agent)
    assert store.roots()[0].children == 1
    main.write_bytes(whole)
    import_one(store, main)
    check(store)


def test_a_helper_finds_its_place_in_a_rewritten_session(store, tmp_path):
    main, agent = below_the_session(tmp_path / "project")
    import_one(store, main, agent)
    former = main.read_text()
    main.write_text(json.dumps(record(50, "user", "first of all")) + "\n" + former)
    import_one(store, main)
    (session,) = store.roots()
    (child,) = store.children(session.id)
    assert child.forked_at == 2


def test_helpers_whose_session_is_missing_stand_by_themselves(store, tmp_path):
    _, agent = below_the_session(tmp_path / "project")
    (result,) = import_one(store, agent)
    assert [s.id for s in store.roots()] == [result.session]


def test_sessions_that_name_each_other_do_not_vanish(store, tmp_path):
    """Made up by somebody who means no good, or by a copied file."""
    one = write(tmp_path / "agent-x.jsonl", [{**r, "sessionId": "y"} for r in helper(agentId="x")])
    two = write(tmp_path / "agent-y.jsonl", [{**r, "sessionId": "x"} for r in helper(agentId="y")])
    import_one(store, one, two)
    assert len(store.roots()) == 1
    assert len(store.dependents(store.roots()[0].id)) == 1
