"""What others say to a branch while it runs: pending inputs, taken at safe boundaries.

An input becomes an event, and is done with, in one transaction: it is said once, whoever is killed
when. What is for the running turn and comes too late waits for the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import Content, Image, Text
from scrubber.live import drafts
from scrubber.store import turn_inputs

if TYPE_CHECKING:
    from scrubber.core.content import Block
    from scrubber.live.journal import Journal


def hear(journal: Journal, boundary: str | None = None) -> bool:
    """Say what may be said now (``boundary`` None: a run begins); whether there was anything."""
    branch = journal.branch
    lease, connections = branch.lease, branch.store.connections
    if boundary is not None and not _waits(journal):
        return False
    with connections.write() as connection:
        if boundary is None:
            turn_inputs.reclaim(connection, lease.pk, lease.fence)
            turn_inputs.defer(connection, lease.pk, None)
        taken = turn_inputs.take(connection, lease.pk, lease.fence, boundary=boundary)
        turn_inputs.complete(connection, lease.pk, [one.id for one in taken], lease.fence)
        changes = branch.add([drafts.prompt(content_of(one.content)) for one in taken])
    if taken:
        journal.changed(changes)
    return bool(taken)


def _waits(journal: Journal) -> bool:
    """Whether anything waits: asked without a transaction, for as a rule nothing does."""
    branch = journal.branch
    found = turn_inputs.listed(branch.store.connections.get(), branch.lease.pk)
    return any(one.state == turn_inputs.PENDING for one in found)


def content_of(told: dict[str, Any]) -> Content:
    """The content of an input: its texts, and its pictures."""
    blobs = told.get("image_blobs") or {}
    return Content(tuple(_block(item, blobs) for item in told["items"]))


def _block(item: dict[str, Any], blobs: dict[str, Any]) -> Block:
    if item["type"] == "text":
        return Text(item["text"])
    blob = blobs[item["id"]]
    return Image(str(blob.get("media_type", "image/png")), str(blob.get("data", "")))
