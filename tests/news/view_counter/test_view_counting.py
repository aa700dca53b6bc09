"""人气: who counts, how often, and what is stored of a reader."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from news.models import Article, DailyViews, ViewTotal, VisitorKey
from news.view_counter import folding, journal
from news.view_counter.journal import own_journal
from news.view_counter.visitors import visitor_keys
from tests.factories import make_article
from tests.news.view_counter.reading import PHONE, counted, read

pytestmark = pytest.mark.django_db


def test_a_reader_raises_the_number_by_one(client):
    article = make_article(initial_views=428)
    assert read(client, article).status_code == 200
    assert counted(article) == 1
    assert "429" in read(client, article).text


def test_counting_leaves_the_articles_row_alone(client):
    article = make_article()
    before = Article.objects.values().get(pk=article.pk)
    read(client, article)
    assert counted(article) == 1
    assert Article.objects.values().get(pk=article.pk) == before


def test_a_visitor_counts_once_per_half_hour(client, monkeypatch):
    article = make_article()
    now = 1_800_000_000 // 1800 * 1800 + 60
    for moment, expected in [(now, 1), (now + 1700, 1), (now + 1740, 2), (now + 1741, 2)]:
        monkeypatch.setattr(journal.time, "time", lambda moment=moment: moment)
        read(client, article)
        assert counted(article) == expected


def test_an_unchanged_page_counts_too(client):
    article = make_article()
    etag = read(client, article)["ETag"]
    assert read(client, article, ip="203.0.113.8", HTTP_IF_NONE_MATCH=etag).status_code == 304
    assert counted(article) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"agent": "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"},
        {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"agent": "Sogou web spider/4.0"},
        {"agent": "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)"},
        {"agent": "facebookexternalhit/1.1"},
        {"agent": "curl/8.5.0"},
        {"agent": "Wget/1.21.4"},
        {"agent": "python-requests/2.32.3"},
        {"agent": "Python/3.11 aiohttp/3.9.5"},
        {"agent": "Go-http-client/1.1"},
        {"agent": "Java/17.0.2"},
        {"agent": "okhttp/4.12.0"},
        {"agent": "axios/1.7.2"},
        {"agent": ""},
        {"agent": "  "},
        {
            "agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0 Safari/537.36"
        },
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
)
def test_crawlers_and_prefetches_do_not_count(client, headers):
    article = make_article()
    assert read(client, article, **headers).status_code == 200
    assert counted(article) == 0


def test_head_missing_pages_and_staff_do_not_count(client, admin_client):
    article = make_article()
    client.head(article.get_absolute_url(), HTTP_USER_AGENT=PHONE)
    draft = make_article(published=False)
    assert read(client, draft).status_code == 404
    assert read(admin_client, article).status_code == 200
    assert counted(article) == counted(draft) == 0


def test_a_logged_in_reader_who_is_not_staff_counts(client):
    client.force_login(User.objects.create_user("reader"))
    article = make_article()
    read(client, article)
    assert counted(article) == 1


def test_one_ip_address_cannot_raise_a_count_at_will(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, views_per_address=5)
    article = make_article()
    for number in range(20):
        client.cookies["visitor"] = str(number)
        client.get(
            f"{article.get_absolute_url()}?x={number}",
            REMOTE_ADDR="203.0.113.7",
            HTTP_USER_AGENT=f"{PHONE} {number}",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
        )
        if number % 3 == 0:
            folding.fold_all()  # the limit per IP address holds across folds
    assert counted(article) == 5
    read(client, article, ip="203.0.113.8")
    assert counted(article) == 6


def test_an_ipv6_network_counts_as_one_client(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, views_per_address=1)
    article = make_article()
    for host in range(5):
        read(client, article, ip=f"2001:db8:1:2::{host}")
    read(client, article, ip="2001:db8:1:3::1")
    assert counted(article) == 2


def test_the_most_read_of_seven_days_is_a_query(client):
    old, new = make_article("旧文章", days_old=30), make_article("新文章")
    today = timezone.localdate()
    DailyViews.objects.create(article=old, day=today - timedelta(days=7), views=50)
    DailyViews.objects.create(article=old, day=today - timedelta(days=6), views=3)
    DailyViews.objects.create(article=new, day=today, views=4)
    week = Article.objects.published().most_read(7, 5)
    assert [(a.title, a.recent_views) for a in week] == [("新文章", 4), ("旧文章", 3)]
    assert [a.title for a in Article.objects.published().most_read(30, 5)] == ["旧文章", "新文章"]


def test_totals_and_days_agree(client):
    article = make_article()
    for host in range(1, 41):
        read(client, article, ip=f"203.0.113.{host}")
    assert counted(article) == 40
    assert ViewTotal.objects.get(article=article).views == 40
    assert DailyViews.objects.get(article=article, day=timezone.localdate()).views == 40


def test_keys_are_forgotten_after_two_days():
    today = timezone.localdate()
    for age in range(5):
        VisitorKey.objects.create(day=today - timedelta(days=age), key=b"k" * 32)
    visitor_keys.prepare()
    days = set(VisitorKey.objects.values_list("day", flat=True))
    assert days == {today - timedelta(days=1), today, today + timedelta(days=1)}


def test_journals_hold_no_ip_address_and_no_user_agent(client):
    read(client, make_article())
    text = own_journal.file.path.read_text()
    assert "203.0.113.7" not in text
    assert "Mozilla" not in text


def test_a_full_disk_costs_a_view_and_not_the_page(client, settings, caplog):
    settings.VIEW_JOURNAL_DIR.mkdir()
    article = make_article()
    visitor_keys.of(timezone.localdate())
    blocked = settings.VIEW_JOURNAL_DIR / "file"
    blocked.touch()
    settings.VIEW_JOURNAL_DIR = blocked / "journal"  # a folder below a file is impossible
    assert read(client, article).status_code == 200
    assert "is not counted" in caplog.text
