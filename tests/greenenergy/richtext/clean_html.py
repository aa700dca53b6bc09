"""What counts as clean HTML, checked with another parser than the one that cleaned it."""

import re
from html.parser import HTMLParser

from greenenergy.richtext.sanitizer import ATTRIBUTES, TAGS


class Reader(HTMLParser):
    """What a browser would see: every tag with its attributes."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def assert_clean(html: str) -> None:
    """No tag and no attribute but those allowed, and no URL that runs a script or loads from another host."""
    for tag, attributes in Reader(html).tags:
        assert tag in TAGS, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()), html
        for name in ("href", "src"):
            value = re.sub(r"[\x00-\x20]", "", attributes.get(name) or "").lower()
            first = re.split(r"[/?#]", value, maxsplit=1)[0]  # a colon further on is no scheme's
            assert ":" not in first or re.match(r"(https?|mailto|tel):", first), html
            assert name == "href" or not re.match(r"(https?:)?//", value), html
    assert "<!--" not in html
    assert "\0" not in html
