"""Forking: as it is, with an event edited, with another system prompt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scrubber.api.part import Part
from scrubber.core.describe import fork_title
from scrubber.core.lint import Lint, Repair
from scrubber.core.session import Changes
from scrubber.transfer import editing, linting

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.session import Session
    from scrubber.transfer.editing import Edit


@dataclass(frozen=True, slots=True)
class Fork:
    """A new fork: the session, what was wrong with the cut, and what changed in the store."""

    session: Session
    lint: Lint
    changes: Changes


class Forking(Part):
    """New sessions that share a prefix."""

    def lint(self, session: str, at: int) -> Lint:
        """What is wrong with a cut, and how it can be repaired; changes nothing."""
        return linting.lint_cut(self.store, self.store.session(session), at)

    def fork(
        self,
        session: str,
        at: int,
        *,
        title: str = "",
        note: str = "",
        repair: Repair | str = Repair.NONE,
        expected_revision: int | None = None,
        key: str | None = None,
    ) -> Fork:
        """Fork a session: a new one that shares its first ``at`` events.

        ``repair`` says what to do if the cut is not closed: ``none`` keeps it as it is, ``snap``
        moves it back to the last closed point, ``interrupt`` answers open calls with a result
        marked as made up. The source never changes. ConflictError: see Store.fork.
        """
        repair = linting.parse_repair(repair)
        source = self.store.session(session)
        verdict = linting.lint_cut(self.store, source, at)
        index = verdict.snap_to if repair is Repair.SNAP else at
        last = linting.last_spoken(self.store, source, index)

        def work() -> str:
            child, _ = self.store.fork(
                source.id,
                index,
                title=title or fork_title(index, last),
                note=note,
                expected_revision=expected_revision,
            )
            if repair is Repair.INTERRUPT:
                self.store.append(child.id, linting.closing_results(verdict))
            return child.id

        request = json.dumps(["fork", source.id, at, title, note, repair])
        child = self.store.session(self.store.once(key, request, work))
        changes = Changes(added=frozenset({child.id}), changed=frozenset({source.id}))
        return Fork(child, verdict, changes)

    def fork_edited(
        self,
        session: str,
        index: int,
        edit: Edit,
        *,
        keep_following: bool = False,
        title: str = "",
        note: str = "",
        key: str | None = None,
    ) -> Fork:
        """Fork a session with its event ``index`` (from 0) edited; the session stays as it is.

        ``keep_following``: what comes after the event is shared too; without it the fork ends with
        the edited event.
        """
        return self._edited(
            [
                "edit",
                self.store.session(session).id,
                index,
                asdict(edit),
                keep_following,
                title,
                note,
            ],
            key,
            lambda one: editing.fork_edited(
                self.store, one, index, edit, keep_following, title, note
            ),
        )

    def fork_with_system(
        self,
        session: str,
        text: str,
        *,
        keep_following: bool = True,
        title: str = "",
        note: str = "",
        key: str | None = None,
    ) -> Fork:
        """Fork a session with another system prompt, or with one where its source has none."""
        return self._edited(
            ["system", self.store.session(session).id, text, keep_following, title, note],
            key,
            lambda one: editing.fork_with_system(
                self.store, one, text, keep_following, title, note
            ),
        )

    def _edited(self, request: list[Any], key: str | None, work: Callable[[str], str]) -> Fork:
        source = str(request[1])
        child = self.store.session(self.store.once(key, json.dumps(request), lambda: work(source)))
        verdict = linting.lint_cut(self.store, child, child.events)
        changes = Changes(added=frozenset({child.id}), changed=frozenset({source}))
        return Fork(child, verdict, changes)
