"""One row of an old site's table to an OldPage: which column is what, under the names that exports give them."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from html import unescape

from django.utils.translation import gettext as _

from greenenergy.text.characters import clean_text

from .blocks import text_blocks, with_headings
from .characters import PageError, one_line, parse_views
from .dates import is_no_date, parse_moment
from .markup import html_blocks, looks_like_html
from .pages import OldPage

# Where a row has several columns for one field, the name that stands first here counts. Names are compared without
# capitals, spaces, hyphens and underscores: publishTime is publish_time.
COLUMNS = {
    "title": "title 标题 文章标题 新闻标题 题目 post_title news_title article_title subject",
    "section": "section category 栏目 所属栏目 栏目名称 分类 分类名称 category_name type_name cat_name column_name"
    " channel_name categories",
    "published_at": "published_at date 发布时间 发布日期 发表时间 日期 时间 publish_time publish_date pub_date pub_time post_date"
    " release_time input_time send_date add_time add_date 添加时间 录入时间 创建时间 create_time create_date created_at created",
    "views": "views hits 人气 浏览量 浏览次数 浏览数 点击量 点击次数 点击数 点击 阅读量 阅读次数 阅读数 view_count views_count"
    " read_count hit_count click clicks pv",
    "body": "body content 正文 内容 文章内容 新闻内容 post_content news_content article_content article_body content_html",
    "tags": "tags keywords 标签 关键词 关键字 keyword tag",
    "summary": "summary description 摘要 简介 excerpt post_excerpt intro digest",
    "source": "source 来源 文章来源 copy_from",
    "source_url": "source_url 来源网址 原文网址 原文链接",
    "author": "author 作者 writer author_name",
    "editor": "editor 责任编辑 编辑",
    "url": "url 原网址 网址 link permalink 链接",
    "status": "status post_status 状态",
}
_FIELDS = {
    "".join(re.split(r"[\s_-]+", name)): (field, rank)
    for field, names in COLUMNS.items()
    for rank, name in enumerate(names.split())
}
_UNDECODED = re.compile("[\udc80-\udcff]")
_BLOCK = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|table|section|blockquote|pre)[\s/>]", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TEXT_KEYS = ("rendered", "name", "title", "value", "label")  # of an object in JSON that stands for its text
_DRAFTS = {"draft", "pending", "private", "future", "草稿", "未发布", "待审核", "待审"}
_DELETED = {"trash", "deleted", "inherit", "auto-draft", "已删除", "回收站"}


def field_of(name: str) -> tuple[str, int] | None:
    """(field, rank) of a column's name, the lowest rank first; None for a name that is not known."""
    name = unicodedata.normalize("NFKC", name).strip("\ufeff \t\r\n\"'").lower()
    return _FIELDS.get("".join(re.split(r"[\s_-]+", name)))


def known_columns(cells: Sequence[str]) -> dict[int, str]:
    """{column index: field} of the columns with a known name, one for each field."""
    found: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(cells):
        if known := field_of(cell):
            field, rank = known
            found[field] = min(found.get(field, (rank, at)), (rank, at))
    return {at: field for field, (_rank, at) in found.items()}


def header_columns(cells: Sequence[str]) -> dict[int, str]:
    """Like known_columns(). Raises PageError if the header has no title or no body."""
    columns = known_columns(cells)
    missing = [name for field, name in (("title", "标题"), ("body", "正文")) if field not in columns.values()]
    if missing:
        raise PageError(_("第一行应是列名，缺少：%(names)s。") % {"names": "、".join(missing)})
    return columns


def page_of_cells(cells: Sequence[str], columns: dict[int, str]) -> OldPage:
    """The page of one row. Raises PageError, with the reason, where it has none."""
    return _page({columns[at]: _clean(columns[at], cell) for at, cell in enumerate(cells) if at in columns})


def page_of_object(item: object) -> OldPage:
    """The page of one JSON object. Raises PageError, with the reason, where it has none."""
    if not isinstance(item, dict):
        raise PageError(_("应是一个 JSON 对象（{…}）。"))
    names = list(item)
    columns = known_columns(names)
    return _page({field: _clean(names[at], item[names[at]]) for at, field in columns.items()})


def _page(fields):
    if fields.get("status", "").strip().lower() in _DELETED:
        raise PageError(_("旧网站上已经删除，或只是修订记录。"))
    title = _plain(fields.get("title", ""))
    if not title:
        raise PageError(_("没有标题。"))
    blocks = with_headings(_blocks(fields.get("body", "")))
    if not blocks:
        raise PageError(_("没有正文。"))
    page = OldPage(title, blocks)
    for name in ("section", "source", "source_url", "author", "editor", "url"):
        setattr(page, name, one_line(fields.get(name, "").split("\n")[0]))
    page.summary = _plain(fields.get("summary", ""))
    page.tags = _tags(fields.get("tags", ""))
    page.is_draft = fields.get("status", "").strip().lower() in _DRAFTS
    _read_date_and_views(page, fields)
    return page


def _plain(text):
    """One line of a title or summary, which exports give as HTML: Q&amp;A is Q&A."""
    return one_line(unescape(_TAG.sub("", text)) if looks_like_html(text) or "&" in text else text)


def _blocks(body):
    if body.lstrip().startswith("&lt;") and looks_like_html(unescape(body)):
        body = unescape(body)
    if not looks_like_html(body):
        return text_blocks(body)
    if not _BLOCK.search(body):
        body = body.replace("\n", "<br>")  # WordPress keeps paragraphs as lines
    return html_blocks(body)


def _tags(line):
    names = re.split(r"[，、；,;|\n]", line)
    return line.split() if len(names) == 1 and re.search("[\u3400-\u9fff]", line) else names


def _read_date_and_views(page, fields):
    date = fields.get("published_at", "").strip()
    if not is_no_date(date):
        page.published_at = parse_moment(date)
        if page.published_at is None:
            raise PageError(
                _("看不懂发布时间“%(text)s”，请写成 2023-07-18 09:30 这样。") % {"text": one_line(date)[:30]}
            )
    if views := fields.get("views", "").strip():
        page.views = parse_views(views)
        if page.views is None:
            page.notes.append(_("看不懂人气“%(text)s”") % {"text": views[:30]})


def _clean(name, value):
    """The text of one cell. Raises PageError for undecodable bytes, and for JSON that stands for no text."""
    if isinstance(value, list):
        value = "\n".join(filter(None, (_text_of(name, item) for item in value)))
    value = _text_of(name, value)
    if _UNDECODED.search(value):
        raise PageError(_("“%(name)s”里有无法识别的字节，请检查文件的编码。") % {"name": _shown(name)})
    return clean_text(value)


def _text_of(name, value):
    if isinstance(value, dict):
        value = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), value)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else f"{value}"
    if not isinstance(value, str):
        raise PageError(_("“%(name)s”应是文字。") % {"name": _shown(name)})
    return value


def _shown(name):
    return one_line(clean_text(name))[:30]


def names_an_article(names: Collection[str]) -> bool:
    """Whether these are keys of a JSON object that is an article."""
    fields = {known[0] for known in map(field_of, names) if known}
    return "title" in fields or "body" in fields
