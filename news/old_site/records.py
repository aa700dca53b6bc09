"""CSV and JSON to OldPages, row by row: the file may be larger than memory."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from greenenergy.text.characters import clean_text

from .blocks import text_blocks, with_headings
from .characters import PageError, encoding_of, one_line, parse_views
from .dates import parse_moment
from .markup import html_blocks, looks_like_html
from .pages import OldPage

LONGEST_ROW = 5_000_000  # characters
LARGEST_JSON = 50_000_000  # bytes of a .json file, which is read as a whole; .jsonl has no limit

COLUMNS = {
    "title": "title 标题 文章标题 题目",
    "section": "section category 栏目 所属栏目 分类",
    "published_at": "published_at date 发布时间 发布日期 日期 时间",
    "views": "views hits 人气 浏览量 浏览次数 点击量 点击次数 阅读量",
    "body": "body content 正文 内容",
    "tags": "tags keywords 标签 关键词",
    "summary": "summary description 摘要 简介",
    "source": "source 来源",
    "source_url": "source_url 来源网址 原文网址",
    "author": "author 作者",
    "editor": "editor 责任编辑 编辑",
    "url": "url 原网址 网址",
}
_FIELDS = {name: column for column, names in COLUMNS.items() for name in names.split()}
_UNDECODED = re.compile("[\udc80-\udcff]")

# (number of the row, as a spreadsheet or editor counts; its page, or why it has none)
Row = tuple[int, OldPage | PageError]


def read_csv(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """The rows below a header line. Raises PageError, perhaps after some rows, where the rest cannot be read."""
    csv.field_size_limit(LONGEST_ROW)
    with _open(path, encoding) as file:
        header = file.readline(LONGEST_ROW)
        delimiter = max(",;\t", key=lambda mark: len(_columns(header.split(mark))))
        file.seek(0)
        rows = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        columns, width = None, 0
        number = 0
        while True:
            number += 1
            try:
                cells = next(rows, None)
            except csv.Error as error:
                raise PageError(
                    _("第 %(number)d 行的引号或分隔符有误，从这一行起没有读取（%(error)s）。")
                    % {"number": number, "error": error}
                ) from error
            if cells is None:
                return
            if columns is None:
                columns, width = _known_columns(cells), len(cells)
            elif any(cell.strip() for cell in cells):
                yield number, _row(cells, columns, width)


def read_json_lines(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """One JSON object per line."""
    with _open(path, encoding) as file:
        for number, line in enumerate(_lines(file, keep_long=True), start=1):
            if line.strip():
                yield number, _from_json(line)


def read_json(path: Path, encoding: str | None = None) -> Iterator[Row]:
    """A list of objects, or one object; also JSON lines in a file named .json."""
    if path.stat().st_size > LARGEST_JSON:
        raise PageError(
            _("JSON 文件超过 %(limit)d MB，请改成每行一个对象的 .jsonl。")
            % {"limit": LARGEST_JSON // 1_000_000}
        )
    with _open(path, encoding) as file:
        text = file.read()
    try:
        found = json.loads(text)
    except RecursionError:
        raise PageError(_("JSON 嵌套太深。")) from None
    except ValueError as error:
        if text.lstrip().startswith("{") and text.strip().count("\n"):
            yield from read_json_lines(path, encoding)
            return
        raise PageError(_("不是有效的 JSON（%(error)s）。") % {"error": error}) from error
    for number, item in enumerate(found if isinstance(found, list) else [found], start=1):
        yield number, _page_or_reason(item)


def _open(path, encoding):
    # Bytes that cannot be decoded cost their own row only: _clean() finds the surrogates.
    return path.open(encoding=encoding_of(path, encoding), errors="surrogateescape", newline="")


def _lines(file, *, keep_long=False):
    """Lines of LONGEST_ROW characters at most. A longer one raises PageError; with `keep_long` it is yielded cut short."""
    while line := file.readline(LONGEST_ROW + 1):
        if len(line) > LONGEST_ROW:
            if not keep_long:
                raise PageError(_("有一行太长，从这一行起没有读取。"))
            while (more := file.readline(LONGEST_ROW)) and not more.endswith("\n"):
                pass
        yield line


def _columns(cells):
    """{column index: field} of the columns with a known name."""
    names = (unicodedata.normalize("NFKC", cell).strip("\ufeff \t\r\n\"'").lower() for cell in cells)
    return {at: _FIELDS[name] for at, name in enumerate(names) if name in _FIELDS}


def _known_columns(cells):
    """Like _columns(). Raises PageError if the header has no title or no body."""
    columns = _columns(cells)
    missing = [name for field, name in (("title", "标题"), ("body", "正文")) if field not in columns.values()]
    if missing:
        raise PageError(_("第一行应是列名，缺少：%(names)s。") % {"names": "、".join(missing)})
    return columns


def _row(cells, columns, width):
    if any(cell.strip() for cell in cells[width:]):
        return PageError(_("这一行的列比标题行多，正文里的逗号和引号要放在引号内。"))
    return _page_or_reason({columns[at]: cell for at, cell in enumerate(cells) if at in columns})


def _from_json(line):
    if len(line) > LONGEST_ROW:
        return PageError(_("这一行太长。"))
    try:
        return _page_or_reason(json.loads(line))
    except RecursionError:
        return PageError(_("JSON 嵌套太深。"))
    except ValueError as error:
        return PageError(_("不是有效的 JSON（%(error)s）。") % {"error": error})


def _page_or_reason(item):
    try:
        return _page(item)
    except PageError as error:
        return error


def _page(item):
    if not isinstance(item, dict):
        raise PageError(_("应是一个 JSON 对象（{…}）。"))
    fields = {}
    for name, value in item.items():
        field = _FIELDS.get(unicodedata.normalize("NFKC", name).strip().lower())
        if field and field not in fields:
            fields[field] = _clean(name, value)
    title = one_line(fields.get("title", ""))
    if not title:
        raise PageError(_("没有标题。"))
    body = fields.get("body", "")
    blocks = with_headings(html_blocks(body) if looks_like_html(body) else text_blocks(body))
    if not blocks:
        raise PageError(_("没有正文。"))
    page = OldPage(title, blocks)
    for name in ("section", "summary", "source", "source_url", "author", "editor", "url"):
        setattr(page, name, one_line(fields.get(name, "")))
    page.tags = re.split(r"[，、；,;|\n]", fields.get("tags", ""))
    _read_date_and_views(page, fields)
    return page


def _read_date_and_views(page, fields):
    if date := fields.get("published_at", "").strip():
        page.published_at = parse_moment(date)
        if page.published_at is None:
            page.notes.append(_("看不懂发布时间“%(text)s”") % {"text": date[:30]})
    if views := fields.get("views", "").strip():
        page.views = parse_views(views)
        if page.views is None:
            page.notes.append(_("看不懂人气“%(text)s”") % {"text": views[:30]})


def _clean(name, value):
    """The text of one cell. Raises PageError for undecodable bytes, and for nested JSON."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "\n".join(value)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        value = f"{value:.15g}" if isinstance(value, float) else f"{value}"
    if not isinstance(value, str):
        raise PageError(_("“%(name)s”应是文字。") % {"name": one_line(clean_text(name))[:30]})
    if _UNDECODED.search(value):
        raise PageError(
            _("“%(name)s”里有无法识别的字节，请检查文件的编码。") % {"name": one_line(clean_text(name))[:30]}
        )
    return clean_text(value)
