"""Sessions as large as real agents make them: each opened, scrubbed, forked, searched, exported."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, TypeVar

import orjson

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.measuring import Result, Size, microseconds
from tests.bench.sessions import long_session, many_sessions
from tests.bench.shown import longest_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

T = TypeVar("T")


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    share = size.source_bytes / 120_000_000
    yield from large_file(folder, int(200_000_000 * share), int(3_000_000 * share))
    yield from many_forks(folder, max(int(10_000 * share), 20), size)
    yield from many_agents(folder, max(int(1_000 * share), 5), size)
    yield from full_store(folder, size)


def large_file(folder: Path, size: int, line: int) -> Iterator[Result]:
    """One file of 200 MB, in which some lines are of 3 MB."""
    source = corpus.write(folder / "large.jsonl", size // 2, seed="large")
    _add_long_lines(source, size // 2, line)
    name = f"file of {source.stat().st_size / 1e6:,.0f} MB with lines of {line / 1e6:.1f} MB"
    with open_store(folder / "large.db") as store:
        (found,), spent = _timed(lambda: store.import_paths([source]))
        yield Result(f"{name}: import", spent, "s")
        yield from everything(store, str(found.session), name, 100)
    yield from longest_turns(store.path, str(found.session), name)


def many_forks(folder: Path, forks: int, size: Size) -> Iterator[Result]:
    """A session with ten thousand forks."""
    store, session = long_session(folder, size.events[0])
    name, random = f"session with {forks:,} forks", Random(7)
    with store:
        places = [random.randrange(1, size.events[0]) for _ in range(forks)]
        half, most = microseconds(lambda n: store.store.fork(session, places[n], title=""), forks)
        yield Result(f"{name}: each fork, p50", half, "us")
        yield Result(f"{name}: each fork, p99", most, "us")
        _, spent = _timed(lambda: store.children(session))
        yield Result(f"{name}: its forks listed", spent * 1000, "ms")
        yield from everything(store, session, name, 100)
    yield from longest_turns(store.path, session, name)


def many_agents(folder: Path, agents: int, size: Size) -> Iterator[Result]:
    """A session that started a thousand sub-agents, each with a file of its own."""
    home = folder / "agents"
    session = corpus.Session("main", 0.05)
    lines = []
    for number in range(agents):
        lines += _agent(home / session.id / "subagents", session, number)
    home.mkdir(parents=True, exist_ok=True)
    main = home / f"{session.id}.jsonl"
    main.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    name = f"session with {agents:,} sub-agents"
    with open_store(folder / "agents.db") as store:
        results, spent = _timed(lambda: store.import_paths([home]))
        yield Result(f"{name}: import", spent, "s")
        (root,) = store.roots()
        children, spent = _timed(lambda: store.children(root.id))
        assert len(children) == agents, (len(children), len(results))
        yield Result(f"{name}: its sub-agents listed", spent * 1000, "ms")
        yield from everything(store, root.id, name, 100)
    yield from longest_turns(store.path, root.id, name)


def full_store(folder: Path, size: Size) -> Iterator[Result]:
    """One of very many sessions; they are indexed, as they are a while after their import."""
    path, count = many_sessions(folder, size)
    name = f"one of {count:,} sessions"
    with open_store(path) as store:
        _, spent = _timed(store.update_index)
        yield Result(f"{name}: all indexed", spent, "s")
        (session, *_), spent = _timed(store.roots)
        yield Result(f"{name}: all listed", spent, "s")
        yield from everything(store, session.id, name, 2)


def everything(store: OpenStore, session: str, name: str, count: int) -> Iterator[Result]:
    """All that is done with a session, in seconds and milliseconds."""
    length, random = store.session(session).events, Random(11)
    _, spent = _timed(lambda: (store.track(session), store.events(session, max(length - 100, 0))))
    yield Result(f"{name}: opened", spent * 1000, "ms")
    places = [random.randrange(length) for _ in range(count)]

    def scrub(number: int) -> None:
        at = places[number]
        for event in store.events(session, max(at - 10, 0), at):
            store.content(event)

    _, most = microseconds(scrub, count)
    yield Result(f"{name}: ten events and their content, p99", most / 1000, "ms")
    _, spent = _timed(lambda: store.fork(session, length // 2))
    yield Result(f"{name}: forked, with its lint", spent * 1000, "ms")
    _, spent = _timed(lambda: list(store.search("etaoin")))
    yield Result(f"{name}: searched", spent * 1000, "ms")
    size, spent = _timed(lambda: sum(map(len, store.export(session))))
    yield Result(f"{name}: exported as a snapshot", spent, "s", floor=f"{size / 1e6:,.1f} MB")


def _add_long_lines(source: Path, size: int, line: int) -> None:
    records = corpus.Session("long lines").records()
    with source.open("ab") as stream:
        written = 0
        while written < size:
            record = next(records)
            if record["type"] == "user":
                record["toolUseResult"] = {"stdout": "0123456789abcde\n" * (line // 16)}
            written += stream.write(orjson.dumps(record) + b"\n")


def _agent(folder: Path, session: corpus.Session, number: int) -> list[corpus.Record]:
    """The call that starts a sub-agent and its result; writes the agent's own file."""
    folder.mkdir(parents=True, exist_ok=True)
    agent, call = f"{number:08x}", f"toolu_{number:020}"
    inner = corpus.Session(f"agent {number}", 0.05)
    records = inner.records()
    with (folder / f"agent-{agent}.jsonl").open("wb") as stream:
        for _ in range(12):
            record = {**next(records), "isSidechain": True, "agentId": agent}
            stream.write(orjson.dumps({**record, "sessionId": session.id}) + b"\n")
    block = {"type": "tool_use", "id": call, "name": "Task", "input": {"prompt": f"go {number}"}}
    asked = session.reply(block, session.message())
    told = {"tool_use_id": call, "type": "tool_result", "content": "done"}
    answer = session.record(
        "user", message={"role": "user", "content": [told]}, toolUseResult={"agentId": agent}
    )
    return [asked, answer]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    before = time.perf_counter()
    done = work()
    return done, time.perf_counter() - before
