"""What a saved page says of its article outside its visible text: <title>, <meta>, JSON-LD, and its old URL."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from .characters import one_line
from .dates import find_date, parse_moment
from .tag_line import split_line

_READ = 500_000  # characters, within which the head of a page is looked for
_MOST_SCRIPTS = 20
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_META = re.compile(r"<(?:meta|link)\s([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:-]{1,30})\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_JSON_LD = re.compile(r"<script[^<>]{0,200}application/ld\+json[^<>]{0,200}>", re.IGNORECASE)
_SAVED_FROM = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,6}\)|Mirrored from |Page saved with SingleFile\s{1,9}url: )(\S{1,2000})"
)
_HOME = re.compile(r"/?(?:(?:index|default|home|main)\.\w{2,5})?", re.IGNORECASE)

# Names of <meta>; a colon is part of some. The first that is given counts.
_TITLES = ("articletitle", "og:title", "twitter:title")
_DATES = (
    "pubdate", "article:published_time", "publishdate", "publish_date", "publish-date", "publishtime", "datepublished",
    "og:release_date", "bytedance:published_time", "weibo: article:create_at", "dc.date.issued", "originalpublicationdate",
)  # fmt: skip
_ARTICLES = {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "TechArticle"}


@dataclass
class PageHead:
    """`titles`: what <title> and others call the page, often with the site's name; `title`: what is the article's for certain.

    `url`: the page's own, '' for a home page.
    """

    titles: list[str] = field(default_factory=list)
    title: str = ""
    published_at: datetime | None = None
    source: str = ""
    author: str = ""
    section: str = ""
    tags: list[str] = field(default_factory=list)
    url: str = ""
    is_html: bool = False


def read_head(markup: str) -> PageHead:
    """The head of a page; what is missing or malformed stays empty."""
    markup = markup[:_READ]
    title = _TITLE.search(markup)
    said, canonical = _meta_of(markup)
    articles = list(_json_ld_articles(markup))
    saved = _SAVED_FROM.search(markup[:20_000])
    head = PageHead(
        [one_line(unescape(title[1])) if title else "", *(said.get(name, "") for name in _TITLES)],
        published_at=_first_date(said.get(name, "") for name in _DATES),
        source=said.get("contentsource", ""),
        section=said.get("columnname", "") or said.get("article:section", ""),
        title=said.get("articletitle", ""),
        is_html=True,
        url=next(
            filter(is_own_url, [_with_scheme(saved[1]) if saved else "", canonical, said.get("og:url", "")]),
            "",
        ),
    )
    if "articletitle" in said:  # only then author and keywords are the article's and not the site's
        head.author = said.get("author", "")
        head.tags = split_line(said.get("keywords", ""))
    for article in articles:
        _add_json_ld(head, article)
    head.titles = list(dict.fromkeys(filter(None, head.titles)))
    return head


def is_own_url(url: str) -> bool:
    """Whether a URL can be that of one page: a path or http(s), and no home page, which sites name on all their pages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") and (parts.scheme or not url.startswith("/")):
        return False
    return bool(parts.query) or not _HOME.fullmatch(parts.path)


def _with_scheme(url):
    return url if "://" in url else f"http://{url}"  # HTTrack leaves it out


def _meta_of(markup):
    """({name in lower case: content}, the canonical URL)."""
    said, canonical = {}, ""
    for tag in _META.findall(markup):
        attributes = {
            name.lower(): one_line(unescape(double or single or bare))
            for name, double, single, bare in _ATTRIBUTE.findall(tag)
        }
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        said.setdefault(name.lower(), attributes.get("content", ""))
        if attributes.get("rel", "").lower() == "canonical":
            canonical = canonical or attributes.get("href", "")
    return said, canonical


def _json_ld_articles(markup) -> Iterator[dict]:
    for start in islice(_JSON_LD.finditer(markup), _MOST_SCRIPTS):
        end = markup.find("</script", start.end())
        try:
            found = json.loads(markup[start.end() : end]) if end > 0 else None
        except (ValueError, RecursionError):
            continue
        found = found.get("@graph", found) if isinstance(found, dict) else found
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, dict) and (
                _is_article(item.get("@type")) or "pubDate" in item
            ):  # Baidu's has no type
                yield item


def _is_article(kind):
    return any(
        name in _ARTICLES for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)
    )


def _add_json_ld(head, article):
    title = _text(article.get("headline")) or _text(article.get("title"))
    head.titles.append(title)
    head.title = head.title or title
    head.published_at = head.published_at or _first_date(
        _text(article.get(name)) for name in ("datePublished", "pubDate", "dateCreated")
    )
    head.author = head.author or _text(article.get("author"))
    head.section = head.section or _text(article.get("articleSection"))
    head.url = head.url or next(filter(is_own_url, (_text(article.get(name)) for name in ("url", "@id"))), "")


def _text(value):
    """The text of a JSON-LD value: a string, or the name of an object; of a list its first."""
    value = next(iter(value), "") if isinstance(value, list) else value
    value = value.get("name") if isinstance(value, dict) else value
    return one_line(unescape(value)) if isinstance(value, str) else ""


def _first_date(texts):
    return next(filter(None, (parse_moment(text) or find_date(text) for text in texts if text)), None)
