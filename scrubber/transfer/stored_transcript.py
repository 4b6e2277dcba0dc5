"""A session of a store as a transcript for writers: as it is, or without secrets."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.core.events import Mark
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.notes import Note
    from scrubber.core.session import Session
    from scrubber.store import Store
    from scrubber.transfer.redacting import Redactor

_STEP = 500


class StoredTranscript:
    """A session of a store up to an index, for a writer."""

    def __init__(self, store: Store, session: Session, index: int) -> None:
        self.session = session if session.source else replace(session, source=_file(store, session))
        self.index = index
        self._store = store
        self._format_of = lru_cache(maxsize=None)(lambda source: store.source(source).format)

    def events(self) -> Iterator[Event]:
        """The events in order, some hundred of them in memory."""
        for start in range(0, self.index, _STEP):
            stop = min(start + _STEP, self.index)
            yield from self._store.events(self.session.id, start, stop)

    def content(self, event: Event) -> Content:
        """The whole content of one of them."""
        return registry.get(self.format_of(event)).content(self.raw(event), event.part)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record."""
        return self._store.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return str(self._format_of(event.source))

    def notes(self) -> list[Note]:
        """What is written on the events, in their order."""
        return self._store.notebook.within(self.session.id, 0, self.index)


class RedactedTranscript(StoredTranscript):
    """A session of a store up to an index, as if its records had never held any secret."""

    def __init__(self, store: Store, session: Session, index: int, redactor: Redactor) -> None:
        super().__init__(store, session, index)
        self._redactor = redactor
        self.session = redacted_session(self.session, redactor)

    def events(self) -> Iterator[Event]:
        """The events in order, their previews without secrets."""
        for event in super().events():
            text = self._redactor.text(event.text)
            yield event if text == event.text else replace(event, text=text)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record, with placeholders."""
        return self._redactor.record(super().raw(event))

    def notes(self) -> list[Note]:
        """What is written on the events, without secrets."""
        safe = self._redactor.text
        return [
            replace(note, text=safe(note.text), excerpt=safe(note.excerpt))
            for note in super().notes()
        ]


def redacted_session(session: Session, redactor: Redactor) -> Session:
    """What is known of a session, without secrets."""
    return replace(
        session,
        title=redactor.text(session.title),
        note=redactor.text(session.note),
        hypothesis=redactor.text(session.hypothesis),
        reason=redactor.text(session.reason),
        labels=tuple(map(redactor.text, session.labels)),
        cwd=session.cwd and redactor.text(session.cwd),
        source=session.source and redactor.text(session.source),
    )


def transcript_of(
    store: Store, session: Session, index: int, redactor: Redactor | None
) -> StoredTranscript:
    """A session up to an index for a writer, without secrets if something replaces them."""
    if redactor:
        return RedactedTranscript(store, session, index, redactor)
    return StoredTranscript(store, session, index)


def _file(store: Store, session: Session) -> str | None:
    """The file that a fork's first events were read from."""
    slices = store.slices(session.id).slices
    return store.source_of_log(slices[0].log).path if slices else None


def replaced(transcript: StoredTranscript, redactor: Redactor, is_copied: bool) -> list[str]:
    """What replacing secrets means for a file, in plain words."""
    number = count(len(redactor.replacements), "secret is", "secrets are")
    bytes_differ = ": the records that held them are no longer the source's bytes"
    told = [f"{number} replaced by placeholders{bytes_differ if is_copied else ''}"]
    broken = sum(
        redactor.record(raw) != raw
        for event in transcript.events()
        if event.marks & Mark.SEALED and (raw := transcript.raw(event))
    )
    if broken and is_copied:
        pieces = count(broken, "piece of reasoning", "pieces of reasoning")
        told.append(f"{pieces} held a secret under a signature: its provider may refuse it now")
    return told
