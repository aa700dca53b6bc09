"""Answers a second as bars of an SVG, on a logarithmic scale: pages, the fixed answer, other sites."""

import math
from html import escape

ROW, BAR, LEFT, WIDTH, RIGHT, TOP = 22, 14, 260, 420, 80, 84
COLORS = {"floor": "#8a8f98", "ours": "#0f6b43", "others": "#c77d0a"}
NAMES = {"floor": "the same worker without work", "ours": "this site", "others": "other sites"}


def bars_svg(title: str, rows: list[tuple[str, str, float]]) -> str:
    """`rows`: (label, a key of COLORS, answers a second), drawn in this order."""
    height = TOP + ROW * len(rows) + 12
    decades = math.log10(max(rate for _label, _kind, rate in rows))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" '
        f'font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="{escape(title)}">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
        *_legend(),
        *_grid(decades, height),
    ]
    for number, (label, kind, rate) in enumerate(rows):
        y = TOP + ROW * number
        width = max(2, WIDTH * math.log10(max(rate, 1)) / decades)
        parts += [
            f'<text x="{LEFT - 8}" y="{y + BAR - 2}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{COLORS[kind]}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{y + BAR - 2}" fill="#333" stroke="#fff" stroke-width="3" '
            f'paint-order="stroke">{rate:,.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _legend():
    x = 12
    for kind, name in NAMES.items():
        yield f'<rect x="{x}" y="36" width="12" height="12" rx="2" fill="{COLORS[kind]}"/>'
        yield f'<text x="{x + 18}" y="47" fill="#333">{name}</text>'
        x += 50 + 7 * len(name)


def _grid(decades, height):
    """A line for each power of ten: equal distances are equal factors."""
    yield f'<text x="{LEFT - 8}" y="{TOP - 14}" text-anchor="end" fill="#666">each line is ten times the one before</text>'
    for power in range(int(decades) + 1):
        x = LEFT + WIDTH * power / decades
        yield f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height - 8}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{TOP - 14}" text-anchor="middle" fill="#666">{10**power:,}</text>'
