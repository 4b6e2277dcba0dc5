"""The graph and the queue against naive models: lists of lists, driven by hypothesis."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from scrubber.api import open_store
from scrubber.sessions.heads import Commit
from scrubber.sessions.nodes import ROOT
from scrubber.sessions.queue import inputs, work
from scrubber.sessions.queue.inputs import ActiveTurn, Boundary
from scrubber.sessions.queue.work import MERGE_NEVER, MERGE_PAYLOAD, Delivery, Slot
from tests.sessions.made import add, texts

EVERYTHING = bool(os.environ.get("SCRUBBER_TEST_EVERYTHING"))
FEW = settings(
    max_examples=300 if EVERYTHING else 20,
    stateful_step_count=40 if EVERYTHING else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class WithStore(RuleBasedStateMachine):
    """A store of its own for each run; opened twice, as two programs have it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "store.db"
        self.store, self.other = open_store(path), open_store(path)
        self.runtime = self.store.runtime

    def teardown(self) -> None:
        self.store.close()
        self.other.close()
        self._folder.cleanup()


class Graphs(WithStore):
    """Sessions as lists of words, and every list that each has ever been."""

    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.now: dict[str, list[str]] = {}
        self.ever: dict[str, list[list[str]]] = {}
        self.words = 0

    def is_now(self, session: str, path: list[str]) -> None:
        self.now[session] = path
        self.ever.setdefault(session, []).append(list(path))

    @rule(target=sessions)
    def open(self) -> str:
        session = self.runtime.open()
        self.is_now(session, [])
        return session

    @rule(session=sessions, count=st.integers(1, 4), other=st.booleans())
    def say(self, session: str, count: int, other: bool) -> None:
        fresh = [f"w{self.words + n}" for n in range(count)]
        self.words += count
        add(self.other if other else self.store, session, *fresh)
        self.is_now(session, [*self.now[session], *fresh])

    @rule(session=sessions, data=st.data())
    def branch(self, session: str, data: Any) -> None:
        graph = self.runtime.graph(session)
        known = [node.id for _, node in graph.message_tree()]
        target = data.draw(st.sampled_from([None, *known]))
        graph.branch_to(target)
        path = [graph.node(id).event.text for id in graph.path_ids()]
        assert path in [one[: len(path)] for one in self.ever[session]]
        graph.commit_leaf()
        self.is_now(session, path)

    @rule(session=sessions, data=st.data(), word=st.sampled_from("xyz"))
    def edit(self, session: str, data: Any, word: str) -> None:
        length = len(self.now[session])
        if not length:
            return
        at = data.draw(st.integers(0, length - 1))
        before = self.now[session]
        donor = self.runtime.open()
        self.is_now(donor, [])
        self.words += 1
        text = f"{word}{self.words}"
        self.store.store.replace(session, at, at + 1, _records(text))
        self.is_now(session, [*before[:at], text, *before[at + 1 :]])

    @rule(target=sessions, session=sessions, data=st.data())
    def fork(self, session: str, data: Any) -> str:
        at = data.draw(st.integers(0, len(self.now[session])))
        child = self.other.fork(session, at).session.id
        self.is_now(child, self.now[session][:at])
        return child

    @rule(target=sessions, session=sessions, data=st.data())
    def fork_path(self, session: str, data: Any) -> str:
        graph = self.runtime.graph(session)
        graph.branch_to(data.draw(st.sampled_from([None, *(n.id for n in graph.leaves())])))
        path = [graph.node(id).event.text for id in graph.path_ids()]
        child = graph.fork_current_path().id
        self.is_now(child, path)
        return child

    @invariant()
    def sessions_are_their_lists(self) -> None:
        for session, path in self.now.items():
            assert texts(self.other, session) == path

    @invariant()
    def graphs_are_tries_of_all_that_was(self) -> None:
        for session, ever in self.ever.items():
            graph = self.runtime.graph(session)
            prefixes = {tuple(path[:n]) for path in ever for n in range(1, len(path) + 1)}
            assert len(graph) == len(prefixes)
            ids = [node.id for _, node in graph.message_tree()]
            assert len(ids) == len(set(ids)) == len(prefixes)
            for id in ids:
                place = graph.tree.place(id)
                assert graph.tree.id(place) == id
                above = graph.tree.parent(place)
                assert graph.tree.depth(above) == graph.tree.depth(place) - 1
                assert place in graph.tree.children(above)
            assert graph.tree.depth(ROOT) == 0

    def teardown(self) -> None:
        assert list(self.store.verify()) == []
        super().teardown()


def _records(text: str) -> list[Any]:
    from scrubber.formats import own
    from tests.sessions.made import said

    draft, content = said(text)
    return [(own.encode(draft, content), draft)]


TestGraphs = Graphs.TestCase
TestGraphs.settings = FEW


