"""What happens before the first request: open calls, the user's words, lint and its repairs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.core.content import text_content
from scrubber.core.events import Origin, Role
from scrubber.live import context, drafts, lint
from scrubber.live.errors import ProviderError

if TYPE_CHECKING:
    from scrubber.live.context import Context
    from scrubber.live.journal import Journal
    from scrubber.live.lint import Finding
    from scrubber.live.provider import Provider
    from scrubber.live.run import Plan

_OPENING = "[The conversation begins here]"


async def prepare(journal: Journal, provider: Provider, plan: Plan) -> None:
    """Say what the user wants said, look at the whole, and repair what was agreed to.

    A ProviderError names what a provider would refuse and nobody agreed to repair.
    """
    if plan.system is not None:
        journal.insert(0, [drafts.prompt(text_content(plan.system), Role.SYSTEM)])
    if plan.message is not None:
        journal.add([drafts.prompt(plan.message)])
    if provider.plays_user:
        return
    built = await asyncio.to_thread(_build, journal, plan)
    for finding in lint.findings(built, [], plan.policy, provider):
        _settle(journal, plan, finding)


def _build(journal: Journal, plan: Plan) -> Context:
    return context.build(journal.branch.transcript(), plan.params, plan.tools)


def _settle(journal: Journal, plan: Plan, finding: Finding) -> None:
    """Repair it if that was agreed to, and say so; refuse it if nobody can send it as it is."""
    agreed = bool(finding.repair) and plan.agrees(finding.code)
    if finding.is_refused and not agreed:
        how = f" It can be repaired: {finding.repair} ({finding.code})." if finding.repair else ""
        raise ProviderError(f"Nothing was sent: {finding.text}.{how}")
    if finding.code == "role_order" and agreed:
        opening = drafts.prompt(text_content(_OPENING), origin=Origin.SYNTHETIC)
        journal.insert(_first_said(journal), [opening])
    if finding.is_refused or finding.code == "provider":
        journal.note(f"{finding.text}: {finding.repair}" if finding.repair else finding.text)


def _first_said(journal: Journal) -> int:
    """Index behind the system prompt that the session may begin with."""
    events = journal.branch.store.events(journal.session, 0, 64)
    systems = [e.index for e in events if e.role in (Role.SYSTEM, Role.DEVELOPER)]
    return systems[-1] + 1 if systems else 0
