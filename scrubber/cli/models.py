"""``scrubber models``: the endpoints and files whose models branches may be run with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.cli import output, tables
from scrubber.cli.arguments import Commands, add_command, add_json
from scrubber.cli.failures import DONE, FAILED, PARTLY
from scrubber.core.errors import BadArgumentError

if TYPE_CHECKING:
    import argparse

    from scrubber.live.endpoints import Endpoint
    from scrubber.live.providers.trying import Trial


def add(commands: Commands) -> None:
    """Add the command, which has commands of its own."""
    parser = add_command(
        commands, "models", run_list, "list, add, try the models that branches may be run with"
    )
    parser.set_defaults(name=None)
    add_json(parser, "an object a line for each endpoint")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    listed = add_command(actions, "list", run_list, "list endpoints, or the models of one")
    listed.add_argument("name", metavar="NAME", nargs="?", help="ask this one for its models")
    add_json(listed, "an object a line", is_action=True)
    _add_add(actions)
    removed = add_command(actions, "remove", run_remove, "forget an endpoint, and its key")
    removed.add_argument("name", metavar="NAME", help="the endpoint's name")
    tested = add_command(actions, "test", run_test, "ask models for a word")
    tested.add_argument(
        "names", metavar="NAME", nargs="+", help="an endpoint's name, or local:FILE"
    )
    tested.add_argument("--model", metavar="M", default="", help="ask this model")
    add_json(tested, "an object a line for each endpoint", is_action=True)
    key = add_command(
        actions, "key", run_key, "put a key, read from stdin, into the system's key ring"
    )
    key.add_argument("name", metavar="NAME", help="the endpoint's name")
    key.add_argument("--remove", action="store_true", help="take it out instead")


def _add_add(actions: Commands) -> None:
    parser = add_command(actions, "add", run_add, "add a server, or a GGUF file")
    parser.add_argument("name", metavar="NAME", help="its name, as in continue --provider NAME")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--url", metavar="URL", help="its base address, as in http://host:8000/v1")
    where.add_argument("--file", metavar="FILE", help="a GGUF file that this program runs")
    parser.add_argument(
        "--api", metavar="API", default="openai", help="what it speaks: openai, or anthropic"
    )
    parser.add_argument(
        "--kind", metavar="KIND", default="", help="what it is: ollama, llamacpp, vllm, lmstudio"
    )
    parser.add_argument("--model", metavar="M", default="", help="asked for if no other is named")
    parser.add_argument("--window", metavar="N", type=int, help="tokens that its model can hold")
    parser.add_argument(
        "--patience",
        metavar="S",
        type=float,
        default=600.0,
        help="seconds without a byte after which it is given up (600)",
    )
    add_json(parser, "one object", is_action=True)


def run_list(args: argparse.Namespace) -> int:
    """List the endpoints, or what one of them has."""
    from scrubber.api import endpoints

    if args.name:
        return _list_models(args)
    known = [(one, endpoints.key_origin(one)) for one in endpoints.endpoints()]
    if args.json:
        for one, key in known:
            output.put_json(as_json(one) | {"key": key})
        return DONE
    rows = [
        (one.name, one.api, one.url or one.file, one.model or "—", _key_cell(one, key))
        for one, key in known
    ]
    heads = ("NAME", "API", "ADDRESS OR FILE", "MODEL", "KEY")
    for line in tables.table(heads, rows, width=output.width()):
        output.put(line)
    return DONE


def _key_cell(endpoint: Endpoint, origin: str | None) -> str:
    return origin or ("missing" if endpoint.needs_key else "—")


def _list_models(args: argparse.Namespace) -> int:
    from scrubber.api import endpoints

    found = endpoints.served(args.name)
    if args.json:
        for one in found:
            output.put_json({"model": one.name, "window": one.window})
        return DONE
    rows = [(one.name, f"{one.window:,}" if one.window else "—") for one in found]
    for line in tables.table(("MODEL", "WINDOW"), rows, width=output.width()):
        output.put(line)
    return DONE


def run_add(args: argparse.Namespace) -> int:
    """Add an endpoint."""
    from scrubber.api import endpoints
    from scrubber.live.endpoints import Endpoint

    added = endpoints.add(
        Endpoint(
            args.name, args.url or "", args.api, args.kind, args.model, args.window,
            args.file or "", args.patience,
        )
    )  # fmt: skip
    if args.json:
        output.put_json(as_json(added))
    else:
        output.say(f"added {added.name}; try it: scrubber models test {added.name}")
    return DONE


def run_remove(args: argparse.Namespace) -> int:
    """Forget an endpoint."""
    from scrubber.api import endpoints

    endpoints.remove(args.name)
    output.say(f"removed {args.name}")
    return DONE


def run_test(args: argparse.Namespace) -> int:
    """Ask each of them for a word."""
    from scrubber.api import endpoints

    good = 0
    for name in args.names:
        trial = endpoints.try_endpoint(name, args.model)
        good += not trial.error
        if args.json:
            output.put_json(_trial_json(trial))
        elif trial.error:
            output.say(f"scrubber models: {trial.error}")
        else:
            output.put(_trial_line(trial))
    if good == len(args.names):
        return DONE
    return PARTLY if good else FAILED


def _trial_line(trial: Trial) -> str:
    window = f", holds {trial.window:,} tokens" if trial.window else ""
    said = output.line(trial.text) or "(nothing)"
    name = trial.endpoint.title
    return f"{name}: {trial.model} answers in {trial.seconds:.1f} s{window}: {said}"


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.endpoint.name,
        "ok": not trial.error,
        "error": trial.error or None,
        "model": trial.model or None,
        "seconds": round(trial.seconds, 3),
        "text": trial.text,
        "window": trial.window,
        "tokens": trial.usage.total if trial.usage else None,
        "cost_micros": trial.usage.cost_micros if trial.usage else None,
    }


def run_key(args: argparse.Namespace) -> int:
    """Keep a key, or forget it; it is never an argument, which others could read."""
    from scrubber.api import endpoints

    if args.remove:
        if not endpoints.forget_key(args.name):
            raise BadArgumentError(f"the key ring has no key for {args.name!r}")
        output.say(f"the key of {args.name} is forgotten")
        return DONE
    endpoints.store_key(args.name, output.ask_secret(f"key of {args.name}: "))
    output.say(f"the key of {args.name} is in the key ring")
    return DONE


def as_json(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as the JSON of docs/cli.md."""
    return {
        "name": endpoint.name,
        "api": endpoint.api,
        "kind": endpoint.kind or None,
        "url": endpoint.url or None,
        "file": endpoint.file or None,
        "model": endpoint.model or None,
        "window": endpoint.window,
        "patience": endpoint.patience,
        "builtin": endpoint.is_builtin,
    }
