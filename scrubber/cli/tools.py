"""``scrubber tools``: the MCP servers whose tools branches may use."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables, tool_trials
from scrubber.cli.arguments import Commands, add_command, add_json
from scrubber.cli.failures import DONE, FAILED, PARTLY
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.live.servers import Server


class _Parser(argparse.ArgumentParser):
    """Leaves what stands behind ``--`` alone: options in front of it would end the positionals."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str], namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        words = list(args)
        end = words.index("--") if "--" in words else len(words)
        found, rest = super().parse_known_args(words[:end], namespace)
        found.words = words[end + 1 :]
        return found, rest


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(
        commands, "tools", run_list, "list, add, enable, try the MCP servers that branches may use"
    )
    add_json(parser, "an object a line for each server")
    maker: type[argparse.ArgumentParser] = _Parser
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", title="actions", parser_class=maker
    )
    add_json(
        add_command(actions, "list", run_list, "list the servers"),
        "an object a line",
        is_action=True,
    )
    _add_add(actions)
    imported = add_command(
        actions, "import", run_import, "add the servers of another program's settings; enables none"
    )
    imported.add_argument("file", metavar="FILE", help=".mcp.json, or what is like it")
    imported.add_argument("names", metavar="NAME", nargs="*", help="only these; else all")
    add_json(imported, "an object a line for each server", is_action=True)
    for name, run, help in (
        ("remove", run_remove, "forget servers"),
        ("enable", run_enable, "let branches use servers"),
        ("disable", run_disable, "let no branch use servers any more"),
    ):
        parser = add_command(actions, name, run, help)
        parser.add_argument("names", metavar="NAME", nargs="+", help="the server's name")
    key = add_command(
        actions, "key", run_key, "put a secret, typed or from stdin, into the system's key ring"
    )
    key.add_argument("name", metavar="NAME", help="as in ${NAME} in the settings of servers")
    key.add_argument("--remove", action="store_true", help="take it out instead")
    tool_trials.add(actions)


def _add_add(actions: Commands) -> None:
    parser = add_command(
        actions, "add", run_add, "add a server: by its address, or by its command behind a --"
    )
    parser.usage = "%(prog)s [options] NAME (--url URL | -- COMMAND…)"
    parser.add_argument("name", metavar="NAME", help="its name, as in mcp__NAME__TOOL")
    parser.add_argument("--url", metavar="URL", help="its address, if it is on streamable HTTP")
    parser.add_argument(
        "--env", metavar="NAME=VALUE", action="append", default=[], help="a variable for it"
    )
    parser.add_argument(
        "--header", metavar="NAME:VALUE", action="append", default=[], help="an HTTP header for it"
    )
    parser.add_argument("--cwd", metavar="DIR", help="the folder that it runs in; else the home")
    parser.add_argument("--enable", action="store_true", help="let branches use it")
    add_json(parser, "one object", is_action=True)


def run_list(args: argparse.Namespace) -> int:
    """List the servers."""
    from scrubber.api import tools
    from scrubber.live.servers import plain_secrets

    servers = tools.servers()
    for server in servers:
        for part, key in plain_secrets(server):
            output.say(f"server {server.name}: {part} {key} seems to hold a secret itself")
    if args.json:
        for server in servers:
            output.put_json(as_json(server))
        return DONE
    rows = [(one.name, "yes" if one.enabled else "—", one.line) for one in servers]
    for line in tables.table(("NAME", "ENABLED", "COMMAND OR ADDRESS"), rows, width=output.width()):
        output.put(line)
    output.say(f"{tools.file()}" if servers else "none is added yet: see scrubber tools add --help")
    return DONE


def run_add(args: argparse.Namespace) -> int:
    """Add a server."""
    from scrubber.api import tools

    entry: dict[str, Any] = {"url": args.url} if args.url else {}
    if args.words:
        entry |= {"command": args.words[0], "args": args.words[1:]}
    for key, pairs in (
        ("env", dict(_pair(text, "=") for text in args.env)),
        ("headers", dict(_pair(text, ":") for text in args.header)),
    ):
        if pairs:
            entry[key] = pairs
    if args.cwd:
        entry["cwd"] = args.cwd
    server = tools.add(args.name, {**entry, "enabled": args.enable})
    if args.json:
        output.put_json(as_json(server))
    elif server.enabled:
        output.say(f"added {server.name}")
    else:
        output.say(f"added {server.name}, not enabled yet: scrubber tools enable {server.name}")
    return DONE


def _pair(text: str, sign: str) -> tuple[str, str]:
    name, found, value = text.partition(sign)
    if not found or not name.strip():
        raise BadArgumentError(f"{text!r} is not NAME{sign}VALUE")
    return name.strip(), value.strip() if sign == ":" else value


def run_import(args: argparse.Namespace) -> int:
    """Add the servers of another program's settings."""
    from scrubber.api import tools

    done = tools.import_file(args.file, args.names)
    for one in done:
        if args.json:
            needs = list(one.needs)
            output.put_json(
                {
                    "name": one.name,
                    "added": not one.reason,
                    "reason": one.reason or None,
                    "needs": needs,
                }
            )
        elif one.reason:
            output.say(f"not added: {one.reason}")
        else:
            needed = (
                f"; it needs (see scrubber tools key): {', '.join(one.needs)}" if one.needs else ""
            )
            output.say(f"added {one.name}, not enabled yet{needed}")
    failed = sum(bool(one.reason) for one in done)
    return DONE if not failed else FAILED if failed == len(done) else PARTLY


def run_remove(args: argparse.Namespace) -> int:
    """Forget servers."""
    from scrubber.api import tools

    for name in args.names:
        tools.remove(name)
        output.say(f"removed {name}")
    return DONE


def run_enable(args: argparse.Namespace) -> int:
    """Let branches use servers."""
    from scrubber.api import tools

    for name in args.names:
        server = tools.enable(name)
        output.say(f"enabled {name}: branches that may run tools can start {server.line}")
    return DONE


def run_disable(args: argparse.Namespace) -> int:
    """Let no branch use servers any more."""
    from scrubber.api import tools

    for name in args.names:
        tools.enable(name, False)
        output.say(f"disabled {name}")
    return DONE


def run_key(args: argparse.Namespace) -> int:
    """Keep a secret, or forget it; it is never an argument, which others could read."""
    from scrubber.api import tools
    from scrubber.live.references import check_name

    if args.remove:
        if not tools.forget_key(args.name):
            raise BadArgumentError(f"the key ring has nothing for {args.name!r}")
        output.say(f"{args.name} is forgotten")
        return DONE
    check_name(args.name)
    tools.store_key(args.name, output.ask_secret(f"{args.name}: "))
    output.say(f"{args.name} is in the key ring")
    return DONE


def as_json(server: Server) -> dict[str, Any]:
    """A server as the JSON of docs/cli.md; what seems to be a secret is left out."""
    from scrubber.live.servers import plain_secrets

    hidden = set(plain_secrets(server))
    return {
        "name": server.name,
        "enabled": server.enabled,
        "command": server.command or None,
        "args": list(server.args),
        "env": {k: None if ("env", k) in hidden else v for k, v in server.env.items()},
        "cwd": server.cwd or None,
        "url": server.url or None,
        "headers": {k: None if ("headers", k) in hidden else v for k, v in server.headers.items()},
        "start_seconds": server.start_seconds,
        "call_seconds": server.call_seconds,
    }
