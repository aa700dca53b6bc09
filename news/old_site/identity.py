"""Which pages are the same article: those with the same title and text, and those with the same old URL."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article

from .blocks import picture_urls
from .headline import letters
from .pages import OldPage

LONG_TEXT = 60  # letters; shorter texts, such as 详见附件, are told apart by their old URLs
_COMPARED = 60  # letters of the text's beginning


@dataclass(frozen=True)
class Identity:
    """The keys of a page. `earlier` are those that versions before 0.2 stored; one of them does not look at the text."""

    url: str  # '' without an old URL
    text: str
    earlier_url: str
    earlier_page: str
    beginning: str
    is_long: bool

    @property
    def import_key(self) -> str:
        """The key that no other article may have."""
        return self.url or self.text

    @property
    def import_text(self) -> str:
        return self.text if self.is_long or not self.url else ""

    def find(self) -> tuple[Article, str] | None:
        """The article that is the same, without its body, and the reason in words; None where there is none."""
        keys = [key for key in (self.url, self.text, self.earlier_url, self.earlier_page) if key]
        same = Q(import_key__in=keys)
        if self.import_text:
            same |= Q(import_text=self.import_text)
        for article in Article.objects.filter(same).only("import_key", "import_text").order_by("pk"):
            if article.import_key in (self.url, self.earlier_url):
                return article, _("网址相同")
            if article.import_key != self.earlier_page or self._begins_like(article):
                return article, _("标题和正文相同")
        return None

    def _begins_like(self, article):
        """Whether an article with the same title, day and section has this text, and not only these three."""
        text = letters(article.body_text)
        return not text or text.startswith(self.beginning) or self.beginning.startswith(text[:_COMPARED])


def identity_of(page: OldPage) -> Identity:
    """Only what the page itself says counts: the same page under another --section is still the same."""
    text = "".join(letters(block.text) for block in page.blocks)
    files = sorted(_name_of(file.url) for block in page.blocks for file in block.files)
    if len(text) < LONG_TEXT:
        files += map(_name_of, picture_urls(page.blocks))
    moment = (
        timezone.localtime(page.published_at)
        if page.published_at and page.published_at.tzinfo
        else page.published_at
    )
    day = f"{moment:%Y-%m-%d}" if moment else ""
    return Identity(
        url=_key("address", _normal_url(page.url)) if page.url else "",
        text=text_key(page.title, text, files),
        earlier_url=_key("url", page.url) if page.url else "",
        earlier_page=_key("page", _normalized(page.title), day, _normalized(page.section)),
        beginning=text[:_COMPARED],
        is_long=len(text) >= LONG_TEXT,
    )


def text_key(title: str, text: str, files: Iterable[str] = ()) -> str:
    """`files` are the names of attachments, and of pictures where the text is short."""
    return _key("text", letters(title), letters(text), *files)


def _key(*words):
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _normal_url(url):
    """The URL without what makes no other page of it: scheme, fragment, percent-encoding, capitals of the host."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return f"{parts.netloc.lower()}{unquote(parts.path)}?{unquote(parts.query)}"


def _name_of(url):
    return unquote(url.split("?")[0].rsplit("/", 1)[-1])


def _normalized(text):
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
