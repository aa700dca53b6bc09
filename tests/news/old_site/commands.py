"""The import command as an operator runs it, and files for it."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.news.old_site.samples import PROSE

REAL_PAGE = Path(__file__).parents[2] / "data" / "old-site-article.txt"


def run(*paths, **options):
    """The output of the command, which must refuse nothing."""
    out = io.StringIO()
    call_command("import_articles", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def run_refused(*paths, **options):
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_articles", *map(str, paths), stdout=out, **options)
    return out.getvalue() + str(error.value)


def text_page(title="屋顶光伏电站并网", date="2023-07-18", section="行业资讯", tags="光伏，储能", body=PROSE):
    return f"您好，欢迎访问某某公司\n{section}\n\n{title}\n\n发布时间：{date} 人气：428\n\n{body}\n\n标签：{tags}\n在线客服\n"


def make_csv(*rows, columns=("标题", "栏目", "发布时间", "人气", "正文", "标签")):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue()


def picture_page(title="屋顶光伏电站并网", images='<img src="b_files/roof%201.jpg" alt="屋顶">'):
    return f"<h1>{title}</h1><div>发布时间：2023-07-18</div><div><p>{PROSE}</p><p>{images}</p></div>"


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return out.getvalue()
