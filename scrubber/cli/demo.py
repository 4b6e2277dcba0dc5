"""``scrubber demo``: the sample session, in the window, or step by step without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli import demo_store, output
from scrubber.cli.arguments import Commands, add_command, opened
from scrubber.cli.demo_steps import Steps
from scrubber.cli.open_ import has_display, open_window

if TYPE_CHECKING:
    import argparse

DEFAULT_OUTPUT = "scrubber-demo"


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands, "demo", run, "open the sample; without a display, step through it"
    )
    parser.add_argument("--headless", action="store_true", help="step by step, also with a display")
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=Path(DEFAULT_OUTPUT),
        help=f"where the step-by-step run writes its files; ./{DEFAULT_OUTPUT} if not given",
    )


def run(args: argparse.Namespace) -> int:
    """Bring the sample into a store of its own, and show what the program does with it."""
    args.store = args.store or str(demo_store.default_path())
    if not args.headless and has_display():
        with opened(args) as store:
            sample = demo_store.import_sample(store)
            demo_store.fork_sample(store, sample)
        return open_window(Path(args.store), [])
    if not args.headless:
        output.put("There is no display here, so this is the demo without its window.\n")
    with opened(args) as store:
        return Steps(store, args.output).run()
