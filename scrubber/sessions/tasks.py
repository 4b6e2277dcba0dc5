"""The tasks of a session, with what each waits for: after a3s-code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from scrubber.core.errors import BadArgumentError
from scrubber.store import sessions
from scrubber.store import states as rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrubber.store import Store


class TaskStatus(StrEnum):
    """How far a task is."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """Which of several ready tasks comes first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_OVER = (TaskStatus.COMPLETED, TaskStatus.SKIPPED)
"""What lets a task begin that waits for it; one that failed or was cancelled does not."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done."""

    id: str
    content: str
    status: TaskStatus = TaskStatus.PENDING
    priority: Priority = Priority.MEDIUM
    tool: str | None = None
    dependencies: tuple[str, ...] = ()
    """Ids of the tasks that must be over before it can begin."""
    success_criteria: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The task as a3s-code writes it; what it does not have is left out."""
        found: dict[str, Any] = {
            "id": self.id,
            "content": self.content,
            "status": str(self.status),
            "priority": str(self.priority),
        }
        if self.tool is not None:
            found["tool"] = self.tool
        if self.dependencies:
            found["dependencies"] = list(self.dependencies)
        if self.success_criteria is not None:
            found["success_criteria"] = self.success_criteria
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """A task from JSON; ``description`` stands for ``content``. BadArgumentError: bad value."""
        content = value.get("content", value.get("description"))
        if not isinstance(value.get("id"), str) or not isinstance(content, str):
            raise BadArgumentError(f"a task needs an id and a content: {dict(value)!r}")
        try:
            status = TaskStatus(value.get("status", "pending"))
            priority = Priority(value.get("priority", "medium"))
        except ValueError as error:
            raise BadArgumentError(f"task {value['id']}: {error}") from error
        needs = tuple(map(str, value.get("dependencies") or ()))
        return cls(
            value["id"], content, status, priority, value.get("tool"), needs,
            value.get("success_criteria"),
        )  # fmt: skip


def parse(value: Mapping[str, Any]) -> list[Task]:
    """The tasks of a saved session: its ``tasks``, or ``todos``."""
    return [Task.from_json(one) for one in value.get("tasks", value.get("todos")) or ()]


def tasks(store: Store, session: str) -> list[Task]:
    """The tasks of a session, in their order."""
    connection = store.connections.get()
    found = rows.tasks(connection, sessions.find(connection, session))
    return [Task.from_json(one) for one in found]


def set_tasks(store: Store, session: str, wanted: Sequence[Task]) -> None:
    """Give a session just these tasks.

    BadArgumentError: two with one id, one that waits for a task that there is not, or a circle.
    """
    check(wanted)
    with store.connections.write() as connection:
        pk = sessions.find(connection, session)
        rows.put_tasks(connection, pk, [one.as_json() for one in wanted])


def set_status(store: Store, session: str, task: str, status: TaskStatus) -> Task:
    """Say how far a task is; gives it. BadArgumentError: no such task, or it cannot begin yet."""
    with store.connections.write():
        found = tasks(store, session)
        number = next((n for n, one in enumerate(found) if one.id == task), None)
        if number is None:
            raise BadArgumentError(f"session {session} has no task {task!r}")
        waits = waits_for(found, found[number])
        if waits and status in (TaskStatus.IN_PROGRESS, TaskStatus.COMPLETED):
            raise BadArgumentError(f"task {task} waits for {', '.join(waits)}")
        found[number] = replace(found[number], status=status)
        set_tasks(store, session, found)
        return found[number]


def ready(found: Sequence[Task]) -> list[Task]:
    """The tasks that can begin: pending, and all that they wait for is over; the urgent first."""
    able = [one for one in found if one.status is TaskStatus.PENDING and not waits_for(found, one)]
    return sorted(able, key=lambda one: list(Priority).index(one.priority))


def waits_for(found: Sequence[Task], task: Task) -> list[str]:
    """Ids of the tasks that a task waits for and that are not over."""
    over = {one.id for one in found if one.status in _OVER}
    return [id for id in task.dependencies if id not in over]


def check(found: Sequence[Task]) -> None:
    """A BadArgumentError unless ids are unique and what tasks wait for is there and no circle."""
    ids = [one.id for one in found]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise BadArgumentError(f"two tasks have the id {sorted(twice)[0]!r}")
    for one in found:
        if unknown := set(one.dependencies) - set(ids):
            raise BadArgumentError(f"task {one.id} waits for {sorted(unknown)[0]!r}, which is none")
    left = {one.id: set(one.dependencies) for one in found}
    while free := [id for id, needs in left.items() if not needs & left.keys()]:
        for id in free:
            del left[id]
    if left:
        raise BadArgumentError(f"tasks wait for each other: {', '.join(sorted(left))}")
