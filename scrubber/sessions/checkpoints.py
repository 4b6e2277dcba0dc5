"""Checkpoints, as lash has them: where a turn stood, and snapshots of tools and plugins.

A snapshot is bytes that nobody here looks into, kept once by the SHA-256 of its content. A
checkpoint is an event of its session: going back in front of it brings back the one before, and a
fork goes on from the last one on its path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind
from scrubber.live import drafts
from scrubber.store import landmarks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.core.slices import SliceList
    from scrubber.live.drafts import Item
    from scrubber.store import Store

SCHEMA = 1

_PARTS = ("tool_state", "plugin_snapshot", "execution_state")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a turn leaves for the next one. The bytes are opaque; None: there are none."""

    turn_state: Mapping[str, Any] = field(default_factory=dict)
    """``turn_index``, ``token_usage``, ``protocol_turn_options``, …: a JSON object."""
    tool_state: bytes | None = None
    plugin_snapshot: bytes | None = None
    plugin_snapshot_revision: int | None = None
    execution_state: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint of a session, and where it lies."""

    ref: str
    """SHA-256 of its document; those of its snapshots are in there."""
    at: int
    """Index of its event in the session."""
    checkpoint: Checkpoint


def keep(store: Store, checkpoint: Checkpoint) -> tuple[str, dict[str, Any]]:
    """Keep a checkpoint's blobs; gives its ref, and what its landmark says; in a transaction."""
    connection = store.connections.get()
    document: dict[str, Any] = {
        "schema_version": SCHEMA,
        "turn_state": dict(checkpoint.turn_state),
        "plugin_snapshot_revision": checkpoint.plugin_snapshot_revision,
    }
    for part in _PARTS:
        data = getattr(checkpoint, part)
        if data is not None:
            document[f"{part}_ref"] = landmarks.keep_blob(connection, data)
    ref = landmarks.keep_blob(connection, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
    refs = [document[f"{part}_ref"] for part in _PARTS if f"{part}_ref" in document]
    return ref, {"ref": ref, "blobs": [ref, *refs]}


def event(ref: str) -> Item:
    """The event that a checkpoint is."""
    return drafts.told(Kind.STATE, f"checkpoint {ref[:12]}", {"ref": ref}, name="checkpoint")


def latest(store: Store, session: str, at: int | None = None) -> StoredCheckpoint | None:
    """The last checkpoint in front of an index (None: of all) of a session; None if none is.

    StoreError: its bytes are missing, or not what they were.
    """
    found = store.slices(session)
    return on_path(store, found if at is None else found.between(0, at))


def on_path(store: Store, path: SliceList) -> StoredCheckpoint | None:
    """The last checkpoint on a path."""
    connection = store.connections.get()
    landmark = landmarks.last(connection, path, landmarks.CHECKPOINT)
    if landmark is None:
        return None
    ref = landmark.value["ref"]
    document = orjson.loads(landmarks.blob(connection, ref))
    if document["schema_version"] != SCHEMA:
        raise BadArgumentError(f"checkpoint {ref} has the schema {document['schema_version']}")
    parts = {
        part: landmarks.blob(connection, document[f"{part}_ref"])
        for part in _PARTS
        if f"{part}_ref" in document
    }
    plugin = document["plugin_snapshot_revision"]
    checkpoint = Checkpoint(document["turn_state"], plugin_snapshot_revision=plugin, **parts)
    return StoredCheckpoint(ref, landmark.position, checkpoint)
