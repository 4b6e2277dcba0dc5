"""``scrubber export``: a session up to an index, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli import output, redacting, to_agent
from scrubber.cli.arguments import Commands, add_at, add_command, add_json, add_session, cut, opened
from scrubber.cli.failures import DONE, FAILED
from scrubber.cli.progress import progress_line
from scrubber.core.ages import bytes_text
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore
    from scrubber.core.session import Session


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(commands, "export", run, "write a session, or its beginning, as a file")
    add_session(parser)
    add_at(parser, "only the first E events")
    parser.add_argument(
        "--format",
        metavar="F",
        help="see `scrubber formats`; native if not given, with --to-agent the session's own",
    )
    parser.add_argument(
        "--tree", action="store_true", help="with everything below it (native and html)"
    )
    parser.add_argument(
        "--against", metavar="B", help="the session that is less good than this one (pairs only)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="- is stdout, as without"
    )
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
    to_agent.add_options(parser)
    redacting.add_options(parser)
    add_json(parser, "one object about the file; needs -o FILE, or --to-agent")


def run(args: argparse.Namespace) -> int:
    """Export to a file or to stdout; what the format cannot hold is said on stderr."""
    to_agent.check_options(args)
    if args.to_agent:
        return to_agent.run(args)
    args.format = args.format or "native"
    if args.json and args.output == "-":
        raise BadArgumentError("--json describes a file that was written: it needs -o FILE")
    if Path(args.output).is_dir():
        raise BadArgumentError(f"{args.output} is a folder: name a file in it")
    with opened(args, read_only=True) as store:
        session = store.session(args.session)
        args.at = cut(session, args.at)
        args.secrets = redacting.chosen(store, session.id, args)
        losses = store.export_losses(session.id, args.at, args.format, args.against, args.secrets)
        for loss in losses:
            output.say(f"note: {loss}")
        if args.output == "-":
            return _to_stdout(store, session, args)
        return _to_file(store, session, args, losses)


def _to_stdout(store: OpenStore, session: Session, args: argparse.Namespace) -> int:
    with progress_line(False if output.width() else None) as line:
        progress = line.progress()
        for piece in store.export(
            session.id, args.at, args.format, args.tree, args.against, args.secrets
        ):
            output.put_bytes(piece)
            progress.advance(len(piece))
    return DONE


def _to_file(
    store: OpenStore, session: Session, args: argparse.Namespace, losses: list[str]
) -> int:
    path = Path(args.output)
    try:
        with progress_line() as line:
            size = store.export_to(
                path,
                session.id,
                args.at,
                args.format,
                tree=args.tree,
                against=args.against,
                overwrite=args.force,
                progress=line.progress(),
                redact=args.secrets,
            )
    except FileExistsError:
        output.say(f"scrubber export: {path}: there is a file already; --force overwrites it")
        return FAILED
    if args.json:
        _put_json(session, args, size, losses)
    else:
        output.say(f"{path}: {bytes_text(size)} written")
    return DONE


def _put_json(session: Session, args: argparse.Namespace, size: int, losses: list[str]) -> None:
    output.put_json(
        {
            "session": session.id,
            "at": args.at,
            "format": args.format,
            "path": str(Path(args.output).absolute()),
            "bytes": size,
            "losses": losses,
        }
    )
