"""What surrounds an article on an old page: greeting, breadcrumb, buttons, bar and footer."""

import re

from .blocks import Block
from .characters import CJK

_GREETING = re.compile(
    r"(?:您好|你好|尊敬的.{0,10}?|嗨|Hi)[\s,，、!！:：~]{0,3}.{0,10}?欢迎|欢迎(?:您|你)?(?:再次|的)?(?:访问|光临|来到|浏览|进入)|Welcome to",
    re.IGNORECASE,
)
_BUTTONS = (
    "分享到|分享至|分享|字体大小|缩小字体|放大字体|调整字体|字号|字体|打印本页|打印|收藏本文|收藏|关闭窗口|关闭本页|关闭|复制链接|复制网址"
    "|繁体|简体|超大|大|中|小|标准|特大|新浪微博|腾讯微博|网易微博|搜狐微博|微博|微信好友|微信好友|微信扫一扫|微信|朋友圈|QQ空间|QQ好友|腾讯QQ"
    "|QQ|人人网|开心网|豆瓣网|豆瓣|百度贴吧|百度空间|百度搜藏|天涯|易信|钉钉|Facebook|Twitter|LinkedIn|一键分享|更多|点赞|发表评论|我要评论|查看评论|评论|举报|加入收藏|打印本文|返回顶部|返回上一页|返回列表|返回|顶一下|踩一下|挑错|推荐|纠错|投稿|到|和|与|用"
)
_NOISE = re.compile(
    rf"(?=.*(?:分享|字号|字体|打印|收藏|关闭|复制链接|QQ空间|微博|朋友圈|举报|超大|特大|[顶踩]一下|挑错|纠错))"
    rf"(?:(?:{_BUTTONS})|[\s\d:：|【】\[\]（）()+A,，、%-]){{1,40}}",
    re.IGNORECASE | re.DOTALL,
)
_RULE = re.compile(
    r"[\s\-—－_=＝*＊~～·.…━─┄]{3,}(?:分隔线|分割线|完|END)?[\s\-—－_=＝*＊~～·.…━─┄]{0,200}", re.IGNORECASE
)
_PERMALINK = re.compile(r"(?:本文|文章|本页|原文)(?:网址|地址|链接|链接地址)\s?[:：]\s?\S{0,300}")
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
    r"(?:(?:相关|推荐|热门|最新|更多|精彩|图片|热点|延伸|本类|同类|其他|其它)(?:推荐|文章|新闻|资讯|阅读|产品|案例|链接|动态|标签|内容|信息|话题|报道|搜索|排行|专题|公告)"
    r"|往期回顾|点击排行|热门排行|阅读排行|排行榜|热点排行|新闻排行|最新更新|related (?:news|articles|posts|stories)|latest news|read more)[:：\s>＞…]{0,3}"
    r"|友情链接.{0,200}|技术支持\s?[:：].{0,40}",
    re.IGNORECASE,
)
# It ends before one of these for certain: they are no headings of an article.
_BELOW = re.compile(
    r"(?:猜你喜欢|为(?:您|你)推荐|大家(?:都|还|正)?(?:在|爱)看|你可能(?:还|也|会)?(?:喜欢|感兴趣).{0,4}|(?:我要|发表|全部|网友|最新|热门|精彩|用户|读者|文章)(?:评论|点评|留言)"
    r"|评论列表|评论区|相关评论|跟帖|评论|you may also like|comments?|leave a (?:reply|comment))"
    r"[:：\s]{0,3}(?:[(（\[]?\d{1,6}\s?[条篇]?[)）\]]?)?[\s>＞…]{0,3}",
    re.IGNORECASE,
)
_BRACKETS = "【】[]〖〗《》「」<>＜＞◆■●▎| "

