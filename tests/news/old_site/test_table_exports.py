"""manage.py import_articles: tables as other systems export them."""

import json

import pytest
from django.utils import timezone

from news.models import Article
from tests.news.old_site.commands import make_csv, run, run_refused
from tests.news.old_site.samples import DATA, PROSE

pytestmark = pytest.mark.django_db

TABLES = DATA / "old_site" / "tables"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "dede.csv",
            ("织梦导出测试", "2021-03-05 09:30", 428, "行业资讯", "本站", "admin", {"光伏", "储能"}, "摘要"),
        ),
        ("phpcms.csv", ("PHPCMS 导出", "2021-03-05 09:30", 12, "行业资讯", "", "", {"光伏", "储能"}, "")),
        ("wp.csv", ("WordPress 导出测试", "2021-03-05 09:30", 0, "行业资讯", "", "", set(), "摘要")),
        ("gbk.csv", ("换行测试", "2021-03-05 09:30", 1024, "行业资讯", "", "", set(), "")),
        ("utf16.csv", ("统一码文本测试", "2021-03-05 00:00", 0, "行业资讯", "", "", set(), "")),
        ("api.json", ("接口包装测试", "2021-03-05 09:30", 12, "公司新闻", "", "", set(), "")),
        ("ts.json", ("时间戳", "2021-03-05 09:30", 12, "行业资讯", "", "", {"光伏"}, "")),
        ("wprest.json", ("接口导出测试", "2021-03-05 09:30", 0, "行业资讯", "", "", set(), "摘要")),
    ],
)
def test_exports_are_read_as_they_are(name, expected):
    run(TABLES / name)
    row = Article.objects.get()
    moment = timezone.localtime(row.published_at).strftime("%F %H:%M")
    tags = set(row.tag_names)
    assert (
        row.title,
        moment,
        row.initial_views,
        row.section.name,
        row.source,
        row.author,
        tags,
        row.summary,
    ) == expected


def test_the_line_of_excel_that_names_the_separator_is_no_header(old):
    assert "第 3 行" in run(TABLES / "sep.csv")
    run(old("a.csv", "sep=;\r\n标题;正文\r\n甲文章标题;" + PROSE))
    assert Article.objects.count() == 2


def test_a_web_page_named_xls_is_a_table_and_a_true_one_is_refused(old):
    run(TABLES / "a.xls")
    assert set(Article.objects.values_list("title", flat=True)) == {"表格甲", "表格乙"}
    run(old("tabs.xls", f"标题\t正文\n丙文章标题\t{PROSE}\n"))
    assert "另存为 CSV" in run_refused(old("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


ITEM = {"title": "甲文章标题", "content": PROSE}


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": {"list": [ITEM]}},
        {"code": 0, "tags": [], "result": {"records": [ITEM]}},
        [{"type": "header"}, {"type": "table", "name": "news", "data": [ITEM]}],
        {
            "posts": [
                {"title": {"rendered": "甲&#25991;章标题"}, "content": {"rendered": PROSE}, "categories": [3]}
            ]
        },
        {"RECORDS": [{"Title": "甲文章标题", "ArticleContent": PROSE}]},
        ITEM,
    ],
)
def test_the_list_of_articles_is_found_inside_what_wraps_it(old, wrapped):
    run(old("a.json", json.dumps(wrapped)))
    assert Article.objects.get().title == "甲文章标题"


def test_drafts_of_the_old_site_stay_drafts_and_what_it_deleted_is_refused(old):
    columns = ("post_title", "post_content", "post_date", "post_status")
    rows = [
        [f"{status}的文章", PROSE, "2021-03-05", status]
        for status in ("publish", "draft", "trash", "inherit")
    ]
    out = run_refused(old("a.csv", make_csv(*rows, columns=columns)), publish=True)
    assert dict(Article.objects.values_list("title", "status")) == {
        "publish的文章": "published",
        "draft的文章": "draft",
    }
    assert "旧网站上是草稿" in out
    assert out.count("旧网站上已经删除") == 2


def test_paragraphs_that_are_only_lines_stay_paragraphs(old):
    run(old("a.json", json.dumps({"title": "甲文章标题", "content": f"<strong>{PROSE}</strong>\n\n{PROSE}"})))
    assert Article.objects.get().body.count("<p>") == 2


def test_markup_that_was_escaped_once_too_often_is_markup(old):
    run(
        old(
            "a.json",
            json.dumps(
                {
                    "title": "甲&amp;乙",
                    "content": f"&lt;p&gt;{PROSE}&lt;/p&gt;&lt;h3&gt;小标题&lt;/h3&gt;&lt;p&gt;{PROSE}&lt;/p&gt;",
                }
            ),
        )
    )
    article = Article.objects.get()
    assert article.title == "甲&乙"
    assert "<h2>小标题</h2>" in article.body


def test_a_row_without_a_date_is_imported_and_one_with_another_is_not(old):
    rows = [
        [f"第{n}篇", "", date, "", PROSE, ""]
        for n, date in enumerate(["", "NULL", "0000-00-00 00:00:00", "03/05/2021", "2021年3月"])
    ]
    out = run_refused(old("a.csv", make_csv(*rows)))
    assert Article.objects.filter(published_at=None).count() == 3
    assert "看不懂发布时间“03/05/2021”，请写成 2023-07-18 09:30 这样" in out
