"""What the timeline says about the place under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scrubber.core.events import Kind
from scrubber.core.timeline.marks import event_under
from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.timeline.ticks import clock_label, short_number
from scrubber.core.track import Flag
from scrubber.ui.timeline.gestures import span_at

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from scrubber.ui.timeline.scene import Scene

Describe = Callable[[int], str]
MOST_TITLES = 8


def tooltip(scene: Scene, point: QPointF, describe: Describe) -> str:
    """Of the fork, the sub-agent or the event pointed at; "" where there is nothing."""
    cluster = scene.cluster_at(point.x(), point.y())
    if cluster is not None:
        titles = [f"fork at {fork.index:,}: {fork.title}" for fork in cluster.forks]
        more = [f"and {len(titles) - MOST_TITLES} more"] if len(titles) > MOST_TITLES else []
        return plain_tooltip("\n".join(titles[:MOST_TITLES] + more))
    bar = span_at(scene, point)
    if bar is not None:
        return plain_tooltip(
            f"sub-agent: {bar.span.title}\nevents {bar.span.start:,} to {bar.span.stop:,}"
        )
    event = event_at(scene, point)
    return plain_tooltip(event_text(scene, event, describe)) if event is not None else ""


def event_at(scene: Scene, point: QPointF) -> int | None:
    """The event pointed at."""
    rows, x = scene.rows, point.x() - scene.left
    if not (rows.lanes_top <= point.y() < rows.axis.top and -4 <= x <= scene.view.width + 4):
        return None
    return event_under(scene.prepared, scene.axis, scene.view, x, rows.lane_at(point.y()))


def event_text(scene: Scene, event: int, describe: Describe) -> str:
    """Number, kind, time and size of an event, and what is known of its text."""
    track = scene.prepared.track
    words = [f"#{event + 1:,}", _kind_name(track.kinds[event])]
    if track.flags[event] & Flag.ERROR:
        words.append("✗ error")
    if track.flags[event] & Flag.ADDED:
        words.append("added")
    if track.times[event]:
        words.append(clock_label(track.times[event]))
    if track.sizes[event]:
        words.append(f"about {short_number(track.sizes[event] / 4)} tokens")
    text = describe(event)
    return " · ".join(words) + (f"\n{text}" if text else "")


def _kind_name(number: int) -> str:
    """The word for a kind, also for one of a newer version."""
    try:
        return Kind(number).label
    except ValueError:
        return f"kind {number}"
