"""The tokens of Gemini CLI's messages, counted once although records repeat them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Usage

if TYPE_CHECKING:
    from scrubber.formats.gemini_cli.messages import Message

_KEYS = ("input", "cached", "output", "thoughts", "tool")
_MOST = 2**40
"""More tokens than there are; a number beyond it must not break the sums."""


class UsageCounter:
    """What a record adds to the tokens of its message, by the message's id."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, ...]] = {}

    def increment(self, message: Message) -> Usage | None:
        """What is above the highest seen so far, None if nothing is.

        The prompt's tokens include the cached ones; thoughts are not part of the output.
        """
        if message.tokens is None:
            return None
        before = self._counted.get(message.id, (0,) * len(_KEYS))
        now = tuple(_count(message.tokens, key) for key in _KEYS)
        best = tuple(max(a, b) for a, b in zip(now, before, strict=True))
        if best == before:
            return None
        self._counted[message.id] = best
        prompt, cached, output, thoughts, tool = (a - b for a, b in zip(best, before, strict=True))
        return Usage(
            input=max(prompt - cached, 0) + tool,
            cache_read=cached,
            output=output + thoughts,
            reasoning=thoughts,
            context=best[0] + best[4],
        )


def _count(tokens: dict[str, Any], key: str) -> int:
    value = tokens.get(key)
    return min(value, _MOST) if isinstance(value, int) and value > 0 else 0
