"""The meta line of an old page, such as 发布时间:2023-07-18 人气:428 来源:…; it may be split over several lines."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from .blocks import Block
from .characters import CJK, COLON, SPACES, find_date, find_views, only_date
from .surroundings import is_noise
from .tag_line import split_line

_LABELS = {
    "date": "发布时间 发布日期 发表时间 发表日期 发布于 发表于 更新时间 更新日期 添加时间 添加日期 录入时间 上传时间 创建时间 Date Published",
    "maybe_date": "日期 时间",
    "views": "人气 浏览次数 浏览量 浏览数 浏览 点击次数 点击量 点击数 点击率 点击 阅读次数 阅读量 阅读数 阅读 访问量 访问次数"
    " 查看次数 热度 Views Hits",
    "source": "文章来源 信息来源 稿件来源 新闻来源 来源 出处 Source",
    "author": "文章作者 作者 撰稿人 撰稿 撰文 Author",
    "editor": "责任编辑 责编 编辑 Editor",
    "section": "所属栏目 所属分类 文章分类 栏目 分类 类别",
    "tags": "标签 关键词 关键字",
    "other": "发布者 发布人 发布单位 字号 字体 分享到 分享 评论 审核 校对 点赞 收藏",
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_LABEL = re.compile(
    rf"(?P<label>{'|'.join(sorted(_KINDS, key=len, reverse=True))})\s{{0,4}}(?:{COLON}|(?=[(（\[【]?\s{{0,2}}\d))"
)
_SPACED_LABEL = re.compile(
    rf"(?<=[日时来作编点人浏])[{SPACES}]{{1,4}}(?=[期间源者辑击气览][{SPACES}]{{0,4}}{COLON})"
)
_COUNTED = re.compile(r"(\d[\d,]{0,12})\s{0,3}[次人]\s{0,3}(?:浏览|阅读|点击|围观|访问)")
_EDGES = SPACES + "\n|丨｜/·,，;；、【】[]()（）-—"
_LONGEST = 300  # characters of a line, with its buttons
_LONGEST_VALUE = 60
_LONGEST_LEAD = 30  # characters before the first label
_MOST_LINES = 10


@dataclass
class Meta:
    published_at: datetime | None = None
    unreadable_date: str = ""
    views: int | None = None
    source: str = ""
    author: str = ""
    editor: str = ""
    section: str = ""
    tags: list[str] = field(default_factory=list)


def find_meta(blocks: list[Block], places: list[int]) -> tuple[Meta | None, int, int]:
    """(meta, index of its first block, index after its last one) of the meta line at one of these places.

    A line with labels is preferred to a bare date. Where there is none: (None, len(blocks), len(blocks)).
    """
    for is_meta in (is_labelled, lambda text: only_date(text) is not None):
        for at in places:
            if is_meta(blocks[at].text):
                return _gather(blocks, at)
    return None, len(blocks), len(blocks)


def is_meta_line(text: str) -> bool:
    return is_labelled(text) or only_date(text) is not None


def read_signature(text: str) -> Meta | None:
    """The meta of a last line such as （责任编辑：张三） or 来源：新华网; None for any other text."""
    lead, values = _split(text)
    if len(text) > _LONGEST_VALUE or lead.strip(_EDGES) or not values:
        return None
    if any(kind not in ("source", "author", "editor") or not value for kind, value in values):
        return None
    return _meta_of(values, "")


def is_labelled(text: str) -> bool:
    """Whether the text has a date or a number of views after a label, as only meta lines have."""
    lead, values = _split(text)
    if not values and len(text) <= _LONGEST_VALUE:
        return bool(_COUNTED.search(text) and find_date(text))
    if len(lead) > _LONGEST_LEAD or text.endswith("。"):
        return False
    if values and only_date(lead.strip(_EDGES)):
        return True
    kinds = [kind for kind, _value in values]
    for kind, value in values:
        if kind == "date" and len(value) <= _LONGEST_VALUE:
            return True
        if (
            kind == "views"
            and (len(value) <= 6 or re.match(r"[(（\[【\s]{0,3}\d", value))
            and len(value) <= 30
        ):
            return True
        if kind == "maybe_date" and (only_date(value) or (find_date(value) and len(set(kinds)) > 1)):
            return True
    return False


def _split(text):
    """(the text before the first label, [(kind, value), …]); a value ends at the next label."""
    if len(text) > _LONGEST:
        return text, []
    text = _SPACED_LABEL.sub("", text)
    labels = [
        match for match in _LABEL.finditer(text)
        if re.search(COLON, match[0]) or _KINDS[match["label"]] in ("date", "views")
    ]  # fmt: skip
    if not labels:
        return text, []
    ends = [match.start() for match in labels[1:]] + [len(text)]
    values = [
        (_KINDS[match["label"]], text[match.end() : end].strip(_EDGES))
        for match, end in zip(labels, ends, strict=True)
    ]
    return text[: labels[0].start()], values


def _gather(blocks, at):
    """(meta, index of its first block, index after its last one) of this line and the lines around that belong to it."""
    start, end = at, at + 1
    while start > 0 and at - start < _MOST_LINES and _stands_above(blocks[start - 1].text):
        start -= 1
    lead, values = "", []
    for block in blocks[start:end]:
        before, found = _split(block.text)
        lead += before + " "
        values += found
    while end < len(blocks) and end - at < _MOST_LINES:
        text = blocks[end].text
        found = _split(text)[1]
        if values and _is_value_of(text, *values[-1]):
            values[-1] = (values[-1][0], text)  # its label is on the line above
        elif _goes_along(text) or (
            is_labelled(text) and not {kind for kind, _v in found} & {kind for kind, _v in values}
        ):
            values += found
        elif not is_noise(text):
            break
        end += 1
    return _meta_of(values, lead), start, end


def _stands_above(text):
    return _goes_along(text) or only_date(text) is not None


def _goes_along(text):
    """Whether a line of labels without date and views belongs to the meta line next to it."""
    lead, values = _split(text)
    return (
        bool(values)
        and not lead.strip(_EDGES)
        and not text.endswith("。")
        and all(
            kind not in ("maybe_date", "date", "views") and len(value) <= _LONGEST_VALUE
            for kind, value in values
        )
    )


def _is_value_of(text, kind, value):
    """Whether the line is the date or number of a label that is alone on the line above."""
    if value:
        return False
    if kind in ("date", "maybe_date"):
        return only_date(text) is not None
    return kind == "views" and bool(re.fullmatch(r"\d[\d,]{0,12}\s?次?", text))


def _meta_of(values, lead):
    meta = Meta()
    for kind, value in values:
        if kind in ("date", "maybe_date"):
            meta.published_at = meta.published_at or find_date(value)
            if value and not find_date(value):
                meta.unreadable_date = meta.unreadable_date or value
        elif kind == "views":
            meta.views = find_views(value) if meta.views is None else meta.views
        elif kind == "tags":
            meta.tags = meta.tags or split_line(value)
        elif kind != "other" and not getattr(meta, kind):
            setattr(meta, kind, _name(value))
    meta.published_at = meta.published_at or find_date(lead)
    if meta.published_at:
        meta.unreadable_date = ""
    if meta.views is None and (
        counted := _COUNTED.search(" ".join([lead, *(value for _kind, value in values)]))
    ):
        meta.views = find_views(counted[1])
    return meta


def _name(value):
    """A source or a person: the part of the value before a date or a button."""
    date = re.search(r"\d{4}\s?[-/.年]", value)
    value = value[: date.start()] if date else value
    value = re.split(r"[\n|｜丨]|【|\s{3,}", value)[0].strip(_EDGES)
    return value if re.search(rf"[{CJK}A-Za-z]", value) else ""
