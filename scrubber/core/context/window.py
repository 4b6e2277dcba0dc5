"""The size of a model's window, where a source tells it beside the tokens that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import Content

NAMES = ("model_context_window", "tokenLimit")
"""What Codex and Copilot CLI call it."""


def told_window(content: Content) -> int | None:
    """Tokens that fit, as the event of a counted call tells it; None if it tells no window.

    A provider may offer less of a model than a table of models says, and agents hold some back.
    """
    return _find(content.detail)


def _find(value: Any) -> int | None:
    if not isinstance(value, dict):
        return None
    for name in NAMES:
        if type(found := value.get(name)) is int and found > 0:
            return found
    inner = (_find(one) for one in value.values())
    return next((found for found in inner if found is not None), None)
