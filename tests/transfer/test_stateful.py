"""Random work on a store, against a model of plain lists."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scrubber.api import open_store
from scrubber.core.events import Draft, Kind, Origin, Role
from tests.bench import corpus
from tests.transfer.comparing import source_bytes


@dataclass
class Model:
    """What a session should be."""

    raws: list[bytes]
    title: str
    file: int | None = None
    parent: str | None = None
    trashed: int | None = None
    added_to: bool = False


@dataclass
class File:
    """A transcript file, written on by its agent."""

    seed: str
    lines: list[bytes] = field(default_factory=list)
    versions: int = 0

    def grow(self, count: int) -> None:
        self.lines = corpus.lines(self.seed, len(self.lines) + count, scale=0.01)

    def rewrite(self, count: int) -> None:
        self.versions += 1
        self.seed, self.lines = f"{self.seed}.{self.versions}", []
        self.grow(count)


some = st.integers(1, 40)
picks = st.integers(0, 2**16)


class Work(RuleBasedStateMachine):
    """Imports, forks, additions, deletions; and all sessions are as they should be."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store(self.folder / "store.db")
        self.files: list[File] = []
        self.sessions: dict[str, Model] = {}
        self.stamps = 0

    def teardown(self) -> None:
        assert list(self.store.verify()) == []
        self.store.close()
        shutil.rmtree(self.folder)

    def pick(self, number: int) -> tuple[str, Model]:
        here = [(name, one) for name, one in self.sessions.items() if one.trashed is None]
        return here[number % len(here)]

    def any_session(self) -> bool:
        return any(one.trashed is None for one in self.sessions.values())

    def below(self, name: str) -> list[str]:
        found = [n for n, one in self.sessions.items() if one.parent == name]
        return found + [deeper for n in found for deeper in self.below(n)]

    def read_file(self, number: int) -> str:
        """Import a file; gives what became of it."""
        path = self.folder / f"{number}.jsonl"
        path.write_bytes(b"".join(self.files[number].lines))
        (result,) = self.store.import_paths([path])
        name = str(result.session)
        lines = self.files[number].lines
        model = self.sessions.get(name)
        if model is None:
            self.sessions[name] = Model(list(lines), result.title, number)
        elif result.status == "rewritten":
            model.raws, model.added_to = list(lines), False
        else:
            known = sum(raw in lines for raw in model.raws)
            model.raws += lines[known:]
            self.bring_back(name)
        self.sessions[name].title = result.title
        if result.status == "rewritten":
            self.bring_back(name)
        return result.status

    def bring_back(self, name: str) -> None:
        stamp = self.sessions[name].trashed
        if stamp is None:
            return
        for one in [name, *self.below(name)]:
            if self.sessions[one].trashed == stamp:
                self.sessions[one].trashed = None
        above = self.sessions[name].parent
        while above is not None:
            self.sessions[above].trashed = None
            above = self.sessions[above].parent

    @rule(count=some)
    def new_file(self, count: int) -> None:
        self.files.append(File(f"file {len(self.files)}"))
        self.files[-1].grow(count)
        assert self.read_file(len(self.files) - 1) == "new"

    @precondition(lambda self: self.files)
    @rule(number=picks, count=st.integers(0, 20))
    def extend(self, number: int, count: int) -> None:
        number %= len(self.files)
        self.files[number].grow(count)
        assert self.read_file(number) in ("extended", "unchanged", "new")

    @precondition(lambda self: self.files)
    @rule(number=picks, count=some)
    def rewrite(self, number: int, count: int) -> None:
        number %= len(self.files)
        self.files[number].rewrite(count)
        assert self.read_file(number) in ("rewritten", "new")

    @precondition(any_session)
    @rule(number=picks, part=st.floats(0, 1))
    def fork(self, number: int, part: float) -> None:
        name, model = self.pick(number)
        at = round(part * len(model.raws))
        child = self.store.fork(name, at, title=f"fork at {at}").session
        self.sessions[child.id] = Model(
            model.raws[:at], f"fork at {at}", parent=name, added_to=model.added_to
        )

    @precondition(any_session)
    @rule(number=picks, count=st.integers(0, 3))
    def append(self, number: int, count: int) -> None:
        name, model = self.pick(number)
        raws = [b"%d %d\n" % (len(model.raws), n) for n in range(count)]
        drafts = [
            Draft(Kind.MESSAGE, raw.decode().strip(), Role.USER, origin=Origin.TYPED)
            for raw in raws
        ]
        self.store.store.append(name, list(zip(raws, drafts, strict=True)))
        model.raws += raws
        model.added_to |= bool(raws)

    @precondition(any_session)
    @rule(number=picks, title=st.text("abc ", min_size=1).filter(str.strip))
    def rename(self, number: int, title: str) -> None:
        name, model = self.pick(number)
        self.store.rename(name, title)
        model.title = title.strip()

    @precondition(any_session)
    @rule(number=picks)
    def delete(self, number: int) -> None:
        name, _ = self.pick(number)
        self.stamps += 1
        doomed = [n for n in [name, *self.below(name)] if self.sessions[n].trashed is None]
        assert self.store.delete(name).removed == set(doomed)
        for one in doomed:
            self.sessions[one].trashed = self.stamps

    @precondition(lambda self: any(one.trashed for one in self.sessions.values()))
    @rule(number=picks)
    def restore(self, number: int) -> None:
        away = [name for name, one in self.sessions.items() if one.trashed]
        name = away[number % len(away)]
        self.store.restore(name)
        self.bring_back(name)

    @rule()
    def purge(self) -> None:
        self.store.purge()
        self.sessions = {name: one for name, one in self.sessions.items() if not one.trashed}

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.folder / "store.db")

    @invariant()
    def sessions_are_as_they_should_be(self) -> None:
        wanted = {name: one for name, one in self.sessions.items() if one.trashed is None}
        found = {session.id: session for session in self.store.sessions()}
        assert set(found) == set(wanted)
        for name, model in wanted.items():
            events = self.store.events(name)
            assert [self.store.raw(event) for event in events] == model.raws
            assert [event.index for event in events] == list(range(len(events)))
            assert (found[name].title, found[name].parent) == (model.title, model.parent)
            at = random.randint(0, len(events))
            sums = self.store.totals(name, at)
            assert (sums.events, sums.messages) == (at, sum(e.opens_message for e in events[:at]))
            assert sums.errors == sum(event.is_error for event in events[:at])
            assert sums.tokens == sum(e.usage.total for e in events[:at] if e.usage)
            assert len(self.store.track(name)) == len(events)
            if model.file is not None and not model.added_to:
                assert source_bytes(self.store, name) == b"".join(self.files[model.file].lines)


TestWork = Work.TestCase
TestWork.settings = settings(max_examples=15, stateful_step_count=25)
