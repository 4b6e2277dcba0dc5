"""Compaction, after harn: one message stands for the older ones, which stay in the session.

The summary is put in front of the messages that are kept, as a run does it by itself when a
window fills. What it stands for is left out of the messages, and can still be seen and forked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.events import Kind, Origin
from scrubber.sessions import messages
from scrubber.sessions.agents import Agents
from scrubber.sessions.summaries import Options, head, options_of, split_of, summary, tokens
from scrubber.store.frames import open_compaction

if TYPE_CHECKING:
    from scrubber.live.provider import Provider
    from scrubber.sessions.messages import Said
    from scrubber.sessions.view import View
    from scrubber.store import Store


class Compaction(Agents):
    """Compacting sessions."""

    def compact(
        self,
        id: str,
        opts: dict[str, Any] | None = None,
        *,
        provider: Provider | str | None = None,
        model: str = "",
        **options: Any,
    ) -> int:
        """Archive the older messages; gives how many messages there are now.

        Options by name or in ``opts``: see ``summaries.Options``. Nothing happens to a session of
        at most ``keep_last`` messages. The strategy ``llm`` needs a ``provider`` (the name of an
        endpoint with a ``model``, or an object), and waits for it. A ConflictError if somebody
        else changes the messages meanwhile.
        """
        self._own("compact", id)
        if opts is not None and not isinstance(opts, dict):
            raise BadArgumentError("`opts` must be a dict or nil")
        chosen = options_of({**(opts or {}), **options})
        view = self._view(id)
        split = _clean(view, split_of(view.said, chosen.keep_last))
        if split:
            self._replace(_Archive(view, split, chosen, provider, model))
        return self.length(id)

    def _replace(self, archive: _Archive) -> None:
        session, at = archive.session, archive.stop
        before = self._slices(session).between(0, at)
        made = archive.summary(self.store)
        records = [
            messages.told(Kind.COMPACTION, f"{archive.split} older messages", archive.facts(made)),
            *messages.records(made.message, kind=Kind.COMPACTION, origin=made.origin, ref=-at),
        ]

        def work() -> None:
            if self._slices(session).between(0, at) != before:
                raise ConflictError(f"session {session} was changed while it was being compacted")
            self.store.replace(session, at, at, records, operation="compact")
            open_compaction(self.store, session, at)

        self._atomic(work)
        self._changed(session, {"type": "transcript_compacted", **archive.facts(made)})


@dataclass(frozen=True, slots=True)
class _Summary:
    message: Said
    origin: Origin
    strategy: str


@dataclass(frozen=True, slots=True)
class _Archive:
    """The messages in front of a cut, which a summary shall stand for."""

    view: View
    split: int
    options: Options
    provider: Provider | str | None
    model: str

    @property
    def session(self) -> str:
        return self.view.session.id

    @property
    def stop(self) -> int:
        """Index of the first event that is kept."""
        kept = self.view.spans[self.split :]
        return min((span[0].index for span in kept), default=self.view.transcript.index)

    def summary(self, store: Store) -> _Summary:
        """By the strategy that is asked for; by the hard one, if what is left is too long."""
        made = self._by(store, self.options.compact_strategy)
        limit = self.options.hard_limit_tokens
        left = tokens([made.message, *self.view.said[self.split :]])
        if limit is not None and left > limit:
            return self._by(store, self.options.hard_limit_strategy)
        return made

    def _by(self, store: Store, strategy: str) -> _Summary:
        origin = Origin.SYNTHETIC
        if strategy == "llm":
            text, origin = self._by_model(store)
            text = f"{head(self.split, strategy)}\n{text}"
        else:
            text = summary(self.view.said[: self.split], strategy, self.options)
        return _Summary({"role": "user", "content": text}, origin, strategy)

    def _by_model(self, store: Store) -> tuple[str, Origin]:
        if self.provider is None:
            raise BadArgumentError("LLM transcript compaction requires active LLM call options")
        from scrubber.live.compaction import summarised

        return summarised(store, self.session, self.stop, self.provider, self.model)

    def facts(self, made: _Summary) -> dict[str, Any]:
        """What harn's event tells of it."""
        return {
            "mode": "manual",
            "strategy": made.strategy,
            "archived_messages": self.split,
            "estimated_tokens_before": tokens(self.view.said),
            "estimated_tokens_after": tokens([made.message, *self.view.said[self.split :]]),
            "snapshot_asset_id": None,
        }


def _clean(view: View, split: int) -> int:
    """The cut, moved back to where no archived message has parts behind it."""
    while split and view.spans[split - 1 :]:
        start = min((span[0].index for span in view.spans[split:]), default=view.transcript.index)
        if all(span[-1].index < start for span in view.spans[:split]):
            return split
        split -= 1
    return 0