class Queues(WithStore):
    """The inputs and the work of one session as two lists; its lease may change hands."""

    waiting = Bundle("waiting")

    def __init__(self) -> None:
        super().__init__()
        self.session = self.runtime.open("s")
        self.lease = self.runtime.lease("s")
        self.inputs: list[list[Any]] = []  # [id, text, for the running turn?, boundary, state]
        self.work: list[list[Any]] = []  # [id, kind, join?, later?, claimed?, command?]
        self.done = 0

    @rule(target=waiting, active=st.booleans(), late=st.booleans(), other=st.booleans())
    def say(self, active: bool, late: bool, other: bool) -> str:
        text = f"i{len(self.inputs)}"
        boundary = Boundary.BEFORE_COMPLETION if late else Boundary.AFTER_WORK
        ingress = ActiveTurn(min_boundary=boundary) if active else None
        runtime = (self.other if other else self.store).runtime
        id = runtime.say("s", text, ingress).id
        self.inputs.append([id, text, active, late, "pending" if active else "deferred"])
        return id

    @rule(id=consumes(waiting))
    def cancel(self, id: str) -> None:
        one = next(one for one in self.inputs if one[0] == id)
        outcome = str(self.runtime.unsay("s", id)[id])
        expected = {
            "pending": "cancelled",
            "deferred": "cancelled",
            "accepted": "already_claimed",
            "left behind": "already_claimed",
            "completed": "already_completed",
            "cancelled": "already_cancelled",
        }
        assert outcome == expected[one[4]]
        if outcome == "cancelled":
            one[4] = "cancelled"

    @rule(where=st.sampled_from(["begin", "after", "before"]))
    def take(self, where: str) -> None:
        for one in self.inputs:
            one[4] = "deferred" if one[4] == "left behind" else one[4]
        if where == "begin":
            due = [one for one in self.inputs if one[4] == "deferred"]
        else:
            due = [o for o in self.inputs if o[4] == "pending" and (where == "before" or not o[3])]
        boundary = {"begin": None, "after": Boundary.AFTER_WORK}.get(
            where, Boundary.BEFORE_COMPLETION
        )
        taken = inputs.take(self.store.store, self.lease, boundary)
        assert [one.id for one in taken] == [one[0] for one in due]
        for one in due:
            one[4] = "accepted"

    @rule()
    def commit(self) -> None:
        accepted = [one for one in self.inputs if one[4] == "accepted"]
        self.done += 1
        what = Commit(f"c{self.done}", inputs=tuple(one[0] for one in accepted))
        self.runtime.commit("s", what, lease=self.lease)
        for one in accepted:
            one[4] = "completed"

    @rule()
    def another_holder(self) -> None:
        """The holder of the lease dies, and another one takes over."""
        self.store.store.release(self.lease)
        self.lease = self.other.runtime.lease("s")
        for batch in self.work:
            batch[4] = False
        for one in self.inputs:
            one[4] = "left behind" if one[4] == "accepted" else one[4]

    @rule(kind=st.sampled_from("ab"), join=st.booleans(), later=st.booleans(), never=st.booleans())
    def enqueue(self, kind: str, join: bool, later: bool, never: bool) -> None:
        id = self.runtime.enqueue(
            "s",
            [{"kind": kind}],
            slot=Slot.JOIN if join else Slot.EXCLUSIVE,
            delivery=Delivery.AFTER_CURRENT_TURN_COMMIT
            if later
            else Delivery.EARLIEST_SAFE_BOUNDARY,
            merge=MERGE_NEVER if never else MERGE_PAYLOAD,
        ).id
        self.work.append([id, kind, join and not never, later, False, False])

    @rule()
    def ask(self) -> None:
        self.done += 1
        id = self.runtime.command("s", "reset_session", f"k{self.done}").id
        self.work.append([id, "command", False, True, False, True])

    @rule(in_turn=st.booleans(), finish=st.booleans())
    def do(self, in_turn: bool, finish: bool) -> None:
        due = [] if any(one[4] for one in self.work) else self.due(in_turn)
        claim = work.claim(self.store.store, self.lease, in_turn=in_turn)
        assert [one.id for one in (claim.batches if claim else ())] == [one[0] for one in due]
        if claim is None:
            return
        for one in due:
            one[4] = True
        if finish:
            self.done += 1
            self.runtime.commit("s", Commit(f"c{self.done}", work=(claim.id,)), lease=self.lease)
            self.work = [one for one in self.work if one not in due]
        else:
            work.give_back(self.store.store, self.lease, claim)
            for one in due:
                one[4] = False

    def due(self, in_turn: bool) -> list[list[Any]]:
        line: list[list[Any]] = []
        for one in self.work:
            if one[5] and (in_turn or line):
                break
            if in_turn and one[3]:
                continue
            line.append(one)
            if one[5]:
                break
        alike: list[list[Any]] = []
        for one in line:
            if alike and not (one[2] and alike[0][2] and one[1:4] == alike[0][1:4]):
                break
            alike.append(one)
        return alike

    @invariant()
    def what_waits_is_what_should(self) -> None:
        words = {
            "pending": "pending_active",
            "deferred": "deferred_next_turn",
            "left behind": "accepted",
        }
        found = [(one.id, one.state) for one in self.other.runtime.inputs("s")]
        assert found == [(one[0], words.get(one[4], one[4])) for one in self.inputs]
        queued = [one.id for one in self.other.runtime.queued("s")]
        assert queued == [one[0] for one in self.work]


TestQueues = Queues.TestCase
TestQueues.settings = FEW
