"""The edits of files in a session, found once and kept: events never change, so nor do they."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Mark
from scrubber.core.files.changes import absolute
from scrubber.core.files.edits import FileEdit
from scrubber.formats.file_tools import OPENING, changes_of, former_of, opened_by, rule_for
from scrubber.store.own_log import OWN_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.session import Session
    from scrubber.transfer.kept import KeptTranscript

_DUPLICATE = int(Mark.DUPLICATE)


class EditFinder:
    """Finds the edits of one session while its events go by."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.edits: list[FileEdit] = []
        self.seen = 0
        """Events that were looked at."""
        self._waiting: dict[str, list[int]] = {}
        """By the id of a call, the places of its edits."""
        self._open: str | None = None

    def see(self, transcript: KeptTranscript) -> None:
        """Look at the events that were not seen yet."""
        for event in transcript.events_from(self.seen):
            if event.kind is Kind.TOOL_CALL and not int(event.marks) & _DUPLICATE:
                self._call(transcript, event)
            elif event.kind is Kind.TOOL_RESULT and event.call_id in self._waiting:
                self._answer(transcript, event)
        self.seen = max(self.seen, transcript.index)

    def _call(self, transcript: KeptTranscript, event: Event) -> None:
        format = self._format(transcript, event)
        opens = event.name in OPENING.get(format, {})
        if not opens and rule_for(format, event.name) is None:
            return
        arguments = transcript.content(event).arguments
        self._open = opened_by(format, event.name, arguments) or self._open
        if self._open is not None and isinstance(arguments, dict):
            arguments = {"file": self._open, **arguments}
        for change in changes_of(format, event.name, arguments):
            path = absolute(change.path, self.session.cwd)
            if change.target is not None:
                change = replace(change, target=absolute(change.target, self.session.cwd))
            if event.call_id:
                self._waiting.setdefault(event.call_id, []).append(len(self.edits))
            self.edits.append(FileEdit(path, change, event.index, event.name or "", None, False))

    def _answer(self, transcript: KeptTranscript, event: Event) -> None:
        former = former_of(transcript.content(event).detail)
        places = self._waiting.pop(event.call_id or "")
        for place in places:
            self.edits[place] = replace(
                self.edits[place],
                answered=event.index,
                is_failed=event.is_error,
                before=former if len(places) == 1 else None,
            )

    def _format(self, transcript: KeptTranscript, event: Event) -> str:
        """A branch's own calls are those of the agent that it was forked from."""
        format = transcript.format_of(event)
        return self.session.format if format == OWN_FORMAT else format

    def up_to(self, index: int) -> Iterator[FileEdit]:
        """The edits in front of an index, with what was known of them there."""
        for edit in self.edits[: bisect_left(self.edits, index, key=lambda edit: edit.index)]:
            if edit.answered is not None and edit.answered >= index:
                yield replace(edit, answered=None, is_failed=False, before=None)
            else:
                yield edit
