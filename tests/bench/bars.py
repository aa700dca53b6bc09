"""What a measurement has to reach, and whether it did."""

from dataclasses import dataclass

from tests.bench.sites import print_table


@dataclass(frozen=True)
class Bar:
    """`wanted` and `figure` are texts for a reader, with their units."""

    what: str
    wanted: str
    figure: str
    is_met: bool


def print_bars(bars: list[Bar]) -> None:
    """A table, and under it the names of the bars that fall short."""
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
    print(f"Falls short: {'; '.join(short)}." if short else "Every bar is met.")
