"""The text of events as something that can be shown: one that cannot act on its surroundings."""

from __future__ import annotations

from html import escape

_VISIBLE = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
_VISIBLE[0x7F] = 0x2421
_HIDDEN = (*range(0x80, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TABLE: dict[int, int | str] = {**_VISIBLE, **{code: f"‹{code:04X}›" for code in _HIDDEN}}


def visible(text: str) -> str:
    """Control characters and those that turn the direction of writing, as visible signs."""
    return text.translate(_TABLE)


def plain_tooltip(text: str) -> str:
    """Text as the rich text that shows exactly it: Qt would guess whether it is HTML."""
    return f'<p style="white-space:pre-wrap">{escape(visible(text))}</p>'
