"""Compacts a conversation that fills its model's window: a summary stands for the older messages.

Nothing is deleted: the summary is put in front of the messages that are kept, and what a model is
told begins with it. When, and how many are kept, are the rules of a3s-code: from 80 % of the
window on, the last 20 messages; the cut is moved back to a message of the user's, as harn does.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role, one_line
from scrubber.core.running import Params
from scrubber.live import drafts
from scrubber.live.asking import asking
from scrubber.live.branch import Branch
from scrubber.live.context import build
from scrubber.live.errors import ProviderError
from scrubber.live.journal import Journal
from scrubber.live.parts import Ended, Replied
from scrubber.store.frames import open_compaction
from scrubber.store.ledger import COMPACTION

if TYPE_CHECKING:
    from scrubber.core.messages import Message
    from scrubber.live.provider import Provider, Request
    from scrubber.store import Store

KEEP = 20
_FEW = 30
"""Up to so many messages, only a third is kept: there are few, so they are long."""

_HEAD = "[Context Summary: The following is a summary of earlier conversation]\n\n"
_ASK = (
    "Summarise the conversation so far for yourself: you will go on from the summary alone. Keep "
    "the task, decisions and their reasons, names of files and commands, results that still "
    "matter, and what is still to be done. Answer with the summary only."
)
_SHOWN, _SHOWN_CHARS = 15, 500


async def compact(journal: Journal, provider: Provider, request: Request) -> bool:
    """Put a summary in the place of the older messages; False if too few of them are left."""
    kept = first_kept(request.messages)
    if kept is None:
        return False
    summary, origin = await _summary(journal, provider, request, kept)
    older, text = count(kept, "message"), _HEAD + summary
    draft = Draft(
        Kind.COMPACTION,
        one_line(text),
        Role.USER,
        origin=origin,
        ts=drafts.now_ms(),
        size=len(text),
    )
    start = request.messages[kept].start
    journal.insert(start, [(draft, text_content(text))])
    open_compaction(journal.branch.store, journal.session, start)
    journal.note(f"the window was nearly full: a summary stands for {older} from now on")
    return True


def first_kept(messages: tuple[Message, ...]) -> int | None:
    """Which message is the first that is kept; None if there is nothing worth compacting."""
    wanted = len(messages) - (KEEP if len(messages) > _FEW else len(messages) // 3)
    first = next((n for n, m in enumerate(messages) if m.role is not Role.SYSTEM), 0)
    for fits in (_is_prompt, _is_no_result):
        for number in range(wanted, first + 1, -1):
            if number < len(messages) and fits(messages[number]):
                return number
    return None


def _is_prompt(message: Message) -> bool:
    return message.role is Role.USER


def _is_no_result(message: Message) -> bool:
    return message.role is not Role.TOOL


def summarised(
    store: Store, session: str, at: int, provider: Provider | str, model: str = ""
) -> tuple[str, Origin]:
    """What a model says of the messages in front of an index, and how that came to be; waits.

    The tokens it costs are noted in the session. A HeldError if the session is being run.
    """
    if isinstance(provider, str):
        from scrubber.live.providers.choosing import provider_for

        provider = provider_for(provider, model)
    with Branch(store, session, "compaction") as branch:
        journal = Journal(branch, lambda report: None)
        request = build(branch.transcript(), Params(model=model), ()).request
        kept = next((n for n, m in enumerate(request.messages) if m.start >= at), None)
        work = _summary(journal, provider, request, len(request.messages) if kept is None else kept)
        return asyncio.run(work)


async def _summary(
    journal: Journal, provider: Provider, request: Request, kept: int
) -> tuple[str, Origin]:
    """By the model; where it cannot, the beginnings of the messages."""
    try:
        text = await _ask(journal, provider, asking(request, kept, _ASK))
        if text.strip():
            return text, Origin.RESAMPLED
    except ProviderError as error:
        journal.note(f"the model could not summarise ({error}); the older messages are cut short")
    return _cut_short(request.messages[:kept]), Origin.SYNTHETIC


async def _ask(journal: Journal, provider: Provider, request: Request) -> str:
    texts: list[str] = []
    model = request.params.model or None
    async with aclosing(provider.stream(request, provider.body(request))) as stream:
        async for part in stream:
            if isinstance(part, Ended) and part.kind is Kind.MESSAGE:
                texts.append(part.content.text)
            elif isinstance(part, Replied) and part.usage is not None:
                facts = {"purpose": COMPACTION, "usage": drafts.usage_facts(part.usage)}
                told = drafts.told(Kind.USAGE, COMPACTION, facts, name=model, usage=part.usage)
                journal.add([told])
    return "\n".join(texts)


def _cut_short(messages: tuple[Message, ...]) -> str:
    lines = [
        f"{message.role.label}: {''.join(c.text for _, c in message.items)[:_SHOWN_CHARS]}"
        for message in messages[:_SHOWN]
    ]
    if len(messages) > _SHOWN:
        lines.append(f"... and {len(messages) - _SHOWN} more")
    return "\n".join(lines)
