"""``scrubber events``: the events of a session, one a line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, add_session, index, opened
from scrubber.cli.failures import DONE
from scrubber.cli.queries import parsed
from scrubber.core.ages import clock
from scrubber.core.describe import describe
from scrubber.core.events import Event, Kind, Mark
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.content import Content
    from scrubber.core.query import Query

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
    parser.add_argument("--where", metavar="QUERY", help="only those that fit, as for search")
    add_json(parser, "an object a line for each event, with its whole text")


def run(args: argparse.Namespace) -> int:
    """List the events A…B-1, clipped to the session."""
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        stop = session.events if args.stop is None else min(args.stop, session.events)
        columns, query = output.width(), parsed(args.where or "")
        for event in stepwise(store, session.id, args.start, stop, query):
            if args.json:
                output.put_json(as_json(event, store.content(event)))
            else:
                output.put(_row(event, len(str(stop)), columns))
    return DONE


def stepwise(
    store: OpenStore, session: str, start: int, stop: int, query: Query | None = None
) -> Iterator[Event]:
    """The events start…stop-1, or those of them that fit; some hundred of them in memory."""
    mask = store.fits(session, query, start, stop) if query else None
    for first in range(start, stop, _STEP):
        last = min(first + _STEP, stop)
        if mask is None or 1 in mask[first - start : last - start]:
            for event in store.events(session, first, last):
                if mask is None or mask[event.index - start]:
                    yield event


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
