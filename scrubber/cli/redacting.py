"""``--redact`` and ``--redact-list`` of exports: which secrets are replaced."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.cli import output
from scrubber.cli.arguments import cut
from scrubber.cli.progress import progress_line
from scrubber.core.ages import count
from scrubber.core.errors import BadArgumentError
from scrubber.core.redaction import Wanted

if TYPE_CHECKING:
    import argparse

    from scrubber.api import OpenStore
    from scrubber.core.redaction import Finding


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``export``."""
    parser.add_argument(
        "--redact", action="store_true", help="replace what is surely a secret by placeholders"
    )
    add_list(parser)


def add_list(parser: argparse.ArgumentParser) -> None:
    """``--redact-list``."""
    parser.add_argument(
        "--redact-list", metavar="FILE", help="choices, as `scrubber redact --json` writes them"
    )


def chosen(store: OpenStore, session: str, args: argparse.Namespace) -> list[Finding] | None:
    """The secrets that an export replaces, None if it replaces none; says what it leaves."""
    if not args.redact and args.redact_list is None:
        return None
    found = scan(store, session, args)
    left = [one for one in found if not one.replace]
    if left:
        output.say(
            f"note: {count(len(left), 'other text looks', 'other texts look')} like secrets and "
            f"stay: see scrubber redact {session[:8]}"
        )
    return found


def scan(
    store: OpenStore,
    session: str,
    args: argparse.Namespace,
    wanted: Wanted | None = None,
) -> list[Finding]:
    """What looks like a secret, with the choices of the list that was named."""
    wanted = wanted or Wanted()
    choices: dict[str, bool] = {}
    if args.redact_list is not None:
        choices, listed = read_list(Path(args.redact_list))
        wanted = Wanted(wanted.texts + listed.texts, wanted.patterns + listed.patterns)
    at = cut(store.session(session), args.at)
    with progress_line() as line:
        found = store.secrets(
            session,
            at,
            tree=args.tree,
            against=args.against,
            wanted=wanted,
            progress=line.progress(),
        )
    for one in found:
        one.replace = choices.get(one.digest, one.replace)
    return found


def read_list(path: Path) -> tuple[dict[str, bool], Wanted]:
    """(choices by digest, what the user adds) of a list; a BadArgumentError names its bad line."""
    choices: dict[str, bool] = {}
    texts: list[str] = []
    patterns: list[re.Pattern[str]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        item = _item(line, f"{path}:{number}")
        if "text" in item:
            texts.append(checked_text(item["text"]))
        elif "regex" in item:
            patterns.append(pattern(item["regex"]))
        else:
            choices[item["digest"]] = item["replace"]
    return choices, Wanted(tuple(texts), tuple(patterns))


def _item(line: str, where: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise BadArgumentError(f"{where}: no JSON ({error})") from None
    if isinstance(item, dict):
        if isinstance(item.get("text"), str) or isinstance(item.get("regex"), str):
            return item
        if isinstance(item.get("digest"), str) and isinstance(item.get("replace"), bool):
            return item
    raise BadArgumentError(f"{where}: neither a choice (digest, replace) nor a text nor a regex")


def checked_text(text: str) -> str:
    """A text to be replaced, if it says anything."""
    if not text.strip():
        raise BadArgumentError("a text to be replaced must not be empty")
    return text


def pattern(words: str) -> re.Pattern[str]:
    """A regular expression as typed; a BadArgumentError says what is wrong with it."""
    try:
        compiled = re.compile(words)
    except re.error as error:
        raise BadArgumentError(f"{words!r} is no regular expression: {error}") from None
    if compiled.match(""):
        raise BadArgumentError(f"{words!r} finds nothing at all, everywhere")
    return compiled
