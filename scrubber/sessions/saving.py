"""Saving sessions as files of a3s-code's store, and restoring them: ``<folder>/<id>.json``.

The messages are written by the format (``formats.a3s``): those that a model is told, so that what a
summary stands for does not come back to it. What only the store knows is put in here:
state, tasks, context usage, costs. Restoring brings all of that back, and leaves the rest of the
object (``config``, tools, …) in the session's records, to be written again as it was; a3s-code's
own restoring forgets id, config and tools.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError, FormatError, UnknownSessionError
from scrubber.formats.a3s.shapes import check_id, is_safe
from scrubber.formats.a3s.writer import session_of
from scrubber.formats.document_writing import pretty
from scrubber.sessions import budget, states, tasks
from scrubber.sessions.sliced import SlicedTranscript
from scrubber.sessions.view import told_only
from scrubber.transfer.exporting import write_file
from scrubber.transfer.importing import import_paths

if TYPE_CHECKING:
    import os

    from scrubber.store import Store

_STATES = {"Active": "active", "Paused": "paused", "Completed": "completed", "Error": "error"}
_WORDS = {state: word for word, state in _STATES.items()}


def as_document(store: Store, session: str) -> dict[str, Any]:
    """The object that a3s-code keeps of a session; times in seconds since 1970."""
    found = store.session(session)
    whole = SlicedTranscript(store, found, store.slices(found.id))
    document = session_of(told_only(whole))
    standing = states.standing(store, found.id)
    is_its_own = found.source is not None  # of a fork, the document is that of its source
    if standing.since is not None or not is_its_own or "state" not in document:
        document["state"] = _WORDS[standing.state]
    if (wanted := tasks.tasks(store, found.id)) and wanted != _tasks_of(document):
        document.pop("todos", None)
        document["tasks"] = [one.as_json() for one in wanted]
    return document if found.format == "a3s" else _with_costs(store, found.id, document)


def _tasks_of(document: dict[str, Any]) -> list[tasks.Task] | None:
    """The tasks as they stand in the object, None if they are none: files hold what they like."""
    try:
        return tasks.parse(document)
    except (BadArgumentError, AttributeError, TypeError):
        return None


def _with_costs(store: Store, session: str, document: dict[str, Any]) -> dict[str, Any]:
    usage, costs = budget.context_usage(store, session), budget.costs(store, session)
    return {
        **document,
        "context_usage": {
            "used_tokens": usage.used_tokens,
            "max_tokens": usage.max_tokens,
            "percent": usage.percent,
            "turns": len(document["messages"]),
        },
        "total_cost": costs.total_usd,
        "cost_records": [one.as_json() for one in costs.records],
    }


def save(store: Store, session: str, folder: str | os.PathLike[str]) -> Path:
    """Write a session into a folder, whole or not at all, in the place of what was there.

    BadArgumentError: its id is not safe as the name of a file.
    """
    document = as_document(store, session)
    path = Path(folder) / f"{check_id(str(document['id']))}.json"
    write_file(iter([pretty(document)]), path, overwrite=True)
    return path


def saved(folder: str | os.PathLike[str]) -> list[str]:
    """The ids of the sessions in a folder, sorted: the names of its ``.json`` files."""
    return sorted(path.stem for path in Path(folder).glob("*.json") if is_safe(path.stem))


def restore(store: Store, folder: str | os.PathLike[str], id: str) -> str:
    """Bring a session into the store that was saved in a folder; gives its id here.

    It can be found by the id that it had (``native_id``), too. Its state and its tasks are as they
    were saved. Restoring it again takes what has changed in the file. UnknownSessionError: there is
    no such file. FormatError: it is no session; the store is as it was.
    """
    path = Path(folder) / f"{check_id(id)}.json"
    if not path.is_file():
        raise UnknownSessionError(f"{path}: no session is saved here")
    document = _read(path)
    (result,) = import_paths(store, [path], "a3s")
    if result.session is None:
        raise FormatError(f"{path}: {'; '.join(str(one) for one in result.warnings)}")
    tasks.set_tasks(store, result.session, tasks.parse(document))
    _put_state(store, result.session, _STATES[document["state"]])
    return result.session


def _read(path: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{path}, line {error.lineno}: {error.msg}") from error
    if not isinstance(document, dict) or not isinstance(document.get("messages"), list):
        raise FormatError(f"{path}: no session of a3s-code: it has no list of messages")
    state = document.setdefault("state", "Active")
    if state == "Unknown":
        document["state"] = "Active"
    elif state not in _STATES:
        raise FormatError(f"{path}: {state!r} is no state: {', '.join(_STATES)}")
    try:
        tasks.check(tasks.parse(document))
    except BadArgumentError as error:
        raise FormatError(f"{path}: {error}") from error
    return document


def _put_state(store: Store, session: str, state: str) -> None:
    if states.standing(store, session).state != state:
        states.put(store, session, states.State(state))
