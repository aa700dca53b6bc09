"""The command line of a measurement that runs for one kind of database after the other."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tests.bench.bars import exit_status, print_bars, write_json


def run_for_kinds(doc: str, bench: Callable[..., dict], **numbers) -> int:
    """Read KIND …, --json and an option for each of `numbers`, with its default; 0 where every bar is met.

    `bench(kind, **numbers)` returns figures and, under "bars", their bars.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=f"default: {default}")
    options = parser.parse_args()
    runs = []
    for kind in options.kinds or ("sqlite", "postgresql"):
        print(f"\n{kind}", flush=True)
        runs.append({"kind": kind, **bench(kind, **{name: getattr(options, name) for name in numbers})})
        print_bars(runs[-1]["bars"])
    write_json(options.json, runs)
    return exit_status(runs)
