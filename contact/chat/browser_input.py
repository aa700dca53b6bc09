"""What a visitor's browser sends, cut to size and never trusted: texts, URLs, the page that is open."""

from dataclasses import dataclass, field

from greenenergy.text import characters

from .limits import MAX_EARLIER_PAGES


@dataclass(frozen=True)
class Location:
    """The page that the visitor has open, and how they came there."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    earlier: list[dict[str, str]] = field(default_factory=list)  # {"url", "title"}, the oldest first

    @classmethod
    def from_browser(cls, data: object) -> "Location":
        """Read a JSON object, or its text (beside a file, the form field is text). Anything else gives an empty one."""
        if isinstance(data, str):
            data = characters.read_json(data)
        if not isinstance(data, dict):
            return cls()
        earlier = data.get("earlier")
        pages = [page for page in earlier if isinstance(page, dict)] if isinstance(earlier, list) else []
        return cls(
            link_url(data.get("url")),
            one_line(data.get("title"), 200),
            link_url(data.get("referrer")),
            [
                {"url": link_url(page.get("url")), "title": one_line(page.get("title"), 200)}
                for page in pages[-MAX_EARLIER_PAGES:]
            ],
        )


def clean_text(text: object) -> str:
    """A line as it is stored: without what is never part of a text, and without blanks around it."""
    return characters.clean_text(text).strip() if isinstance(text, str) else ""


def one_line(text: object, length: int) -> str:
    return " ".join(clean_text(text).split())[:length]


def link_url(text: object) -> str:
    """A URL that may become a link: http, https or a path of this site; '' where it is none."""
    url = one_line(text, 500)
    is_path = url.startswith("/") and url[1:2] != "/"  # //example.com is another host
    return url if is_path or url.startswith(("http://", "https://")) else ""
