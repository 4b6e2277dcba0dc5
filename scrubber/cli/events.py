"""``scrubber events``: the events of a session, one a line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, index, opened
from scrubber.cli.failures import DONE
from scrubber.core.ages import clock
from scrubber.core.describe import describe
from scrubber.core.events import Event, Kind, Mark
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.content import Content

_STEP = 500
_KIND_WIDTH = 14


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "events", run, "list the events of a session")
    add_session(parser)
    parser.add_argument(
        "--from", metavar="A", type=index, dest="start", default=0, help="first index"
    )
    parser.add_argument(
        "--to", metavar="B", type=index, dest="stop", help="index behind the last one"
    )
    add_json(parser, "an object a line for each event, with its whole text")


def run(args: argparse.Namespace) -> int:
    """List the events A…B-1, clipped to the session."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        stop = session.events if args.stop is None else min(args.stop, session.events)
        columns = output.width()
        for event in stepwise(store, session.id, args.start, stop):
            if args.json:
                output.put_json(as_json(event, store.content(event)))
            else:
                output.put(_row(event, len(str(stop)), columns))
    return DONE


def stepwise(store: OpenStore, session: str, start: int, stop: int) -> Iterator[Event]:
    """The events start…stop-1, some hundred of them in memory."""
    for first in range(start, stop, _STEP):
        yield from store.events(session, first, min(first + _STEP, stop))


def _row(event: Event, digits: int, columns: int | None) -> str:
    tokens = f"{event.usage.total:,}" if event.usage else ""
    head = f"{event.index:>{digits}}  {clock(event.ts):8}  {event.kind.label:<{_KIND_WIDTH}}"
    head += f" {tokens:>9}  "
    if columns is None:
        return head + describe(event, 200)
    return head + tables.shorten(describe(event, 200), max(columns - len(head), 12))


def as_json(event: Event, content: Content) -> dict[str, Any]:
    """An event as the JSON of docs/cli.md."""
    usage = event.usage
    return {
        "index": event.index,
        "kind": event.kind.label,
        "role": event.role.label,
        "visibility": event.visibility.label,
        "origin": event.origin.label,
        "ts": event.ts,
        "tool": tool_of(event),
        "call_id": event.call_id,
        "is_error": event.is_error,
        "tokens": usage.total if usage else None,
        "text": full_text(event, content),
        "name": event.name,
        "group_id": event.group_id,
        "ref": event.ref,
        "marks": marks_of(event),
        "arguments": content.arguments,
        "usage": asdict(usage) if usage else None,
    }


def tool_of(event: Event) -> str | None:
    """The tool of a call or a result."""
    is_tools = event.kind in (Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_DETAIL)
    return event.name if is_tools else None


def full_text(event: Event, content: Content) -> str:
    """What an event says, whole: a call's most telling argument, what else there is in words."""
    return content.text or telling_argument(content.arguments) or event.text


def marks_of(event: Event) -> list[str]:
    """The marks of an event by name."""
    return [mark.name.lower() for mark in Mark if mark.name and mark in event.marks and mark]
