"""The lines of a snapshot that tell what is at work on its sessions, written and taken back.

- ``blob``: ``[sha256, base64]``: bytes that checkpoints name.
- ``landmark``: ``[log, seq, kind, id, value]``: what an event stands for: a ``frame`` that opens, a
  ``checkpoint``.
- ``work``: ``session``, and if it has them ``state: [state, since, reason]``, ``tasks``, ``spent:
  [[at, source, model, input, cache_read, cache_write, output, reasoning, cost_micros], …]``,
  ``life``: ``kind``, and if a runtime knows them ``agent``, ``label``, ``task``, ``run``,
  ``finished``, ``branched_at``, ``skills: [name, …]``, ``facts: {…}``.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Any

from scrubber.core.hashing import sha256
from scrubber.store import kept_work, landmarks, sessions
from scrubber.transfer.snapshots import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrubber.store import Store
    from scrubber.store.restoring import Restored, Restorer

_LANDMARK = dict(enumerate(((int,), (int,), (str,), (str,), (dict,))))
_VALUES: dict[str, dict[str, tuple[type, ...]]] = {
    landmarks.FRAME: {"session": (str,), "reason": (str,)},
    landmarks.CHECKPOINT: {"ref": (str,), "blobs": (list,)},
}
_STATE = dict(enumerate(((str,), (int,), (str,))))
_STATES = ("active", "paused", "completed", "error")
_TASK = {"id": (str,), "content": (str,)}
_SPENT = dict(enumerate(((int,), (str,), (str,), *((int,),) * 5, (int, NoneType))))

_LIFE = {
    **dict.fromkeys(("kind", "agent", "label", "task", "run"), (str,)),
    **dict.fromkeys(("finished", "branched_at"), (int,)),
    "skills": (list,),
    "facts": (dict,),
}

Line = tuple[str, Any]
"""The key of a line, and its value."""


def of_log(store: Store, log: int, length: int, told: set[str]) -> Iterator[Line]:
    """The landmarks of a log's first events, each behind its blobs; ``told``: blobs so far."""
    connection = store.connections.get()
    for landmark in kept_work.of_log(connection, log, length):
        for digest in landmark[4].get("blobs", ()):
            if digest not in told:
                data = landmarks.blob(connection, digest)
                yield "blob", [digest, base64.b64encode(data).decode()]
                told.add(digest)
        yield "landmark", landmark


def of_session(store: Store, session: str) -> Iterator[Line]:
    """What is said of a session, if anything is."""
    connection = store.connections.get()
    found = kept_work.of_session(connection, sessions.find(connection, session, trashed=True))
    if found:
        yield "work", {"session": session, **found}


@dataclass(slots=True)
class WorkLines:
    """What was read of such lines; everything is looked at before anything is put in place."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    landmarks: list[list[Any]] = field(default_factory=list)
    work: dict[str, dict[str, Any]] = field(default_factory=dict)

    def blob(self, value: list[Any]) -> None:
        """Take the line of a blob."""
        check(value, {0: (str,), 1: (str,)})
        data = base64.b64decode(value[1], validate=True)
        if sha256(data).hexdigest() != value[0]:
            raise ValueError(f"blob {value[0]} has another hash")
        self.blobs[value[0]] = data

    def landmark(self, value: list[Any], lengths: Mapping[int, int]) -> None:
        """Take the line of a landmark."""
        log, seq, kind, _, facts = check(value, _LANDMARK)
        if not 0 <= seq < lengths[log]:
            raise ValueError(f"a landmark on event {seq} of log {log}, which is not there")
        check(facts, _VALUES[kind])
        if missing := set(facts.get("blobs", ())) - self.blobs.keys():
            raise ValueError(f"a checkpoint without its blob {sorted(missing)[0]}")
        self.landmarks.append(value)

    def session(self, value: dict[str, Any]) -> None:
        """Take the line of a session's work."""
        check(value, {"session": (str,)})
        if "state" in value and check(value["state"], _STATE)[0] not in _STATES:
            raise ValueError(f"{value['state'][0]!r} is no state")
        for task in value.get("tasks", ()):
            check(task, _TASK)
        for spent in value.get("spent", ()):
            check(spent, _SPENT)
        if "life" in value:
            _check_life(value["life"])
        self.work[value["session"]] = value

    def restore(self, restorer: Restorer, named: dict[str, Restored], logs: dict[int, int]) -> None:
        """Put it in place; ``named``: the snapshot's sessions, and what became of them."""
        restorer.blobs(self.blobs.values())
        restorer.landmarks(self.landmarks, logs)
        for session, found in self.work.items():
            if session in named and named[session][1] == "new":
                restorer.work(named[session][0], found)


def _check_life(value: dict[str, Any]) -> None:
    if not isinstance(value, dict) or not value.keys() <= _LIFE.keys():
        raise ValueError("a life is not as it must be")
    check(value, {"kind": (str,), **{key: _LIFE[key] for key in value}})
    skills = value.get("skills", [])
    check(skills, dict.fromkeys(range(len(skills)), (str,)))
