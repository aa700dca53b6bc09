"""All measurements of the site's speed, each with its bars: `make bench`.

    python -m tests.bench [PART …] [--kinds sqlite postgresql] [--articles 100000 1000000] [--folder …]

Parts are pages, counting, versions, schedule, reloads, memory, start, scale, views, importing and pictures; without one all of
them run, for some 80 minutes. Figures go to FOLDER/bench.json, every bar to FOLDER/bars.md, a plot of the pages to
FOLDER/pages-<kind>.svg. The chat's measurements are commands of their own: chat_load and chat_faults.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from tests.bench import (
    counting,
    importing,
    memory,
    pages,
    pictures,
    reloads,
    scale,
    schedule,
    start,
    versions,
    views,
)
from tests.bench.bars import bars_markdown, exit_status, print_bars, write_json
from tests.bench.plot import bars_svg
from tests.servers import ROOT

NOT_DRAWN = (
    "first render, not compressed",
    "staff, not compressed",
)  # their bars would look like their neighbours'


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--kinds", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--articles", nargs="+", type=int, default=[100_000, 1_000_000], help="for scale")
    parser.add_argument("--folder", type=Path, default=ROOT / "var/bench")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for part in options.parts or PARTS:
        for kind in options.kinds if part != "pictures" else ["any database"]:
            print(f"\n== {part}, {kind} ==", flush=True)
            runs.append({"part": part, "kind": kind, **PARTS[part](kind, options)})
            write_json(options.folder / "bench.json", runs)
            (options.folder / "bars.md").write_text(bars_markdown(runs))
    print()
    print_bars([bar for run in runs for bar in run["bars"]])
    return exit_status(runs)


def _pages(kind, options):
    result = pages.run(kind)
    pages.print_result(result)
    rows = list(result.rows())
    drawn = [_drawn(row) for row in rows if not row["page"].endswith(NOT_DRAWN)]
    plot = bars_svg(f"Answers a second, {kind}, 2 cores, 16 connections", drawn)
    (options.folder / f"pages-{kind}.svg").write_text(plot)
    return {"rows": rows, "bars": list(result.bars())}


def _scale(kind, options):
    """A site of each size beside one of a thousand articles; each bar names its size."""
    runs = {articles: scale.run(kind, articles) for articles in options.articles}
    bars = [
        replace(bar, what=f"{articles:,} articles: {bar.what}")
        for articles, run in runs.items()
        for bar in run["bars"]
    ]
    return {"sizes": {articles: {**run, "bars": None} for articles, run in runs.items()}, "bars": bars}


def _drawn(row):
    name = row["page"]
    others = (pages.WAGTAIL, pages.BY_HAND)
    is_floor = name in (pages.FIXED, pages.BARE)
    return name, "floor" if is_floor else "others" if name.startswith(others) else "ours", row["answers/s"]


PARTS = {
    "pages": _pages,
    "counting": lambda kind, options: counting.run(kind),
    "versions": lambda kind, options: versions.run(kind),
    "schedule": lambda kind, options: schedule.run(kind),
    "reloads": lambda kind, options: reloads.run(kind),
    "memory": lambda kind, options: memory.run(kind),
    "start": lambda kind, options: start.run(kind),
    "scale": _scale,
    "views": lambda kind, options: views.bench(kind, requests=200_000, kills=20, reloads=5),
    "importing": lambda kind, options: importing.bench(kind, pages=10_000, pictures=0.1),
    "pictures": lambda kind, options: pictures.run(),
}


if __name__ == "__main__":
    raise SystemExit(main())
