"""The content of the peers: our demo articles, any number of generated older ones, and the company."""

import random
import re
from datetime import timedelta

from django.db import models
from django.utils import timezone

from news.demo.articles import ARTICLES
from news.demo.words import make_article, make_tag_names

SECTIONS = {
    "company": "公司新闻",
    "industry": "行业资讯",
    "cases": "工程案例",
    "products": "产品中心",
    "notice": "通知公告",
}
PER_PAGE = 20


class CompanyFields(models.Model):
    """What every page shows; the defaults are those of the demo company."""

    name = models.CharField(max_length=100, default="新能绿源能源科技集团有限公司")
    slogan = models.CharField(max_length=100, default="把每一度绿电，用在需要它的地方")
    greeting = models.CharField(
        max_length=100, default="您好，欢迎访问新能绿源能源科技集团有限公司官方网站！"
    )
    hotline = models.CharField(max_length=30, default="13860100641")
    service_hotline = models.CharField(max_length=30, default="400-000-0000")
    hours = models.CharField(max_length=50, default="工作日 8:30—18:00")
    wechat = models.CharField(max_length=50, default="xinneng-demo")
    qq = models.CharField(max_length=20, default="100000001")
    email = models.EmailField(default="info@example.com")
    address = models.CharField(max_length=100, default="福建省厦门市集美区软件园三期示例路 1 号")
    icp_number = models.CharField(max_length=50, default="闽ICP备00000000号-1")
    police_number = models.CharField(max_length=50, default="闽公网安备35021100000000号")

    class Meta:
        abstract = True


def make_articles(count: int, picture: str):
    """Oldest first: `count` generated articles, then those of the demo. Each is a dict.

    `picture` is the HTML of a picture in a body, with a placeholder {caption}.
    """
    rng, now, tag_names = random.Random(1), timezone.now(), make_tag_names()
    weights = [1 / (rank + 1) for rank in range(len(tag_names))]
    oldest = now - timedelta(days=3650)
    span = now - timedelta(days=100) - oldest
    for number in range(count):
        title, body = make_article(rng)
        yield {
            "section": rng.choice(list(SECTIONS)),
            "title": title,
            "published_at": oldest + span * number / count,
            "body": body,
            "tags": set(rng.choices(tag_names, weights, k=rng.randint(1, 3))),
            "views": int(rng.paretovariate(1.2) * 40) % 100_000,
            "has_cover": False,
        }
    for number, (section, age, title, tags, drawn, text) in enumerate(reversed(ARTICLES)):
        yield {
            "section": section,
            "title": title,
            "published_at": now - timedelta(days=age, hours=number % 7),
            "body": _html(text, picture),
            "tags": set(tags.split("，")),
            "views": 320 + number * 37 % 411,
            "has_cover": bool(drawn),
        }


def _html(text, picture):
    """HTML of a demo text; news/demo/articles.py explains its marks."""
    html = ""
    for line in map(str.strip, text.strip().splitlines()):
        if line.startswith("!["):
            html += picture.format(caption=line[2:-1])
        elif line.startswith("|"):
            html += "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.strip("|").split("|")) + "</tr>"
        elif line.startswith("# "):
            html += f"<h2>{line[2:]}</h2>"
        elif line.startswith("- "):
            html += f"<li>{line[2:]}</li>"
        elif line.startswith("> "):
            html += f"<blockquote><p>{line[2:]}</p></blockquote>"
        else:
            html += f"<p>{line}</p>"
    html = re.sub(r"(<li>.+?</li>)(?!<li>)", r"<ul>\1</ul>", html)
    return re.sub(r"(<tr>.+?</tr>)(?!<tr>)", r"<table><tbody>\1</tbody></table>", html)


def summary_of(body: str) -> str:
    return re.sub("<[^>]+>", "", body)[:120]
