"""Which messages a compaction archives, and what stands for them, by harn's rules.

Strategies: ``observation_mask`` keeps what the model said and masks long outputs, ``truncate``
keeps beginnings, ``custom`` asks a callable, ``llm`` a model (see ``compaction``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.formats.harn.transcript_events import event_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.sessions.messages import Said

STRATEGIES = ("llm", "truncate", "custom", "observation_mask")
_VERBATIM, _LINES, _FIRST_LINE = 500, 3, 120
_SHOWN, _SHOWN_CHARS = 15, 500


@dataclass(frozen=True, slots=True)
class Options:
    """How to compact: harn's options, with its defaults."""

    keep_last: int = 12
    """Messages to keep, at least; more where a turn would be cut in two."""
    token_threshold: int = 48_000
    """Taken and not looked at: who asks for a compaction gets one."""
    tool_output_max_chars: int = 16_000
    """Outputs of tools that are longer go through ``compress_callback`` first."""
    compact_strategy: str = "observation_mask"
    hard_limit_tokens: int | None = None
    """If what is left is longer still, ``hard_limit_strategy`` makes the summary."""
    hard_limit_strategy: str = "llm"
    custom_compactor: Callable[[list[Said]], str] | None = None
    """Makes the summary of the archived messages, for the strategy ``custom``."""
    mask_callback: Callable[[Said], str | None] | None = None
    """What stands for a message in ``observation_mask``; None: what would stand there anyway."""
    compress_callback: Callable[[str], str] | None = None


def options_of(given: dict[str, Any] | None) -> Options:
    """The options, checked; a BadArgumentError names the key or strategy that there is not."""
    if given is not None and not isinstance(given, dict):
        raise BadArgumentError("`opts` must be a dict or nil")
    known = [field.name for field in fields(Options)]
    for key in given or {}:
        if key not in known:
            raise BadArgumentError(f"unknown option key {key!r}: use one of {', '.join(known)}")
    options = Options(**(given or {}))
    for strategy in (options.compact_strategy, options.hard_limit_strategy):
        if strategy not in STRATEGIES:
            raise BadArgumentError(
                f"unknown compact_strategy {strategy!r}: use one of {', '.join(STRATEGIES)}"
            )
    for name in ("keep_last", "tool_output_max_chars", "hard_limit_tokens"):
        value = getattr(options, name)
        is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not is_count and (value is not None or name != "hard_limit_tokens"):
            raise BadArgumentError(f"`{name}` must be an int >= 0")
    return options


def split_of(messages: Sequence[Said], keep_last: int) -> int:
    """How many messages are archived; 0: there are too few.

    The cut moves back to a message of the user's; if what is kept has calls, results or reasoning
    in it, to the one before, so that no turn is cut in two.
    """
    naive = len(messages) - keep_last
    if naive <= 0:
        return 0
    split = _user_before(messages, naive + 1) or naive
    if any(map(_is_work, messages[split:])):
        split = _user_before(messages, split) or split
    return split


def _user_before(messages: Sequence[Said], stop: int) -> int:
    """The last message of the user's in front of a place, but for the very first; else 0."""
    places = range(min(stop, len(messages)) - 1, 0, -1)
    return next((at for at in places if messages[at].get("role") == "user"), 0)


def _is_work(message: Said) -> bool:
    return (
        message.get("role") in ("tool", "tool_result")
        or bool(message.get("tool_calls"))
        or message.get("reasoning") is not None
    )


def tokens(messages: Sequence[Said]) -> int:
    """harn's estimate: a quarter of the characters of contents that are strings."""
    texts = (m["content"] for m in messages if isinstance(m.get("content"), str))
    return sum(map(len, texts)) // 4


def head(count: int, strategy: str) -> str:
    """The first line of a summary of so many messages."""
    how = {"observation_mask": " via observation masking", "truncate": " via truncate strategy"}
    return f"[auto-compacted {count} older messages{how.get(strategy, '')}]"


def summary(archived: Sequence[Said], strategy: str, options: Options) -> str:
    """What stands for some messages, by any strategy but ``llm``."""
    if strategy == "custom":
        return _custom(archived, options)
    make = _truncated if strategy == "truncate" else _masked
    return "\n".join([head(len(archived), strategy), *make(archived, options)])


def _custom(archived: Sequence[Said], options: Options) -> str:
    if options.custom_compactor is None:
        raise BadArgumentError("compact_strategy 'custom' needs a custom_compactor")
    text = options.custom_compactor(list(archived))
    if not isinstance(text, str):
        raise BadArgumentError(f"custom_compactor must give a string, not {type(text).__name__}")
    return text


def _truncated(archived: Sequence[Said], options: Options) -> list[str]:
    lines = [f"{m['role']}: {_text(m)[:_SHOWN_CHARS]}" for m in archived[:_SHOWN]]
    more = len(archived) - _SHOWN
    return [*lines, f"... and {more} more"] if more > 0 else lines


def _masked(archived: Sequence[Said], options: Options) -> list[str]:
    return [f"{message['role']}: {_mask(message, options)}" for message in archived]


def _mask(message: Said, options: Options) -> str:
    if options.mask_callback is not None:
        masked = options.mask_callback(message)
        if masked is not None:
            return masked
    text = _text(message)
    if message["role"] == "assistant":
        return text
    if len(text) > options.tool_output_max_chars and options.compress_callback is not None:
        text = options.compress_callback(text)
    lines = text.splitlines()
    if len(text) < _VERBATIM or len(lines) <= _LINES:
        return text
    return f"{lines[0][:_FIRST_LINE]} [{len(lines)} lines, {len(text)} chars masked]"


def _text(message: Said) -> str:
    return str(event_of(message, "")["text"])
