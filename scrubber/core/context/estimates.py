"""How many characters make a token, where no provider has counted."""

from __future__ import annotations

CHARS_PER_TOKEN = {"anthropic": 2.8, "openai": 3.6}
"""Measured over 470 stretches of real sessions of Claude Code (middle 80 %: 2.3 to 3.3); the
tokens of others are longer."""


def rate_of(model: str | None) -> float:
    """Characters a token of a model's."""
    is_claude = "claude" in (model or "").lower()
    return CHARS_PER_TOKEN["anthropic" if is_claude else "openai"]
