"""What surrounds an article on an old page: greeting, breadcrumb, buttons, bar and footer."""

import re

from .blocks import Block
from .characters import CJK

_GREETING = re.compile(
    r"(?:您好|你好|尊敬的.{0,10}?|嗨|Hi)[\s,，、!！:：~]{0,3}.{0,10}?欢迎|欢迎(?:您|你)?(?:再次|的)?(?:访问|光临|来到|浏览|进入)|Welcome to",
    re.IGNORECASE,
)
_BUTTONS = (
    "分享到|分享至|分享|字体大小|字号|字体|打印本页|打印|收藏本文|收藏|关闭窗口|关闭本页|关闭|复制链接|繁体|简体|大|中|小"
    "|新浪微博|腾讯微博|微博|微信好友|微信|朋友圈|QQ空间|QQ好友|QQ|更多|到"
)
_NOISE = re.compile(
    rf"(?=.*(?:分享|字号|字体|打印|收藏|关闭|复制链接))(?:(?:{_BUTTONS})|[\s:：|【】\[\]（）()+A-]){{1,30}}"
)
# The article ends before one of these, whatever follows.
_BAR = re.compile(
    r"(?:上|下|前|后)一(?:篇|条|则)(?:\s|[:：]|没有|无|$).*"
    r"|(?:在线客服|在线咨询|微信咨询|微信客服|QQ咨询|QQ客服|扫一扫.{0,12}|关注我们|关注微信.{0,8}|微信公众号|TOP"
    r"|(?:返回|回到)(?:顶部|列表|首页|上一页|上页))[\s:：>＞^↑]{0,3}"
    r"|(?:服务热线|客服热线|咨询热线|全国(?:服务)?热线|24小时热线|热线电话|免费热线)[\d\-—－\s()（）+转:：]{0,40}"
    r"|.{0,120}(?:版权所有|Copyright|©|ICP备|ICP证|公网安备|公安备).{0,200}",
    re.IGNORECASE,
)
# It ends before one of these only if no more prose follows: they may also be headings of the article.
_PERHAPS_BAR = re.compile(
    r"(?:(?:相关|推荐|热门|最新|更多)(?:推荐|文章|新闻|资讯|阅读|产品|链接|动态|标签|内容|信息|话题)|猜你喜欢)[:：\s]{0,3}"
    r"|友情链接.{0,200}|技术支持\s?[:：].{0,40}"
)

_CRUMBS_LABEL = re.compile(
    r"(?:您现在的|您的|你的|您|现在|当前|所在)?(?:当前|所在)?(?:位置|在)(?:是)?\s{0,3}[:：]\s{0,3}"
)
_CRUMBS_BETWEEN = re.compile(r"\s{0,3}(?:>+|》+|»+|›+|＞+|→+|/|\||::|--+|\s-\s|\n)\s{0,3}")
_HOME = {"首页", "主页", "网站首页", "网站主页", "返回首页", "home", "Home"}
_MENU = {
    "正文", "详情", "内容", "查看", "新闻详情", "文章详情", "资讯详情", "查看详情", "文章正文", "新闻内容", "文章内容",
    "菜单", "搜索", "登录", "注册", "返回", "更多", "产品中心", "关于我们", "联系我们", "在线留言", "网站地图", "设为首页",
    "加入收藏", "收藏本站", "English", "中文版",
} | _HOME  # fmt: skip
_SECTION = re.compile(rf"(?=[^{CJK}]{{0,20}}[{CJK}])[{CJK}A-Za-z0-9·]{{2,20}}")
_SURELY_SECTION = re.compile(
    r"(?:公司|企业|集团|行业|业界|新闻|媒体|技术|政策|项目|产品|市场|党建|国际|国内|最新|热点|焦点|综合|新能源|能源|产业|展会|工程)"
    r"(?:新闻|资讯|动态|公告|通知|知识|报道|要闻|快讯|案例|政策|法规|活动|聚焦|中心|百科|问答)|(?:新闻|资讯|媒体)中心|常见问题"
)


def is_greeting(block: Block) -> bool:
    return (
        block.kind in ("paragraph", "heading")
        and len(block.text) <= 100
        and bool(_GREETING.match(block.text))
    )


def is_noise(text: str) -> bool:
    """Buttons for sharing, printing and resizing: 分享到：微信 微博 【打印】."""
    return len(text) <= 60 and bool(_NOISE.fullmatch(text))


def is_bar(text: str) -> bool:
    return bool(_BAR.fullmatch(text.split("\n", 1)[0]))


def is_perhaps_bar(text: str) -> bool:
    return bool(_PERHAPS_BAR.fullmatch(text.split("\n", 1)[0]))


def is_menu_word(text: str) -> bool:
    return text in _MENU


def could_be_section(text: str) -> bool:
    return bool(_SECTION.fullmatch(text)) and text not in _MENU and not is_bar(text)


def is_surely_section(text: str) -> bool:
    """A name that only sections have, such as 行业资讯."""
    return bool(_SURELY_SECTION.fullmatch(text))


def breadcrumb(block: Block) -> list[str] | None:
    """The names of a breadcrumb without menu words (首页, 正文); None for a block that is no breadcrumb."""
    if len(block.text) > 200 or block.kind not in ("paragraph", "list", "menu"):
        return None
    label = _CRUMBS_LABEL.match(block.text)
    text = block.text[label.end() :] if label else block.text
    names = [name for name in (part.strip(" :：") for part in _CRUMBS_BETWEEN.split(text)) if name]
    leads_home = len(names) > 1 and names[0] in _HOME and block.kind == "paragraph" and "\n" not in text
    if not (label or block.crumbs or leads_home):
        return None
    return [name for name in names if name not in _MENU]
