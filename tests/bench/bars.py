"""The bars that a measurement has to meet, and whether it did."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.sites import print_table


@dataclass(frozen=True)
class Bar:
    """`wanted` and `figure` are texts for people, with their units."""

    what: str
    wanted: str
    figure: str
    is_met: bool

    @classmethod
    def at_most(cls, what: str, figure: float, limit: float, unit: str = "") -> "Bar":
        unit = f" {unit}" if unit else ""
        return cls(what, f"≤ {limit:g}{unit}", f"{figure:g}{unit}", figure <= limit)


def print_bars(bars: list[Bar]) -> None:
    """A table, and below it the names of the bars that are not met."""
    print_table(
        [
            {
                "": "ok" if bar.is_met else "SHORT",
                "what": bar.what,
                "wanted": bar.wanted,
                "figure": bar.figure,
            }
            for bar in bars
        ]
    )
    short = [bar.what for bar in bars if not bar.is_met]
    print(f"Falls short: {'; '.join(short)}." if short else "Every bar is met.", flush=True)


def bars_markdown(runs: list[dict]) -> str:
    """Every bar beside its figure, as a table of Markdown; each run has "part", "kind" and "bars"."""
    rows = ["| | part | what | wanted | figure |", "|---|---|---|---|---|"]
    for run in runs:
        part = f"{run['part']}, {run['kind']}"
        for bar in run["bars"]:
            what = bar.what.removeprefix(f"{run['kind']}: ")
            rows.append(f"| {'✓' if bar.is_met else '✗'} | {part} | {what} | {bar.wanted} | {bar.figure} |")
    return "\n".join(rows) + "\n"


def write_json(path: Path | None, runs: list[dict]) -> None:
    """Write all runs where a path is given; each is figures and, under "bars", their bars."""
    if path:
        plain = [{**run, "bars": [asdict(bar) for bar in run["bars"]]} for run in runs]
        path.write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n")


def exit_status(runs: list[dict]) -> int:
    """0 where every bar of every run is met."""
    return 0 if all(bar.is_met for run in runs for bar in run["bars"]) else 1
