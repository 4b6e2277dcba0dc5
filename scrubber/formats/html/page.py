"""The frame of a page: what may run in it, how it looks, and its table of contents."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from scrubber.core.ages import moment
from scrubber.formats.html.prose import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.events import Event
    from scrubber.core.session import Session

_SWITCHES = (("thinking", "Thinking"), ("tools", "Tools"), ("others", "Everything else"))


@cache
def _part(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def top(title: str) -> str:
    """Up to the body. Only this page's own script and style may act, whatever else is in it."""
    policy = (
        f"default-src 'none'; style-src '{_hash(_part('page.css'))}'; "
        f"script-src '{_hash(_part('page.js'))}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="Scrubber">\n'
        f"<title>{escaped(title)}</title>\n<style>{_part('page.css')}</style></head>\n<body>\n"
    )


def bottom() -> str:
    """The end of the page, with its script: all works without it, too."""
    return (
        "<footer>Written by Scrubber. Nothing in this page is fetched from anywhere.</footer>\n"
        f"</main>\n<script>{_part('page.js')}</script>\n</body></html>\n"
    )


def side(title: str, sessions: str, prompts: Sequence[str]) -> str:
    """The column beside the transcript: what to show, sessions, prompts."""
    switches = "".join(
        f'<label><input type="checkbox" id="show-{key}" checked> {label}</label>'
        for key, label in _SWITCHES
    )
    contents = f"<h2>Sessions</h2><nav>{sessions}</nav>" if sessions else ""
    if prompts:
        contents += f"<h2>Prompts</h2><nav><ol>{''.join(prompts)}</ol></nav>"
    return (
        f'<aside><h1>{escaped(title)}</h1><div class="controls">'
        '<div class="scripted" hidden>'
        '<input type="search" id="words" placeholder="Filter" aria-label="Filter">'
        '<button id="fold">Unfold everything</button></div>'
        f"{switches}</div>{contents}</aside>\n<main>\n"
    )


def entry(anchor: str, number: str, text: str) -> str:
    """A line of a table of contents."""
    return (
        f'<li><a href="#{anchor}"><span class="no">{number}</span>'
        f"<span>{escaped(text)}</span></a></li>"
    )


def prompt_entry(anchor: str, event: Event) -> str:
    """The line of a prompt."""
    return entry(anchor, f"#{event.index + 1}", event.text or "(no text)")


def session_head(session: Session, index: int, lineage: str) -> str:
    """The head of a session's section; ``lineage`` is markup."""
    facts = [
        session.format,
        session.model,
        f"{index:,} of {session.events:,} events" if index != session.events else None,
        f"{index:,} events" if index == session.events else None,
        moment(session.created) if session.created else None,
        session.cwd,
        session.note,
        *(f"⚑ {label}" for label in session.labels),
        session.hypothesis and f"hypothesis: {session.hypothesis}",
        session.verdict and f"verdict: {session.verdict}",
        session.reason,
    ]
    told = "".join(f"<span>{escaped(fact)}</span>" for fact in facts if fact)
    return (
        f"<header><h2>{escaped(session.title or 'Session')}</h2>"
        f'<p class="facts">{told}{lineage}</p></header>\n'
    )
