"""Drafts, scheduled and expired articles appear nowhere; a scheduled one appears at its second."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from greenenergy.models import Section
from news.models import Article
from news.queries.article_page import context_of
from tests.factories import make_article, make_channel, make_page, make_section, make_settings, sitemap_with

pytestmark = pytest.mark.django_db

SECRET = "机密内容"

# Every URL that a visitor can open, by the name of its pattern. A new public page must be added here.
PUBLIC = {
    "home": ["/"],
    "page": ["/about/"],
    "search": ["/search/", f"/search/?q={SECRET}", "/search/?q=光伏"],
    "sitemap_index": ["/sitemap.xml"],
    "sitemap": ["{sitemap}", *(f"/sitemap-{kind}.xml" for kind in ("tags", "sections", "pages"))],
    "robots": ["/robots.txt"],
    "contact:contact": ["/contact/"],
    "contact:receipt": ["/contact/receipt/0101-ABCDEF/"],
    "contact:chat": ["/contact/chat/"],
    "news:list": ["/news/"],
    "news:feed": ["/news/feed/"],
    "news:section_feed": ["/news/industry/feed/", "/news/group/feed/"],
    "news:tag_feed": ["/news/tags/光伏/feed/", "/news/tags/机密标签/feed/"],
    "news:tags": ["/news/tags/"],
    "news:tag": ["/news/tags/光伏/", "/news/tags/机密标签/"],
    "news:archive": ["/news/archive/"],
    "news:archive_year": ["/news/archive/{year}/"],
    "news:archive_month": ["/news/archive/{year}/{month}/"],
    "news:article_qr_code": ["/news/{article}/qr.svg"],
    "news:attachment": ["/news/attachments/{attachment}/"],
    "news:article": ["/news/{article}/", "/news/{newer}/"],
    "news:section": ["/news/industry/", "/news/group/"],
}
# Without pages: forms, scripts and files. The live chat is left out below: it shows no articles.
NOT_FOR_VISITORS = {"choose", "contact:clicks", "editor_upload", "media"}


def pattern_names(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield prefix + entry.name
        elif entry.app_name != "admin":
            yield from pattern_names(entry, prefix + (f"{entry.namespace}:" if entry.namespace else ""))


def test_the_walk_covers_every_public_url():
    names = {
        name for name in pattern_names(get_resolver()) if not name.startswith(("contact:chat_", "desk:"))
    }
    assert names == set(PUBLIC) | NOT_FOR_VISITORS


def hidden(kind, now):
    return {
        "draft": {"published": False},
        "draft with a past time": {"published": False, "published_at": now - timedelta(days=1)},
        "scheduled": {"published_at": now + timedelta(hours=1)},
        "expired": {"published_at": now - timedelta(days=2), "expires_at": now - timedelta(seconds=1)},
    }[kind]


@pytest.mark.parametrize("kind", ["draft", "draft with a past time", "scheduled", "expired"])
def test_a_hidden_article_appears_nowhere(client, kind):
    now = timezone.now()
    make_settings()
    make_channel()
    group = make_section("新闻中心", slug="group")
    section = make_section("行业资讯", slug="industry", parent=group)
    make_page("关于我们", slug="about")
    flags = {"is_pinned": True, "is_recommended": True, "is_headline": True}
    article = make_article("公开的旧文", section=section, tags=["光伏"], days_old=3)
    secret = make_article(
        SECRET,
        section=section,
        tags=["光伏", "机密标签"],
        body=f"<p>{SECRET}</p>",
        **flags,
        **hidden(kind, now),
    )
    newer = make_article(
        "公开的新文", section=section, tags=["光伏"], published_at=now - timedelta(minutes=1)
    )
    article.related.add(secret)
    secret.daily_views.create(day=timezone.localdate(), views=1000)

    answer = client.get(secret.get_absolute_url())
    assert answer.status_code == (410 if kind == "expired" else 404)
    assert SECRET not in answer.text
    attachment = secret.attachments.create(file=ContentFile(b"%PDF-1.7", name=f"{SECRET}.pdf"))
    assert client.get(f"{secret.get_absolute_url()}qr.svg").status_code == 404
    places = {
        "attachment": attachment.pk,
        "article": article.pk,
        "newer": newer.pk,
        "sitemap": sitemap_with(secret),
        "year": timezone.localdate().year,
    }
    for month in {timezone.localdate().month, timezone.localtime(article.published_at).month}:
        for address in (address for addresses in PUBLIC.values() for address in addresses):
            response = client.get(address.format(**places, month=month))
            # The search page repeats the words that were searched for.
            text = response.text.replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
            assert response.status_code in (200, 404), address
            assert secret.get_absolute_url() not in text, address
            assert SECRET not in text.split("<title>")[0] + text.split("</title>")[-1], address


def test_a_public_article_appears_everywhere(client):
    """Without this test, a page that shows no article at all would pass the walk above."""
    section = make_section("行业资讯", slug="industry")
    article = make_article(section=section, tags=["光伏"], days_old=0)
    make_article("下一篇", section=section, tags=["光伏"], days_old=1)
    today = timezone.localtime(article.published_at)
    month = f"/news/archive/{today.year}/{today.month}/"
    for address in [
        "/",
        "/news/",
        "/news/industry/",
        "/news/tags/光伏/",
        "/news/feed/",
        "/search/?q=光伏",
        month,
        sitemap_with(article),
        "/news/industry/feed/",
        "/news/tags/光伏/feed/",
    ]:
        assert article.get_absolute_url() in client.get(address).text, address


def test_a_scheduled_article_appears_at_its_second(client, monkeypatch):
    moment = timezone.now() + timedelta(hours=3)
    article = make_article(published_at=moment, expires_at=moment + timedelta(hours=1))
    for seconds, status in [(-1, 404), (0, 200), (3599, 200), (3600, 410)]:
        monkeypatch.setattr(timezone, "now", lambda at=moment + timedelta(seconds=seconds): at)
        assert client.get(article.get_absolute_url()).status_code == status
        assert (article in Article.objects.published()) is (status == 200)
        assert article.is_public is (status == 200)


def test_an_article_published_without_a_time_gets_the_current_one():
    before = timezone.now()
    article = make_article(published_at=None)
    assert before <= article.published_at <= timezone.now()


@pytest.mark.parametrize(
    "values",
    [{"published_at": None}, {"expires_at": timezone.now() - timedelta(days=9)}],
)
def test_the_database_refuses_impossible_times(values):
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**values)


@pytest.mark.parametrize(
    ("flag", "word"), [("pinned", "pinned"), ("recommended", "recommended"), ("headline", "headlines")]
)
def test_a_flag_ends_by_itself(flag, word):
    now = timezone.now()
    for_ever = make_article("一直", **{f"is_{flag}": True})
    make_article("过了", **{f"is_{flag}": True, f"{flag}_until": now - timedelta(seconds=1)})
    still = make_article("还在", **{f"is_{flag}": True, f"{flag}_until": now + timedelta(hours=1)})
    make_article("没有", **{f"{flag}_until": now + timedelta(hours=1)})
    assert set(getattr(Article.objects.published(), word)()) == {for_ever, still}


def test_pinned_articles_stand_first_and_only_once(client):
    section = make_section(slug="industry")
    for number in range(25):
        make_article(f"普通{number}号", section=section, days_old=number)
    pinned = make_article("置顶的旧文", section=section, is_pinned=True, days_old=90)
    for address in ("/news/", "/news/industry/"):
        text = client.get(address).text
        assert text.index("置顶的旧文") < text.index("普通0号")
        assert text.count(f'href="{pinned.get_absolute_url()}"') <= 2  # title and picture
        assert "置顶的旧文" not in client.get(f"{address}?page=2").text


def test_neighbours_are_of_the_same_section_and_in_the_order_of_time():
    section, other = make_section(), make_section("公司新闻")
    moment = timezone.now() - timedelta(days=1)
    first, second, third = (make_article(f"{n}", section=section, published_at=moment) for n in range(3))
    make_article("别处", section=other, published_at=moment)
    around = [(page["newer"], page["older"]) for page in map(context_of, (first, second, third))]
    assert around == [(second, None), (third, first), (None, second)]


def test_related_articles_are_hand_picked_first_then_by_shared_tags():
    article = make_article("主", tags=["光伏", "储能"])
    both = make_article("两个", tags=["光伏", "储能"], days_old=9)
    one = make_article("一个", tags=["光伏"], days_old=2)
    picked = make_article("挑的", days_old=50)
    make_article("无关", tags=["风电"])
    article.related.add(picked)
    assert context_of(article)["related"] == [picked, both, one]
    more = [make_article(f"也挑了{day}", days_old=day) for day in range(20, 26)]
    article.related.add(*more)
    assert context_of(article)["related"] == more


@pytest.mark.parametrize("newest", [0, 2, 500])
def test_related_articles_are_found_however_old_they_are(monkeypatch, newest):
    """The newest of the site are searched first, all of it where those are too few."""
    monkeypatch.setattr("news.queries.related.MOST", newest)
    article = make_article("主", tags=["光伏", "储能"])
    old = [make_article(f"旧{day}", tags=["储能"], days_old=day) for day in (90, 91)]
    both = make_article("两个都有", tags=["光伏", "储能"], days_old=400)
    make_article("草稿", tags=["光伏", "储能"], published=False)
    make_article("明天", tags=["光伏", "储能"], days_old=-1)
    make_article("过期", tags=["光伏", "储能"], days_old=9, expires_at=timezone.now() - timedelta(days=1))
    for day in range(1, 5):
        make_article(f"无关{day}", tags=["风电"], days_old=day)
    assert context_of(article)["related"] == [both, *old]


def test_a_section_is_never_deleted_together_with_its_articles():
    article = make_article()
    with pytest.raises(IntegrityError):
        article.section.delete()
    assert Section.objects.filter(pk=article.section_id).exists()
