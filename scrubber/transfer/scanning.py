"""Looks for secrets in all that an export would write: every record, and the words beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrubber.core.redaction import MAX_SPOTS, Finding, Spot, Wanted
from scrubber.transfer import secret_rules
from scrubber.transfer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.session import Session
    from scrubber.store import Store

_STEP = 500
_AROUND = 60
_BLOB = 20_000
"""Strings longer than this without a blank are data, such as pictures; they are not looked into."""


def scan(
    store: Store,
    sessions: Iterable[tuple[Session, int]],
    wanted: Wanted | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """What looks like a secret in sessions up to an index each, in the order of its first place.

    Every record of their sources up to there is read, also those that give no event. ``wanted``
    are texts and patterns of the user's, found whatever they look like. A CancelledError if
    ``progress`` says so.
    """
    scanner = _Scanner(wanted or Wanted())
    progress = progress or Progress()
    sessions = list(sessions)
    progress.bytes_total = _size(store, sessions)
    seen: dict[int, bytearray] = {}
    for session, index in sessions:
        progress.what = session.title
        for facts in _beside(store, session):
            scanner.take(facts, session.id, None)
        for number, raw in _records(store, session, index, seen):
            scanner.take(texts_of(raw), session.id, number)
            progress.advance(len(raw))
    return scanner.findings()


def _size(store: Store, sessions: Iterable[tuple[Session, int]]) -> int:
    """Bytes of the sources that sessions are made of: as many as there are to be read at most."""
    logs = {piece.log for one, _ in sessions for piece in store.slices(one.id).slices}
    sources = {source.id: source for source in map(store.source_of_log, logs)}
    return sum(source.read_upto for source in sources.values())


def _beside(store: Store, session: Session) -> Iterator[str]:
    """What is known of a session beside its events."""
    yield from (session.title, session.note, session.hypothesis, session.reason)
    yield from session.labels
    yield from (text for text in (session.cwd, session.source) if text)
    yield from (note.text for note in store.notebook.of_session(session.id) if note.text)


def _records(
    store: Store, session: Session, index: int, seen: dict[int, bytearray]
) -> Iterator[tuple[int | None, bytes]]:
    """(position of its first event, bytes) of the records that a session's file may hold."""
    for start in range(0, index, _STEP):
        for event in store.events(session.id, start, min(start + _STEP, index)):
            marks = seen.setdefault(event.source, bytearray())
            if len(marks) <= event.record:
                marks.extend(bytes(event.record + 1 - len(marks)))
            if not marks[event.record]:
                marks[event.record] = 1
                yield event.index, store.raw(event)
    whole = index >= session.events
    for source, marks in seen.items():
        stop = None if whole else len(marks)
        for number, raw in enumerate(store.records(source, stop)):
            if number >= len(marks) or not marks[number]:
                marks.extend(bytes(max(number + 1 - len(marks), 0)))
                marks[number] = 1
                yield None, raw
        if whole and (pending := store.source(source).pending):
            yield None, pending


def texts_of(raw: bytes) -> str:
    """All that a record says: its strings, decoded, those that are JSON themselves gone into."""
    text = raw.decode("utf-8", "replace")
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text
    return "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    """The strings of a JSON value; keys stand in front of what they name, as an assignment."""
    if isinstance(value, str):
        yield from _inner(value)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and len(item) < _AROUND * 8 and "\n" not in item:
                yield f"{key}: {item}"
            else:
                yield str(key)
                yield from _strings(item)


def _inner(text: str) -> Iterator[str]:
    if len(text) > _BLOB and not any(blank in text for blank in " \n"):
        return
    if text[:1] in ("{", "["):
        try:
            yield from _strings(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            yield text
        return
    yield text


class _Scanner:
    """Collects what is found, by its value."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._found: dict[str, Finding] = {}
        self._numbers: dict[str, int] = {}

    def take(self, text: str, session: str, index: int | None) -> None:
        """Look through a text."""
        for kind, value, sure in self._in(text):
            finding = self._found.get(value)
            if finding is None:
                finding = self._found[value] = self._new(kind, value, sure)
            finding.count += 1
            if len(finding.spots) < MAX_SPOTS:
                finding.spots.append(_spot(text, value, session, index))

    def _in(self, text: str) -> Iterator[tuple[str, str, bool]]:
        known = {value for value in self._found if value in text}
        found = {value: (kind, sure) for kind, value, sure in secret_rules.find(text)}
        for value in known:
            found.setdefault(value, ("", True))
        for value in self._wanted.texts:
            if value in text:
                found[value] = ("own", True)
        for pattern in self._wanted.patterns:
            found.update(
                (one[0], ("own", True)) for one in pattern.finditer(text) if one[0].strip()
            )
        yield from ((kind, value, sure) for value, (kind, sure) in found.items())

    def _new(self, kind: str, value: str, sure: bool) -> Finding:
        self._numbers[kind] = number = self._numbers.get(kind, 0) + 1
        return Finding(kind, value, number, sure, sure)

    def findings(self) -> list[Finding]:
        """All that was found, in the order of its first place.

        What is left of a key where a text is cut goes with the whole, if that was found, too.
        """
        whole = [" ".join(value.split()) for value in self._found]
        return [
            one
            for one in self._found.values()
            if one.kind != "cut-key" or sum(value.startswith(one.value) for value in whole) < 2
        ]


def _spot(text: str, value: str, session: str, index: int | None) -> Spot:
    at = text.find(value)
    before = text[max(at - _AROUND, 0) : at]
    after = text[at + len(value) : at + len(value) + _AROUND]
    return Spot(session, index, before.rsplit("\n", 1)[-1], after.split("\n", 1)[0])
