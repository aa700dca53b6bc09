"""The labels of a meta line, such as 发布时间：2023-07-18 人气：428 来源：新华网, and the values behind them."""

import re

from .characters import CJK, COLON, SPACES
from .dates import MONTHS, find_date, only_date, without_dates

_LABELS = {
    "date": "发布时间 发布日期 发表时间 发表日期 发布于 发表于 更新时间 更新日期 添加时间 添加日期 录入时间 上传时间 创建时间"
    " 发稿时间 发稿日期 Date Published Posted Updated",
    "maybe_date": "日期 时间 发布 发表",
    "views": "人气 浏览次数 浏览量 浏览数 浏览 点击次数 点击量 点击数 点击率 点击 阅读次数 阅读量 阅读数 阅读 访问量 访问次数"
    " 查看次数 热度 Views Hits",
    "source": "文章来源 信息来源 稿件来源 新闻来源 来源于 来源 稿源 出处 Source",
    "author": "文章作者 作者 撰稿人 撰稿 撰文 Author",
    "editor": "责任编辑 责编 编辑 Editor",
    "section": "所属栏目 所属分类 文章分类 栏目 分类 类别",
    "tags": "标签 关键词 关键字",
    "other": "发布者 发布人 发布单位 字号 字体 分享到 分享 评论 审核 校对 点赞 收藏 摄影 供稿 通讯员 供图 点赞数 评论数",
}
_KINDS = {label.lower(): kind for kind, labels in _LABELS.items() for label in labels.split()}
_LABEL = re.compile(
    rf"(?<![A-Za-z])(?P<label>{'|'.join(sorted(_KINDS, key=len, reverse=True))})\s{{0,4}}"
    rf"(?:on\s)?(?:{COLON}|(?=[(（\[【]?\s{{0,2}}(?:\d|(?:{MONTHS})[a-z]{{0,6}}\.?\s\d)))",
    re.IGNORECASE,
)
_SPACED_LABEL = re.compile(
    rf"(?<=[日时来作编点人浏])[{SPACES}]{{1,4}}(?=[期间源者辑击气览][{SPACES}]{{0,4}}{COLON})"
)
# 2021-03-05 | 来源 电力报 | 作者 小王
_BY = re.compile(r"\s(?:by|By|BY)\s(?=\S)")
_LABEL_WITHOUT_COLON = re.compile(
    rf"(?:(?<=[|｜丨{SPACES}])|^)(来源|稿源|作者|责任编辑|编辑)[{SPACES}]{{1,4}}(?=[{CJK}A-Za-z])"
)
_COUNTED = re.compile(
    r"(?<![\d:：])(\d[\d,]{0,12})\s{0,3}[次人]?\s{0,3}(?:浏览|阅读|点击|围观|访问)"
    r"|(?:共|已)有?(?:阅读?|浏览|点击)?\s{0,3}[\[（(]?\s{0,3}(\d[\d,]{0,12})\s{0,3}[\]）)]?\s{0,3}[次人]"
)
_EMPTY_COUNT = re.compile(r"[次人]?\s{0,3}(?:浏览|阅读|点击|围观|访问)")
_COMMENTS = re.compile(r"\d+\s?条?\s?评论[\s|｜]*")
_SHORT_LABEL = re.compile(r"(来源|稿源|作者|责任编辑|编辑(?!部))\s?([^\s，。：:|｜]{2,12})[\s|｜]*")
EDGES = SPACES + "\n|丨｜/·,，;；、【】[]()（）-—"
_LONGEST = 300  # characters of a line, with its buttons
LONGEST_VALUE = 60
_LONGEST_LEAD = 30  # characters before the first label


def is_meta_line(text: str) -> bool:
    return is_labelled(text) or only_date(text) is not None


def is_labelled(text: str) -> bool:
    """Whether the text has a date or a number of views after a label, as only meta lines have."""
    lead, values = split_labels(text)
    if not values and len(text) <= LONGEST_VALUE:
        return bool(_COUNTED.search(text) and find_date(text))
    if len(lead) > _LONGEST_LEAD or text.endswith("。"):
        return False
    if values and only_date(lead.strip(EDGES)):
        return True
    kinds = {kind for kind, _value in values}
    return any(_shows_a_meta_line(kind, value, kinds) for kind, value in values)


def _shows_a_meta_line(kind, value, kinds):
    if kind == "date":
        return len(value) <= LONGEST_VALUE
    if kind == "views":
        return len(value) <= 30 and (len(value) <= 6 or bool(re.match(r"[(（\[【\s]{0,3}\d", value)))
    return kind == "maybe_date" and (is_bare_date(value) or (find_date(value) and len(kinds) > 1))


def counted(text: str) -> str:
    """The digits of 428次浏览 or 共阅[428]次; '' without a count. A time of day before 次浏览 is none."""
    match = _COUNTED.search(without_dates(text))
    return (match[1] or match[2]) if match else ""


def without_counts(text: str) -> str:
    """Without counts and without the words around a count that a script would have filled in."""
    return _EMPTY_COUNT.sub(" ", _COUNTED.sub(" ", text))


def is_count(text: str) -> bool:
    """Whether the text is a number of views or comments and nothing more."""
    return bool(_COMMENTS.fullmatch(text) or (counted(text) and not without_counts(text).strip(EDGES)))


def short_label(text: str) -> tuple[str, str] | None:
    """(kind, value) of 来源 电力报 or 来源电力报: a label that nothing separates, in a block of its own."""
    match = _SHORT_LABEL.fullmatch(text)
    return (_KINDS[match[1]], match[2]) if match else None


def is_bare_date(text: str) -> bool:
    """Whether the text is a date and nothing more, or the words around a count that a script would have filled in."""
    if only_date(text):
        return True
    rest = without_dates(text)
    return rest != text and not without_counts(rest).strip(EDGES)


def split_labels(text: str) -> tuple[str, list[tuple[str, str]]]:
    """(the text before the first label, [(kind, value), …]); a value ends at the next label."""
    if len(text) > _LONGEST:
        return text, []
    text = _SPACED_LABEL.sub("", text)
    if find_date(text):
        text = _BY.sub(" Author：", _LABEL_WITHOUT_COLON.sub(r"\1：", text))
    labels = [
        match for match in _LABEL.finditer(text)
        if re.search(COLON, match[0]) or _KINDS[match["label"].lower()] in ("date", "views")
    ]  # fmt: skip
    if not labels:
        return text, []
    ends = [match.start() for match in labels[1:]] + [len(text)]
    values = [
        (_KINDS[match["label"].lower()], text[match.end() : end].strip(EDGES))
        for match, end in zip(labels, ends, strict=True)
    ]
    return text[: labels[0].start()], values
