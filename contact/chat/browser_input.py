"""What a visitor's browser says, cut to size and never trusted: texts, addresses, where the visitor is."""

import json
from dataclasses import dataclass, field

PAGES_KEPT = 20  # of those seen before


@dataclass(frozen=True)
class Page:
    """Where the visitor is, as their browser tells; whatever it says is cut to size and never trusted."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    earlier: list[dict] = field(default_factory=list)  # {"url", "title"}

    @classmethod
    def from_browser(cls, data) -> "Page":
        if isinstance(data, str):  # beside a file it comes as text
            try:
                data = json.loads(data)
            except (ValueError, RecursionError):
                data = None
        if not isinstance(data, dict):
            return cls()
        earlier = data.get("earlier")
        pages = [page for page in earlier if isinstance(page, dict)] if isinstance(earlier, list) else []
        return cls(
            link_address(data.get("url")),
            one_line(data.get("title"), 200),
            link_address(data.get("referrer")),
            [
                {"url": link_address(page.get("url")), "title": one_line(page.get("title"), 200)}
                for page in pages[-PAGES_KEPT:]
            ],
        )


def clean_text(text) -> str:
    """A line as it is stored: without control characters but line breaks, and without blanks around it."""
    if not isinstance(text, str):
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    ).strip()


def one_line(text, length):
    return " ".join(clean_text(text).split())[:length]


def link_address(text):
    """An address that may become a link: http, https or a path of this site."""
    text = one_line(text, 500)
    return (
        text
        if text.startswith(("http://", "https://")) or (text.startswith("/") and text[1:2] != "/")
        else ""
    )
