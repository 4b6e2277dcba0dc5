"""Queue, state, budget, tasks of a session: lash's and a3s-code's verbs, a part of ``Sessions``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.sessions import budget, saving, states, tasks
from scrubber.sessions.base import SessionsBase
from scrubber.sessions.queue import commands, inputs, work
from scrubber.sessions.states import Standing, State
from scrubber.sessions.tasks import Task, TaskStatus

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scrubber.sessions.budget import ContextUsage, Costs
    from scrubber.sessions.heads import Committed
    from scrubber.sessions.queue.commands import Command, Handler
    from scrubber.sessions.queue.inputs import Cancelled, Ingress
    from scrubber.store.leases import Lease
    from scrubber.store.queued_work import Batch
    from scrubber.store.turn_inputs import Input


class Works(SessionsBase):
    """What waits for a session, and how it stands; ids are exact, as in all of ``Sessions``."""

    # Inputs and work (lash)

    def say(
        self,
        id: str,
        content: str | Mapping[str, Any],
        ingress: Ingress | None = None,
        *,
        source_key: str | None = None,
    ) -> Input:
        """Leave something to be said to the running turn, or (None) to the next one."""
        return inputs.enqueue(
            self.store, self._known("say", id), content, ingress, source_key=source_key
        )

    def inputs(self, id: str) -> list[Input]:
        """What was left to be said, in order, with what was said or cancelled."""
        return inputs.inputs(self.store, self._known("inputs", id))

    def unsay(self, id: str, input: str, *, and_later: bool = False) -> dict[str, Cancelled]:
        """Cancel an input, ``and_later`` all behind it too: ``{input: what came of it}``."""
        if and_later:
            return inputs.cancel_from(self.store, self._known("unsay", id), input)
        return {input: inputs.cancel(self.store, self._known("unsay", id), input)}

    def enqueue(self, id: str, items: Sequence[Mapping[str, Any]], **how: Any) -> Batch:
        """Add work for the session's turns: see ``queue.work.enqueue``."""
        return work.enqueue(self.store, self._known("enqueue", id), items, **how)

    def queued(self, id: str) -> list[Batch]:
        """The work and the commands that wait, or are being done, in order."""
        return work.queued(self.store, self._known("queued", id))

    def command(self, id: str, command: Command | str, key: str, reason: str = "") -> Batch:
        """Ask for ``refresh_tool_catalog`` or ``reset_session``, once for a key."""
        return commands.enqueue(self.store, self._known("command", id), command, key, reason)

    def drain(
        self, lease: Lease | None, handlers: Mapping[str, Handler] | None = None
    ) -> Committed | None:
        """Do the command that leads the queue, if one does: see ``queue.commands.drain``."""
        return commands.drain(self.store, lease, handlers or {})

    # State (a3s-code)

    def state(self, id: str) -> Standing:
        """Active, paused, completed or error; since when, and why."""
        return states.standing(self.store, self._known("state", id))

    def pause(self, id: str, reason: str = "") -> bool:
        """Let nothing run on the session; False unless it is active."""
        return states.pause(self.store, self._known("pause", id), reason)

    def resume(self, id: str) -> bool:
        """Let the session run again; False unless it is paused."""
        return states.resume(self.store, self._known("resume", id))

    def set_state(self, id: str, state: State | str, reason: str = "") -> bool:
        """Put the session into a state; False if it cannot go there (``pause``, ``resume``)."""
        match State(state):
            case State.PAUSED:
                return states.pause(self.store, self._known("set_state", id), reason)
            case State.ACTIVE:
                return states.resume(self.store, self._known("set_state", id))
            case State.COMPLETED:
                states.complete(self.store, self._known("set_state", id))
            case State.ERROR:
                states.fail(self.store, self._known("set_state", id), reason)
        return True

    def save(self, id: str, folder: str | os.PathLike[str]) -> Path:
        """Save the session as ``<folder>/<id>.json``, as a3s-code does; gives the file."""
        return saving.save(self.store, self._known("save", id), folder)

    def restore(self, folder: str | os.PathLike[str], id: str) -> str:
        """Bring back a session that was saved in a folder, with state and tasks; gives its id."""
        return saving.restore(self.store, folder, id)

    # Budget and tasks (a3s-code)

    def context_usage(self, id: str, max_tokens: int | None = None) -> ContextUsage:
        """How full the context is, by the last prompt; None: the window of its model."""
        return budget.context_usage(self.store, self._known("context_usage", id), max_tokens)

    def costs(self, id: str) -> Costs:
        """What each call has cost, and all together; unknown prices stay unknown."""
        return budget.costs(self.store, self._known("costs", id))

    def tasks(self, id: str) -> list[Task]:
        """The session's tasks, in order."""
        return tasks.tasks(self.store, self._known("tasks", id))

    def set_tasks(self, id: str, wanted: Sequence[Task]) -> None:
        """Give it just these tasks: ids unique, dependencies known and without a circle."""
        tasks.set_tasks(self.store, self._known("set_tasks", id), wanted)

    def set_task(self, id: str, task: str, status: TaskStatus | str) -> Task:
        """Say how far a task is; it cannot begin before what it waits for is over."""
        return tasks.set_status(self.store, self._known("set_task", id), task, TaskStatus(status))
