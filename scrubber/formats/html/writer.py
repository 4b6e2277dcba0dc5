"""Writes a session, or a session and all below it, as one HTML page."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Role, Visibility
from scrubber.core.survey import survey_of
from scrubber.formats.exported import count_losses, notes_of, sentences
from scrubber.formats.html import page
from scrubber.formats.html.articles import article, written
from scrubber.formats.html.prose import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.notes import Note
    from scrubber.core.transcript import Transcript

_PROMPTS = 400
_LOST = ("hidden", "usage", "sealed")


class HtmlWriter:
    """A page with an article for each event, ``#e214`` for the event that is shown as #214.

    In a tree, sessions stand one below the other, forks with the events that are their own, linked
    with the place where they leave; their anchors are ``#s2-e214``. Text is escaped, pictures are
    those in the transcript, and a policy in the page forbids everything else. A page is written in
    bounded memory, event by event.
    """

    name = "html"
    title = "Web page"
    suffix = ".html"

    def losses(self, transcript: Transcript) -> list[str]:
        """It is for reading: nothing imports it again."""
        told = sentences(count_losses(transcript), _LOST)
        return ["the page is for reading: it cannot be imported again", *told]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The page of one session."""
        return self.write_tree([transcript])

    def write_tree(self, transcripts: Sequence[Transcript]) -> Iterator[bytes]:
        """The page of several sessions, the first of them the root of all."""
        tree = _Tree(transcripts)
        title = transcripts[0].session.title or "Session"
        yield page.top(title).encode()
        yield page.side(title, tree.contents(), tree.prompts()).encode()
        for transcript in transcripts:
            for piece in tree.section(transcript):
                yield piece.encode()
        yield page.bottom().encode()


class _Tree:
    """The sessions of a page, and how they hang together."""

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        self._transcripts = transcripts
        self._numbers = {t.session.id: number for number, t in enumerate(transcripts, 1)}
        self._below: dict[str, list[Transcript]] = {}
        for transcript in transcripts[1:]:
            self._below.setdefault(transcript.session.parent or "", []).append(transcript)

    def _anchor(self, session: str, index: int) -> str:
        """The anchor of an event, which a fork shares with the session that it leaves."""
        number = self._numbers[session]
        parent = self._transcripts[number - 1].session.parent
        if parent is not None and index < self._start(session):
            return self._anchor(parent, index)
        return f"e{index + 1}" if number == 1 else f"s{number}-e{index + 1}"

    def _start(self, session: str) -> int:
        """The first event of a session that stands in its own section."""
        found = self._transcripts[self._numbers[session] - 1].session
        if found.relation != "fork" or found.parent not in self._numbers:
            return 0
        parent = self._transcripts[self._numbers[found.parent] - 1]
        return min(found.forked_at or 0, parent.index)

    def contents(self) -> str:
        """The sessions as a tree of links; nothing if there is but one."""
        return self._list([self._transcripts[0]]) if len(self._transcripts) > 1 else ""

    def _list(self, transcripts: Sequence[Transcript]) -> str:
        lines = []
        for transcript in transcripts:
            session = transcript.session
            sign = {"fork": "↳", "subagent": "▸"}.get(session.relation, "•")
            anchor = f"s{self._numbers[session.id]}"
            line = page.entry(anchor, sign, session.title or session.id)
            below = self._below.get(session.id)
            lines.append(
                line.removesuffix("</li>") + (self._list(below) if below else "") + "</li>"
            )
        return f"<ul>{''.join(lines)}</ul>"

    def prompts(self) -> list[str]:
        """Links to what was asked in the first session."""
        root = self._transcripts[0]
        survey, lines = survey_of(root), list[str]()
        for event in survey.kept(root.events()):
            if _is_prompt(event) and len(lines) < _PROMPTS:
                lines.append(page.prompt_entry(self._anchor(root.session.id, event.index), event))
        return lines

    def section(self, transcript: Transcript) -> Iterator[str]:
        """One session, piece by piece."""
        session = transcript.session
        start, survey, group = self._start(session.id), survey_of(transcript), None
        forks, notes = self._leaving(transcript), _by_event(transcript)
        yield f'<section id="s{self._numbers[session.id]}">'
        yield page.session_head(session, transcript.index, self._lineage(transcript))
        yield from forks.pop(0, [])
        for event in islice(transcript.events(), start, None):
            name = self._anchor(session.id, event.index)
            if event.visibility is Visibility.HIDDEN:
                yield f'<span id="{name}"></span>'
            else:
                goes_on = event.group_id is not None and event.group_id == group
                group = event.group_id
                is_gone = survey.is_dropped(event.index)
                yield article(event, transcript.content(event), name, is_gone, goes_on)
            yield from map(written, notes.get(event.index, ()))
            yield from forks.pop(event.index + 1, [])
        for left in forks.values():
            yield from left
        if start >= transcript.index:
            yield '<p class="note">It has no events of its own.</p>'
        yield "</section>\n"

    def _leaving(self, transcript: Transcript) -> dict[int, list[str]]:
        """Links to the sessions below one, by the number of events in front of them."""
        found: dict[int, list[str]] = {}
        start = self._start(transcript.session.id)
        for below in self._below.get(transcript.session.id, []):
            session, at = below.session, below.session.forked_at or 0
            is_fork = session.relation == "fork"
            at = max(at if is_fork else at + 1, start)
            sign = "↳ fork" if is_fork else f"▸ {session.relation}"
            link = f'<a href="#s{self._numbers[session.id]}">{escaped(session.title)}</a>'
            found.setdefault(at, []).append(f'<p class="fork">{sign}: {link}</p>\n')
        return found

    def _lineage(self, transcript: Transcript) -> str:
        session = transcript.session
        if session.parent is None:
            return ""
        at = session.forked_at or 0
        is_fork = session.relation == "fork"
        words = "fork" if is_fork else escaped(session.relation)
        if session.parent not in self._numbers:
            where = f" at {at:,}" if session.forked_at is not None else ""
            return f"<span>{words} of {escaped(session.parent)}{where}</span>"
        shown = at if is_fork else at + 1
        number = self._numbers[session.parent]
        is_there = 0 < shown <= self._transcripts[number - 1].index
        anchor = self._anchor(session.parent, shown - 1) if is_there else f"s{number}"
        return f'<span>{words}, leaving at <a href="#{anchor}">#{shown:,}</a></span>'


def _by_event(transcript: Transcript) -> dict[int, list[Note]]:
    found: dict[int, list[Note]] = {}
    for note in notes_of(transcript):
        found.setdefault(note.index or 0, []).append(note)
    return found


def _is_prompt(event: Event) -> bool:
    return event.kind is Kind.MESSAGE and event.role is Role.USER
