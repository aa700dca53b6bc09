"""Names in a meta line: sources, departments and people, labelled or not."""

import re

from .characters import CJK, COLON, SPACES
from .dates import find_date, without_dates
from .labels import EDGES, split_labels, without_counts

_BUTTON = re.compile(
    rf"[{SPACES}\n]+(?:举报|打印|收藏|分享|关闭|字体|字号|评论|我要|关注|订阅|复制|投稿|纠错|查看|阅读|点击|返回|下载|[大中小][{SPACES}]).*",
    re.DOTALL,
)
_FILLER = re.compile(
    rf"(?:打印|关闭|收藏|分享|字体|返回|复制|点赞)[{CJK}]{{0,4}}|原创|转载|原文|举报|关注|订阅|评论|星期[{CJK}]|周[一二三四五六日]|\d+\s?次?"
)
_WORD = re.compile(rf"[{CJK}A-Za-z0-9·•\-/＆&（）()《》]{{2,20}}")
_ORGANISATION = re.compile(
    rf"(?:[{CJK}A-Za-z0-9·（）()]{{1,18}}(?:部|处|科|室|股|办|办公室|局|厅|委|委员会|政府|院|校|系|所|站|中心|公司|集团|厂|队|组|会|支部"
    r"|报|日报|晚报|周刊|杂志|(?<![并电联上入组])网|社|台|频道|客户端|公众号|头条|在线))|本站|本网|新浪.{0,4}|搜狐.{0,4}|网易.{0,4}|腾讯.{0,4}"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃戴莫孔向汤小老"
)
_PERSON = re.compile(rf"[{_SURNAMES}][{CJK}]{{1,2}}")
_NOBODY = {"未知", "不详", "无", "暂无", "null", "none"}  # what systems fill in
_BETWEEN = re.compile(rf"[{SPACES}\n|｜丨（）()【】]+")
_LONGEST_LINE = 60


def labelled_name(value: str, links: tuple[str, ...] = ()) -> str:
    """A source or a person: the linked words at the value's start, else what stands before a date or a button."""
    for link in sorted(links, key=len, reverse=True):
        if link and value.startswith(link) and not _BUTTON.fullmatch(f" {link}"):
            return link
    date = re.search(r"\d{4}\s?[-/.年]", value)
    value = value[: date.start()] if date else value
    value = _BUTTON.sub("", re.split(r"[\n|｜丨，。；]|【|\s{3,}", value)[0]).strip(EDGES)
    if re.search(COLON, value):
        return ""  # 作者：转载请注明：… has no author
    return value if re.search(rf"[{CJK}A-Za-z]", value) and value not in _NOBODY else ""


def is_organisation(text: str) -> bool:
    """Whether the text is the name of a department, a newspaper or the like."""
    return len(text) <= 20 and bool(_ORGANISATION.fullmatch(text))


def dated_names(text: str) -> tuple[str, str] | None:
    """(source, author) of a line that is a date with an unlabelled name or two; None for any other text."""
    if len(text) > _LONGEST_LINE or split_labels(text)[1] or find_date(text) is None:
        return None
    rest = _FILLER.sub(" ", without_counts(without_dates(text)))
    names = [word for word in (part.strip(EDGES) for part in _BETWEEN.split(rest)) if word]
    if not names or len(names) > 3 or len("".join(names)) > 20 or not all(map(_WORD.fullmatch, names)):
        return None
    apart = {part.strip(EDGES) for part in _BETWEEN.split(text)}
    if not all(name in apart or is_organisation(name) for name in names):
        return None  # 2021年3月5日公司大事记
    source = next(filter(is_organisation, names), "")
    people = [name.removeprefix("记者").removeprefix("作者") for name in names if name != source]
    author = next((name for name in people if _PERSON.fullmatch(name)), "")
    return source or next((name for name in names if name != author), ""), author
