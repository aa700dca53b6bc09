"""Which pages are the same article: same title and text, or same old URL; never only the same title and day."""

import importlib
import json

import pytest
from django.apps import apps
from django.db import connection

from greenenergy.models import Redirect
from news.models import Article
from news.old_site.identity import identity_of
from news.old_site.pages import read_page
from tests.news.old_site.commands import run, text_page
from tests.news.old_site.samples import MORE, PROSE

pytestmark = pytest.mark.django_db

LONG = f"{PROSE}\n\n{MORE}\n\n{PROSE}"


def rows(*items):
    return "\n".join(json.dumps({"title": "停电通知", "body": LONG} | item) for item in items)


def html_page(url="", body=LONG, title="停电通知", date="2023-07-18"):
    saved = f"<!-- saved from url=(0030){url} -->\n" if url else ""
    text = "".join(f"<p>{part}</p>" for part in body.split("\n\n"))
    return f"{saved}<!DOCTYPE html><title>{title}</title><h1>{title}</h1><p>发布时间：{date}</p><div>{text}</div>"


def test_pages_with_the_same_title_and_day_are_different_where_their_text_differs(old):
    for n in range(26):
        folder = old(f"{n}.html", html_page(body=f"第{n}线路的用户：{PROSE}")).parent
    assert "导入 26，跳过 0，拒绝 0" in run(folder)
    assert "导入 0，跳过 26，拒绝 0" in run(folder)


def test_a_corrected_date_or_section_makes_no_second_article(old):
    page = old("a.html", html_page())
    run(page)
    page.write_text(html_page(date="2023-07-19").replace("<h1>", "<p>首页 > 公司新闻</p><h1>"))
    assert "（文章 #" in run(page)
    assert Article.objects.count() == 1


def test_a_page_that_changed_at_its_old_url_is_the_same_article(old):
    page = old("a.html", html_page("http://www.demo.cn/12.html"))
    run(page)
    page.write_text(html_page("https://www.demo.cn/12.html#top", body=MORE, title="停电通知（更正）"))
    assert "网址相同" in run(page)
    assert Article.objects.count() == 1


def test_the_same_text_at_two_urls_is_one_article_and_both_urls_lead_to_it(old):
    run(
        old("a.html", html_page("http://www.demo.cn/12.html")),
        old("b.html", html_page("http://m.demo.cn/show.php?id=12")),
    )
    article = Article.objects.get()
    targets = dict(Redirect.objects.values_list("old_path", "target"))
    assert targets == dict.fromkeys(("/12.html", "/show.php?id=12"), article.get_absolute_url())


def test_short_texts_at_different_urls_are_different_articles(old):
    items = [{"body": "详见附件。", "url": f"http://old.example/{n}.html"} for n in (1, 2, 1)]
    assert "导入 2，跳过 1" in run(old("a.jsonl", rows(*items)))


def test_different_attachments_make_different_articles(old):
    items = [{"body": f"<p>{PROSE}</p><p>{MORE}</p><p><a href='/up/{n}.pdf'>附件</a></p>"} for n in (1, 2, 2)]
    assert "导入 2，跳过 1" in run(old("a.jsonl", rows(*items)))


def test_a_different_title_makes_a_different_article(old):
    assert "导入 2，跳过 0" in run(old("a.jsonl", rows({"title": "一月例会"}, {"title": "二月例会"})))


def test_a_dry_run_knows_the_same_articles_as_a_real_one(old):
    items = [
        {"url": "http://a.cn/1.html"},
        {"url": "http://a.cn/1.html", "body": MORE},
        {"url": "http://a.cn/2.html"},
        {},
    ]
    path = old("a.jsonl", rows(*items))
    assert "导入 1，跳过 3" in run(path, dry_run=True)
    assert "导入 1，跳过 3" in run(path)


@pytest.mark.parametrize("is_edited", [False, True])
def test_articles_of_an_earlier_version_are_known_again(old, is_edited):
    """It stored one key, made of title, day and section, or of the URL."""
    path = old("a.txt", text_page(body=LONG))
    page = read_page(path.read_bytes(), is_html=False)
    run(path)
    Article.objects.update(import_key=identity_of(page).earlier_page, import_text="")
    if is_edited:
        Article.objects.update(body_text=Article.objects.get().body_text + "编辑补充的一段话。")
    else:
        importlib.import_module("news.migrations.0013_import_by_text").fill_import_text(
            apps, connection.schema_editor()
        )
        assert Article.objects.get().import_text == identity_of(page).import_text
    assert "跳过 1" in run(path)
    other = old("b.txt", text_page(body=f"另一条线路的用户：{LONG}"))
    assert "导入 1" in run(other)
