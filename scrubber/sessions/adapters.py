"""Where sessions can be saved: in memory, in a folder, in a store."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import orjson

from scrubber.core.errors import StoreError
from scrubber.sessions.persistence import (
    Envelope,
    PersistenceError,
    checked_id,
)
from scrubber.transfer.exporting import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.sessions.facade import Sessions


class MemoryAdapter:
    """Keeps envelopes as long as the program runs."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def save(self, id: str, envelope: Envelope) -> None:
        """Keep a copy."""
        name, data = checked_id(id), _dump(id, envelope)
        with self._lock:
            self._kept[name] = data

    def load(self, id: str) -> Envelope | None:
        """A copy of what is kept."""
        with self._lock:
            data = self._kept.get(checked_id(id))
        return None if data is None else Envelope.from_json(orjson.loads(data), id)

    def list(self) -> list[str]:
        """The ids, sorted."""
        with self._lock:
            return sorted(self._kept)


class FolderAdapter:
    """Keeps each session in a file ``<uuid>.json``, as fluers does; its files are fluers' own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, id: str, envelope: Envelope) -> None:
        """Write the file, in the place of the one before, whole or not at all."""
        name, data = checked_id(id), _dump(id, envelope)
        try:
            write_file(iter([data]), self._folder / f"{name}.json", overwrite=True)
        except OSError as error:
            raise PersistenceError(f"persistence error: {error}") from error

    def load(self, id: str) -> Envelope | None:
        """Read the file."""
        path = self._folder / f"{checked_id(id)}.json"
        try:
            return Envelope.from_json(orjson.loads(path.read_bytes()), id)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PersistenceError(f"persistence error: {error}") from error
        except orjson.JSONDecodeError as error:
            raise PersistenceError(f"persistence error: {path}: {error}") from error

    def passed_over(self) -> tuple[str, ...]:
        """The names of the files that have no id that is a UUID, sorted."""
        return tuple(sorted(path.name for path in self._files() if not _is_id(path.stem)))

    def _files(self) -> Iterator[Path]:
        try:
            yield from self._folder.glob("*.json")
        except OSError as error:
            raise PersistenceError(f"persistence error: {error}") from error

    def list(self) -> list[str]:
        """The ids of the files, sorted."""
        return sorted(path.stem for path in self._files() if _is_id(path.stem))


class StoreAdapter:
    """Keeps sessions in a store: what two envelopes begin with is the same events, saved once."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def save(self, id: str, envelope: Envelope) -> None:
        """Give the session what the envelope holds, in one transaction; it is made if need be."""
        _dump(id, envelope)
        with _translated():
            self._sessions.put_envelope(checked_id(id), envelope)

    def load(self, id: str) -> Envelope | None:
        """What the session holds, whoever made it."""
        name = checked_id(id)
        with _translated():
            return self._sessions.envelope(name) if self._sessions.exists(name) else None

    def list(self) -> list[str]:
        """The ids of the runtimes' sessions, sorted."""
        with _translated():
            listed = self._sessions.list(limit=None)
        return sorted(one.session.id for one in listed if _is_id(one.session.id))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise PersistenceError(f"persistence error: {error}") from error


def _dump(id: str, envelope: Envelope) -> bytes:
    try:
        value = envelope.as_json()
        Envelope.from_json(value, id)
        return orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except (TypeError, ValueError) as error:
        raise PersistenceError(f"persistence error: `{id}`: {error}") from error


def _is_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
