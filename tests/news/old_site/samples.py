"""Pages of an old site, and what is read from them."""

from pathlib import Path

from news.old_site.blocks import body_html
from news.old_site.pages import read_page

DATA = Path(__file__).parents[2] / "data"
PROSE = "六月以来，公司在厦门、泉州两地新建的屋顶光伏电站陆续并网，预计全年可减少二氧化碳排放三千吨。"
MORE = "公司负责人表示，下一步将继续加大储能技术的研发投入，并与高校合作培养专业人才。"

TEXT_PAGE = f"""您好，欢迎访问新能绿源能源科技集团有限公司
行业资讯

屋顶光伏电站并网发电

发布时间：2023-07-18 人气：428

{PROSE}

标签：光伏，储能
上一篇：旧闻一则
在线客服
返回顶部
"""


def read_text(text, encoding="utf-8"):
    return read_page(text.encode(encoding), is_html=False)


def read_html(body, head=""):
    markup = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return read_page(markup.encode(), is_html=True)


def words(page):
    return [block.text for block in page.blocks]


def headings(page):
    return [block.text for block in page.blocks if block.kind == "heading"]


def markup(page):
    return body_html(page.blocks, lambda source, alt: f"[{source}|{alt}]")


def body(text):
    return read_text(f"标题一则在此\n\n发布时间：2023-07-18\n\n{text}")


def article(html):
    return read_html(f"<h1>标题一则在此</h1><div>发布时间：2023-07-18</div><div>{html}</div>")
