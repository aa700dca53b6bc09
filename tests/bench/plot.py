"""Answers a second as bars of an SVG: each page beside the floor and beside other sites, on a logarithmic scale."""

import math
from html import escape

ROW, BAR, LEFT, WIDTH, RIGHT = 22, 14, 250, 420, 90
COLORS = {"floor": "#8a8f98", "ours": "#0f6b43", "others": "#c77d0a"}
NAMES = {"floor": "the floor: the same worker, no work", "ours": "this site", "others": "other sites"}


def bars_svg(title: str, rows: list[tuple[str, str, float]]) -> str:
    """`rows`: (label, a key of COLORS, answers a second), drawn in this order."""
    top, height = 62, 62 + ROW * len(rows) + 12
    scale = WIDTH / math.log10(max(rate for _label, _kind, rate in rows))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" '
        f'font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="{escape(title)}">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="600">{escape(title)}</text>',
        *_legend(),
    ]
    for number, (label, kind, rate) in enumerate(rows):
        y = top + ROW * number
        width = max(2, scale * math.log10(max(rate, 1)))
        parts += [
            f'<text x="{LEFT - 8}" y="{y + BAR - 2}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{COLORS[kind]}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{y + BAR - 2}" fill="#333">{rate:,.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _legend():
    for number, (kind, name) in enumerate(NAMES.items()):
        x = 12 + 250 * number
        yield f'<rect x="{x}" y="36" width="12" height="12" rx="2" fill="{COLORS[kind]}"/>'
        yield f'<text x="{x + 18}" y="47" fill="#333">{name}</text>'
