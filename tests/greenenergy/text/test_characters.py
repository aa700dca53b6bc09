"""Control, invisible and half characters are in no stored text, whichever way it came."""

import importlib
import json

import pytest
from django.apps import apps
from django.db import connection, models

from greenenergy.richtext.field import RichTextField
from greenenergy.richtext.sanitizer import sanitize
from greenenergy.text import fields
from greenenergy.text.characters import clean_line, clean_text, read_json
from news.models import Article, split_tags
from tests.factories import make_article, make_section

DIRTY = "储\u200b能\x02电\u00ad站\ufeff"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("第一行\x0b第二行\r\n第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("储\u200b能\u00ad电\u2060站\ufeff", "储能电站"),
        ("a\x00b\x02c\x1bd\x7fe\x9ff", "abcdef"),
        ("\u202a13860100641\u202c\u200e", "13860100641"),
        ("half \ud83d of one", "half  of one"),
        ("\ud83d\ude00", "😀"),
        ("光\u200d伏\ufe0f发\u200c电\u200d", "光伏发电"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e007f", "👨\u200d👩\u200d👧 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e007f"),
        ("中\U000e0041\U000e0042文\u3164", "中文"),
        ("全角　空格\t制表\u00a0不换行", "全角　空格\t制表\u00a0不换行"),
    ],
)  # fmt: skip
def test_what_is_never_part_of_a_text_is_dropped_and_nothing_else(text, clean):
    assert clean_text(text) == clean
    assert clean_text(clean) == clean


def test_a_line_has_no_line_breaks():
    assert clean_line("标题\x0b第二行\r\n 第三行\t末") == "标题 第二行 第三行 末"


def test_every_text_of_a_json_body_is_clean():
    body = json.dumps({"na\u200bme": DIRTY, "pages": [{"title": "张三\ud83d"}], "n": 1, "no": None})
    assert read_json(body) == {"name": "储能电站", "pages": [{"title": "张三"}], "n": 1, "no": None}
    assert read_json("[" * 100_000) is None
    assert read_json(b"\xff") is None


def test_every_text_field_of_the_site_cleans():
    plain = [
        f"{model.__name__}.{field.name}"
        for app in ("greenenergy", "news", "contact")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, fields.CharField | fields.TextField | fields.URLField | RichTextField)
    ]
    assert plain == []


@pytest.mark.django_db
def test_whatever_stores_a_text_stores_it_clean():
    article = make_article(DIRTY, body=f"<p>{DIRTY}&#8203;&shy;&#x2;</p>", tags=[DIRTY])
    assert (article.title, article.body) == ("储能电站", "<p>储能电站</p>")
    assert article.tag_names == ["储能电站"]
    article.refresh_from_db()
    assert (article.title, article.body_text) == ("储能电站", "储能电站")
    Article.objects.filter(pk=article.pk).update(summary=DIRTY, body=f"<p>{DIRTY}</p>")
    Article.objects.bulk_create([Article(title=DIRTY, section=make_section(), body=DIRTY)])
    stored = Article.objects.values_list("title", "summary", "body").order_by("id")
    assert list(stored) == [("储能电站", "储能电站", "<p>储能电站</p>"), ("储能电站", "", "储能电站")]
    assert Article.objects.filter(title=DIRTY).count() == 2


@pytest.mark.parametrize(
    "href", ["java\u200bscript:x", "java&#8203;script:x", "java&#x2;script:x", "/&#8203;/host"]
)
def test_a_url_is_judged_without_its_invisible_characters(href):
    assert "javascript" not in sanitize(f'<a href="{href}">链</a>')
    assert 'href="//' not in sanitize(f'<a href="{href}">链</a>')


@pytest.mark.django_db
def test_a_title_from_word_keeps_the_feeds_alive_and_is_found(client, admin_client):
    form = {
        "title": "储\u200b能\x0b电站\x02", "section": make_section().pk, "tag_line": "光\u200b伏，储\x0b能", "status": "published",
        "body": "<p>\x0b正文\x02</p>", "initial_views": 0, "author": "\x0b", "summary": "摘\u00ad要",
        "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert admin_client.post("/admin/news/article/add/", form).status_code == 302
    assert Article.objects.get().title == "储能 电站"
    assert split_tags("光\u200b伏，光伏") == ["光伏"]
    for url in ("/news/feed/", "/news/tags/光伏/feed/", "/sitemap-articles.xml", "/"):
        response = client.get(url)
        assert response.status_code == 200
        assert not {"\x02", "\x0b", "\u200b"} & set(response.text)
    for typed in ("储能", "储\u200b能", "\u00ad储能"):
        assert "储能</mark> 电站" in client.get("/search/", {"q": typed}).text


@pytest.mark.django_db
def test_a_title_of_invisible_characters_is_none(admin_client):
    response = admin_client.post(
        "/admin/news/article/add/", {"title": "\u200b\u3164", "section": make_section().pk}
    )
    assert response.status_code == 200
    assert "这个字段是必填项" in response.text
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_the_migration_cleans_stored_articles_and_finds_them_again(client):
    article, other = make_article("原来"), make_article("别的", body="<p>👨\u200d👩</p>")
    with connection.cursor() as cursor:  # as an earlier version stored it
        cursor.execute(
            "UPDATE news_article SET title = %s, body = %s, body_text = %s WHERE id = %s",
            ["光\u200b伏\x02", "<p>逆\u00ad变器\x0b</p>", "逆\u00ad变器\x0b", article.pk],
        )
    migration = importlib.import_module("news.migrations.0012_clean_texts")
    migration.clean_texts(apps, connection.schema_editor(atomic=False))
    article.refresh_from_db()
    assert (article.title, article.body_text) == ("光伏", "逆变器")
    assert article.body == "<p>逆变器\n</p>"
    assert Article.objects.get(pk=other.pk).body == "<p>👨\u200d👩</p>"
    assert "光伏" in client.get("/search/?q=逆变器").text
