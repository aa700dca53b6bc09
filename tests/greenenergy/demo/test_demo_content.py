"""The demo site: created once, never changed afterwards, and with as many articles as a measurement needs."""

import re
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from contact.models import Channel
from greenenergy.models import Section, SiteSettings
from news.models import Article, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_demo_pictures")]


def demo_content(*arguments):
    output = StringIO()
    call_command("demo_content", *arguments, stdout=output)
    return output.getvalue()


def content():
    return [
        list(model.objects.order_by("pk").values())
        for model in (SiteSettings, Section, Article, Tag, Channel)
    ]


@pytest.fixture
def demo():
    demo_content()


def test_a_second_run_changes_nothing(demo):
    before = content()
    assert "没有改动" in demo_content()
    assert content() == before


def test_a_site_with_content_of_its_own_gets_none():
    Section.objects.create(name="行业资讯")
    demo_content()
    assert not Article.objects.exists()
    assert not Channel.objects.exists()


def test_every_page_of_the_demo_site_answers_and_every_picture_is_there(demo, client):
    queue, seen, pictures = ["/"], set(), set()
    while queue:
        url = queue.pop()
        seen.add(url)
        response = client.get(url)
        assert response.status_code == 200, url
        if response.streaming or response["Content-Type"].startswith("image/"):
            continue
        html = response.content.decode()
        pictures |= set(re.findall(r'(?:src|srcset|href)="/media/([^" ]+)', html))
        pictures |= set(re.findall(r", /media/([^ ]+)", html))
        links = set(re.findall(r'<a [^>]*href="(/(?!media/)[^"#?]*)"', html))
        queue += links - seen - set(queue)
    assert len(seen) > 40
    assert len(pictures) >= 10
    assert all(default_storage.exists(name) for name in pictures)


def test_the_demo_site_shows_every_kind_of_part(demo, client):
    home = client.get("/").content.decode()
    for part in ["头条", "最新文章", "推荐", "公司新闻", "服务热线", "微信咨询", "闽ICP备00000000号-1"]:
        assert part in home
    article = Article.objects.get(is_headline=True)
    html = client.get(article.get_absolute_url()).content.decode()
    for part in [
        "<h2 id=",
        "<table>",
        "<ul>",
        "<blockquote>",
        "<figcaption>",
        'class="tag"',
        "上一篇",
        "相关文章",
    ]:
        assert part in html


def test_the_guide_for_editors_is_a_draft(demo, client):
    guide = Article.objects.get(status="draft")
    assert client.get(guide.get_absolute_url()).status_code == 404


def test_generated_articles_are_added_and_public(client):
    assert "3 / 3" in demo_content("--articles", "3")
    count = Article.objects.count()
    demo_content("--articles", "2")
    assert Article.objects.count() == count + 2
    newest = Article.objects.latest("id")
    assert 250 <= len(newest.body_text) <= 420
    assert newest.body_excerpt
    assert newest.tags.exists()
    assert client.get(newest.get_absolute_url()).status_code == 200


def test_common_words_are_common_and_rare_words_rare():
    demo_content("--articles", "600")
    generated = Article.objects.filter(cover="", status="published").order_by("-id")[:600]
    texts = [article.title + article.body_text for article in generated]
    share = sum("光伏" in text for text in texts) / len(texts)
    assert 0.2 < share < 0.5
    assert 0 < sum("飞轮" in text for text in texts) / len(texts) < 0.1


@pytest.mark.parametrize("number", ["-1", "100000000"])
def test_an_impossible_number_is_refused_in_words(number):
    with pytest.raises(CommandError, match="--articles"):
        demo_content("--articles", number)
