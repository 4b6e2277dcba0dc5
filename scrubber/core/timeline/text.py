"""The text of events as something that can be shown: one that cannot act on its surroundings."""

from __future__ import annotations

from html import escape

from scrubber.core.visible import visible


def plain_tooltip(text: str) -> str:
    """Text as the rich text that shows exactly it: Qt would guess whether it is HTML."""
    return f'<p style="white-space:pre-wrap">{escape(visible(text))}</p>'
