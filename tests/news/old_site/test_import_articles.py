"""manage.py import_articles: pages become articles, once, in their sections and with their tags."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from greenenergy.models import Section
from news.models import Article, Tag
from news.old_site import importing
from news.old_site.fields import article_of
from news.old_site.identity import identity_of
from tests.factories import make_page, make_section
from tests.news.old_site.commands import REAL_PAGE, make_csv, picture_page, run, text_page
from tests.news.old_site.samples import PROSE

pytestmark = pytest.mark.django_db


# ---- the real page


def test_the_real_page_is_published_with_date_views_section_and_headings():
    out = run(REAL_PAGE, publish=True)
    article = Article.objects.published().get()
    assert article.title == "美国总统气候特使克里访华,中美双方就合作气候变化深入交流"
    assert timezone.localtime(article.published_at).isoformat() == "2023-07-18T00:00:00+08:00"
    assert (article.section.name, article.initial_views, article.tags.count()) == ("行业资讯", 428, 0)
    assert article.body.count("<h2>") == 4
    assert "<h2>我国坚定推进双碳战略</h2>" in article.body
    assert "欢迎访问" not in article.body
    assert "在线客服" not in article.body
    assert "导入 1，跳过 0，拒绝 0" in out


def test_the_page_reads_well_on_the_site(client):
    run(REAL_PAGE, publish=True)
    page = client.get(Article.objects.get().get_absolute_url()).text
    assert "2023-07-18" in page
    assert "428" in page
    assert ">中美双方或将携手共赢</h2>" in page


# ---- drafts, and what is made once


def test_articles_are_drafts_without_the_option_publish(old):
    run(old("a.txt", text_page()))
    article = Article.objects.get()
    assert article.status == Article.Status.DRAFT
    assert timezone.localtime(article.published_at).date().isoformat() == "2023-07-18"
    assert article.tag_names == ["储能", "光伏"] or set(article.tag_names) == {"储能", "光伏"}


def test_a_page_without_a_date_stays_a_draft_and_the_table_says_why(old):
    out = run(old("a.txt", text_page().replace("发布时间：2023-07-18 ", "")), publish=True)
    assert Article.objects.get().status == Article.Status.DRAFT
    assert "没有发布时间，存为草稿" in out


def test_run_twice_it_makes_nothing_twice(old):
    page, table = (
        old("a.txt", text_page()),
        old("b.csv", make_csv(["另一篇", "公司新闻", "2023/7/1", "5", PROSE, "风电"])),
    )
    run(page, table)
    before = (Article.objects.count(), Section.objects.count(), Tag.objects.count())
    out = run(page, table, section="别的栏目", publish=True)
    assert (Article.objects.count(), Section.objects.count(), Tag.objects.count()) == before == (2, 2, 3)
    assert out.count("已导入过（文章 #") == 2
    assert not Article.objects.published().exists()


def test_an_article_that_an_editor_retitled_is_not_made_again(old):
    page = old("a.txt", text_page())
    run(page)
    Article.objects.update(title="新的标题")
    assert "跳过 1" in run(page)


def test_the_same_page_in_two_files_is_made_once(old):
    html = f"<h1>屋顶光伏电站 并网</h1><p>发布时间:2023-07-18</p><p>{PROSE}</p>"
    out = run(old("a.txt", text_page(section="")), old("b.html", html))
    assert Article.objects.count() == 1
    assert f"与本次导入的文章 #{Article.objects.get().pk} 相同" in out


def test_rows_with_different_old_urls_are_different_articles(old):
    rows = [{"title": "停电通知", "body": PROSE, "url": f"http://old.example/{n}.html"} for n in (1, 2, 1)]
    run(old("a.jsonl", "\n".join(map(json.dumps, rows))))
    assert Article.objects.count() == 2


def test_a_faster_import_elsewhere_wins_and_ours_is_skipped(old, monkeypatch):
    page = old("a.txt", text_page())
    run(old("b.txt", text_page(title="别处导入的")))

    def article_of_a_page_that_is_imported_meanwhile(page):
        Article.objects.filter(title="别处导入的").update(import_key=identity_of(page).import_key)
        return article_of(page)

    monkeypatch.setattr(importing, "article_of", article_of_a_page_that_is_imported_meanwhile)
    assert "跳过 1，拒绝 0" in run(page)
    assert Article.objects.count() == 1


def test_a_dry_run_stores_nothing_and_says_so(old):
    same = text_page()
    out = run(
        old("a.txt", same), old("b.txt", same), old("c/d.html", picture_page()), dry_run=True, publish=True
    )
    assert not Article.objects.exists()
    assert not Section.objects.exists()
    assert not Tag.objects.exists()
    assert not Path(default_storage.location).exists()
    assert "导入 2，跳过 1，拒绝 0" in out
    assert "什么也没有保存" in out


# ---- sections and tags


def test_the_section_of_that_name_is_used_and_a_missing_one_is_made(old):
    news = make_section("行业资讯")
    run(old("a.txt", text_page()), old("b.txt", text_page(title="第二篇新闻稿", section="光伏天地")))
    assert Article.objects.get(title="屋顶光伏电站并网").section == news
    assert Article.objects.get(title="第二篇新闻稿").section.name == "光伏天地"


def test_a_company_page_of_the_same_name_is_no_section_for_articles(old):
    make_page("光伏天地")
    run(old("a.txt", text_page(section="光伏天地")))
    assert Article.objects.get().section.kind == Section.Kind.LIST


@pytest.mark.parametrize("publish", [False, True])
def test_new_sections_stay_out_of_navigation_and_home_page_and_are_listed(old, publish):
    make_section("储能天地")
    files = [
        old(f"{n}.txt", text_page(title=f"第{n}篇新闻稿件", section=name))
        for n, name in enumerate(["光伏天地", "储能天地", "光伏天地"])
    ]
    out = run(*files, publish=publish)
    new = Section.objects.get(name="光伏天地")
    assert (new.in_navigation, new.on_home) == (False, False)
    assert "新建的栏目：光伏天地（2 篇）。" in out
    assert "储能天地" not in out.split("新建的栏目")[1]


@pytest.mark.parametrize(
    "junk", ["退出", "打印", "一键登录", "会员中心", "我要留言", "返回顶部", "首页", "光伏行业领跑者"]
)
def test_words_above_a_headline_that_are_no_section_make_none(old, junk):
    run(
        old("a.html", f"<div>{junk}</div><h1>标题一则在此</h1><p>发布时间：2023-07-18</p><p>{PROSE}</p>"),
        publish=True,
    )
    assert [section.name for section in Section.objects.all()] == ["行业资讯"]


def test_a_word_above_a_headline_that_the_site_has_as_a_section_is_one(old):
    section = make_section("光伏行业领跑者")
    run(old("a.html", f"<div>光伏行业领跑者</div><h1>标题一则在此</h1><p>{PROSE}</p>"))
    assert Article.objects.get().section == section


def test_pages_without_a_section_go_where_the_operator_says(old):
    run(old("a.txt", text_page(section="")), section="旧站文章")
    assert Article.objects.get().section.name == "旧站文章"


def test_tags_are_shared_with_those_that_exist(old):
    tag = Tag.objects.create(name="CCER")
    run(old("a.txt", text_page(tags="ccer，光伏")))
    assert tag in Article.objects.get().tags.all()
    assert Tag.objects.count() == 2


def test_a_tag_that_is_too_long_is_left_out_and_noted(old):
    out = run(old("a.jsonl", json.dumps({"title": "标题", "body": PROSE, "tags": ["光伏", "长" * 31]})))
    assert Article.objects.get().tag_names == ["光伏"]
    assert "1 个标签太长或太多" in out