HOME = {"首页", "主页", "网站首页", "网站主页", "返回首页", "home", "Home", "HOME"}
_MENU = {
    "正文", "详情", "内容", "查看", "新闻详情", "文章详情", "资讯详情", "查看详情", "文章正文", "新闻内容", "文章内容",
    "菜单", "搜索", "登录", "注册", "返回", "更多", "产品中心", "关于我们", "联系我们", "在线留言", "网站地图", "设为首页",
    "加入收藏", "收藏本站", "English", "中文版", "退出", "登陆", "一键登录", "快速登录", "会员登录", "用户登录", "打印", "关闭",
    "分享", "收藏", "举报", "投稿", "订阅", "关注", "评论", "广告", "热门", "推荐", "下载中心", "用户中心", "会员中心", "个人中心",
    "客服中心", "技术支持", "detail", "details", "content",
} | HOME  # fmt: skip
_SECTION = re.compile(rf"(?=[^{CJK}]{{0,20}}[{CJK}])[{CJK}A-Za-z0-9·]{{2,20}}")
_SURELY_SECTION = re.compile(
    r"(?:公司|企业|集团|行业|业界|新闻|媒体|技术|政策|项目|产品|市场|党建|国际|国内|最新|热点|焦点|综合|新能源|能源|产业|展会|工程)"
    r"(?:新闻|资讯|动态|公告|通知|知识|报道|要闻|快讯|案例|政策|法规|活动|聚焦|中心|百科|问答)|(?:新闻|资讯|媒体)中心|常见问题"
)

_PERHAPS_SECTION = re.compile(
    rf"[{CJK}]{{2,6}}(?:新闻|资讯|动态|公告|通知|要闻|快讯|报道|聚焦|观察|视点|天地|之窗|园地|风采|专栏|专题|文化|百科|问答|知识|前沿|案例)"
)

# What a class or id may call an element that stands beside an article.
_ASIDES = set(
    "related relate relative recommend recommended recommends rec tuijian xiangguan guess comment comments pinglun replies share sharebox"
    " sharing bdshare bdsharebuttonbox jiathis addthis sidebar side sider aside rank ranking paihang hot hotnews toolbar qrcode ewm"
    " erweima advert ad ads adv footer foot copyright friendlink friendlinks links kefu popup dialog login".split()
)
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def is_aside(names: str) -> bool:
    """Whether an element's class and id say that it holds no article but comments, buttons or other articles."""
    return not _ASIDES.isdisjoint(part.lower() for part in _NAME_PARTS.findall(names))


def is_greeting(block: Block) -> bool:
    return (
        block.kind in ("paragraph", "heading")
        and len(block.text) <= 100
        and bool(_GREETING.match(block.text))
    )


def is_noise(text: str) -> bool:
    """Buttons for sharing, printing and resizing: 分享到：微信 微博 【打印】; rules made of dashes; the page's own URL."""
    return bool(_RULE.fullmatch(text) or _PERMALINK.fullmatch(text)) or (
        len(text) <= 100 and bool(_NOISE.fullmatch(text))
    )


def is_bar(text: str) -> bool:
    """Whether the article ends before this line, whatever follows."""
    return bool(_BAR.fullmatch(text.split("\n", 1)[0])) or is_below(text)


def is_below(text: str) -> bool:
    """Whether this is the heading of comments or of recommended articles, or a button above the text that leads there."""
    return bool(_BELOW.fullmatch(text.split("\n", 1)[0].strip(_BRACKETS)))


def is_perhaps_bar(text: str) -> bool:
    """Whether the article ends before this line, unless more of it follows."""
    return bool(_PERHAPS_BAR.fullmatch(text.split("\n", 1)[0].strip(_BRACKETS)))


def is_menu_word(text: str) -> bool:
    return text in _MENU


def could_be_section(text: str) -> bool:
    return bool(_SECTION.fullmatch(text)) and text not in _MENU and not is_bar(text)


def is_surely_section(text: str) -> bool:
    """A name that only sections have, such as 行业资讯."""
    return bool(_SURELY_SECTION.fullmatch(text))


def sounds_like_section(text: str) -> bool:
    """A name that sections often have, such as 光伏天地; above a headline it is one."""
    return text not in _MENU and bool(_SURELY_SECTION.fullmatch(text) or _PERHAPS_SECTION.fullmatch(text))
