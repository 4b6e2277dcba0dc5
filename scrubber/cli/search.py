"""``scrubber search``: the events of all sessions that fit a query."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json, number, opened
from scrubber.cli.events import tool_of
from scrubber.cli.failures import DONE
from scrubber.cli.progress import progress_line
from scrubber.cli.queries import parsed
from scrubber.cli.short_ids import ShortIds
from scrubber.core.ages import count
from scrubber.core.errors import BadArgumentError
from scrubber.core.query import Condition, Field, Query

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from scrubber.api import OpenStore
    from scrubber.transfer.searching import Hit

_LIMIT, _EACH = 100, 5
_EPILOG = """\
words, "phrases", and conditions: kind: role: tool: model: session: origin: is:error
is:bookmarked label: note: before: after: in:branch; -word and -tool:Bash say the opposite.
A query that begins with a minus stands behind --, as in: scrubber search -- -is:error
"""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "search", run, "find events in all sessions")
    parser.epilog = _EPILOG
    parser.add_argument("query", metavar="QUERY", nargs="*", help="as in docs/search.md")
    parser.add_argument("--session", metavar="S", help="only in this session")
    parser.add_argument("--limit", metavar="N", type=number, default=_LIMIT, help="hits at most")
    parser.add_argument(
        "--each", metavar="N", type=number, help="hits of one session at most; else 5"
    )
    parser.add_argument("--rebuild", action="store_true", help="make the index anew, then search")
    add_json(parser, "an object a line for each hit")


def run(args: argparse.Namespace) -> int:
    """Search; hits come as they are found in JSON, grouped by session else."""
    if not args.query and not args.rebuild:
        raise BadArgumentError("say what to search for")
    if args.rebuild:
        _rebuild(args)
    if args.query:
        with opened(args, read_only=True) as store:
            _search(store, args)
    return DONE


def _rebuild(args: argparse.Namespace) -> None:
    with opened(args) as store, progress_line() as line:
        done = store.rebuild_index(line.progress("indexing"))
        line.clear()
        output.say(f"indexed {count(done, 'event')}")


def _search(store: OpenStore, args: argparse.Namespace) -> None:
    query = parsed(" ".join(args.query))
    each = args.each or _EACH
    if args.session:
        query = within(query, store.session(args.session).id)
        each = args.each or args.limit
    hits = islice(store.search(query, each=each), args.limit)
    if args.json:
        for hit in hits:
            output.put_json(as_json(hit))
            output.flush()
        return
    found = list(hits)
    _put(store, found)
    more = "; --limit gives more" if len(found) == args.limit else ""
    output.say(f"{count(len(found), 'hit')}{more}")
    done, total = store.index_state()
    if done < total:
        output.say(f"{total - done:,} of {total:,} events are not indexed yet, which takes longer")


def within(query: Query, session: str) -> Query:
    """The query in one session."""
    only = Condition(Field.SESSION, (session,))
    return replace(query, conditions=(*query.conditions, only))


def _put(store: OpenStore, hits: Iterable[Hit]) -> None:
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.session, []).append(hit)
    ids = ShortIds(store.sessions())
    for session, found in groups.items():
        output.put(f"{ids.of(session)}  {output.line(found[0].branches[0].title)}")
        for hit in found:
            _put_hit(hit)


def _put_hit(hit: Hit) -> None:
    others = len(hit.branches) - 1
    head = f"  #{hit.event.index + 1:<7,}{hit.event.kind.label:<13} "
    tail = f"  (in {count(others, 'other branch', 'other branches')} too)" if others else ""
    columns = output.width()
    text = output.line(hit.snippet.text)
    if columns is not None:
        text = tables.shorten(text, max(columns - len(head) - len(tail), 20))
    output.put(head + text + tail)


def as_json(hit: Hit) -> dict[str, Any]:
    """A hit as the JSON of docs/cli.md."""
    event = hit.event
    return {
        "session": hit.session,
        "title": hit.branches[0].title,
        "index": event.index,
        "kind": event.kind.label,
        "role": event.role.label,
        "origin": event.origin.label,
        "ts": event.ts,
        "tool": tool_of(event),
        "is_error": event.is_error,
        "text": hit.snippet.text,
        "marks": [list(span) for span in hit.snippet.marks],
        "branches": [
            {"session": b.session, "title": b.title, "relation": b.relation, "index": b.index}
            for b in hit.branches
        ],
    }
