"""How things look on a page."""

import re


def computed_style(page, selector, name):
    """A CSS property of the first element that the selector finds."""
    return page.eval_on_selector(selector, f"(element) => getComputedStyle(element)['{name}']")


def font_size(page, selector):
    """In CSS pixels."""
    return float(computed_style(page, selector, "font-size").removesuffix("px"))


def brightness(page, selector, name="background-color"):
    """Of a color, from 0 (black) to 255 (white)."""
    return sum(map(int, re.findall(r"\d+", computed_style(page, selector, name))[:3])) / 3
