"""The colours of what the inspector's lists and bars show; a word or an icon stands beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.context.blocks import Share
from scrubber.core.track import Lane
from scrubber.ui.theme import label_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.ui.theme import Theme

_LANES = {
    Share.TOOLS.name: Lane.SUBAGENTS,
    Share.SYSTEM.name: Lane.OTHER,
    Share.USER.name: Lane.YOU,
    Share.ASSISTANT.name: Lane.MODEL,
    Share.REASONING.name: Lane.THINKING,
    Share.RESULTS.name: Lane.TOOLS,
}


def tone(name: str, look: Theme) -> QColor:
    """The colour of a tone: the name of a Share, ``error``, ``warning``, ``accent``, ``label-red``
    and the like, or none."""
    if name.startswith("label-"):
        return label_colour(name.removeprefix("label-"))
    if name in _LANES:
        return look.lane(_LANES[name])
    named = {
        Share.SUMMARY.name: look.accent,
        "accent": look.accent,
        "error": look.error,
        "warning": look.warning,
    }
    return named.get(name, look.muted)
