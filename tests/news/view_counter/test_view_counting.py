"""人气: who counts, and that each line of a journal counts exactly once."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from news.models import Article, DailyViews, FoldedJournal, ViewTotal, Visit, VisitorKey
from news.view_counter import folding as view_folding
from news.view_counter import journal as view_journal
from news.view_counter import shown as shown_views
from tests.factories import make_article

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 10; CUBOT X18) AppleWebKit/537.36 MicroMessenger/8.0 Mobile"


def read(client, article, address="203.0.113.7", agent=PHONE, **extra):
    return client.get(article.get_absolute_url(), REMOTE_ADDR=address, HTTP_USER_AGENT=agent, **extra)


def counted(article) -> int:
    view_folding.fold_all()
    return Article.objects.select_related("view_total").get(pk=article.pk).views - article.initial_views


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
        monkeypatch.setattr(view_journal.time, "time", lambda moment=moment: moment)
        read(client, article)
        assert counted(article) == expected


def test_an_unchanged_page_counts_too(client):
    article = make_article()
    etag = read(client, article)["ETag"]
    assert read(client, article, address="203.0.113.8", HTTP_IF_NONE_MATCH=etag).status_code == 304
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


def test_one_address_cannot_raise_a_number_at_will(client, settings):
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
            view_folding.fold_all()  # the cap holds across folds
    assert counted(article) == 5
    read(client, article, address="203.0.113.8")
    assert counted(article) == 6


def test_an_ipv6_network_is_one_address(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, views_per_address=1)
    article = make_article()
    for host in range(5):
        read(client, article, address=f"2001:db8:1:2::{host}")
    read(client, article, address="2001:db8:1:3::1")
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
        read(client, article, address=f"203.0.113.{host}")
    assert counted(article) == 40
    assert ViewTotal.objects.get(article=article).views == 40
    assert DailyViews.objects.get(article=article, day=timezone.localdate()).views == 40


def test_a_line_folds_once_however_often_it_is_folded(client):
    article = make_article()
    read(client, article)
    for _ in range(3):
        assert counted(article) == 1
    view_journal.close_own_journal()
    for _ in range(3):
        assert counted(article) == 1
    assert list(view_journal.settings.VIEW_JOURNAL_DIR.glob("*")) == []
    assert not FoldedJournal.objects.exists()


def test_a_death_between_fold_and_removal_counts_nothing_twice(client, monkeypatch):
    article = make_article()
    read(client, article)
    view_journal.close_own_journal()

    def die(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(view_folding.Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            view_folding.fold_all()
    Visit.objects.all().delete()  # even where the unique key has forgotten them
    assert counted(article) == 1


def test_broken_lines_are_left_out_and_the_others_count(client, settings):
    article = make_article()
    read(client, article)
    path = view_journal.own_journal().path
    good = b"%d %d %s %s\n" % (article.pk, int(time.time()), b"a" * 16, b"b" * 16)
    with open(path, "ab") as file:
        file.write(
            b"garbage\n\xff\xfe\x00\n12 34\n" + b"9" * 40 + b" 1 " + b"c" * 16 + b" " + b"d" * 16 + b"\n"
        )
        file.write(good + b"%d 17000" % article.pk)  # the last line is not finished
    assert counted(article) == 2
    view_journal.close_own_journal()
    assert counted(article) == 2
    assert not path.exists()


def test_views_of_a_deleted_article_are_dropped(client):
    gone, stays = make_article("要删除的"), make_article("留下的")
    read(client, gone)
    read(client, stays)
    gone.delete()
    assert counted(stays) == 1


def test_a_long_journal_folds_in_short_transactions(client, monkeypatch):
    article = make_article()
    monkeypatch.setattr(view_folding, "CHUNK_BYTES", 500)
    for host in range(1, 31):
        read(client, article, address=f"203.0.113.{host}")
    assert counted(article) == 30


def test_a_journal_whose_process_lives_is_left_alone(settings):
    article = make_article()
    settings.VIEW_JOURNAL_DIR.mkdir()
    script = (
        "import os, sys, time, pathlib, django; django.setup()\n"
        "from django.conf import settings; settings.VIEW_JOURNAL_DIR = pathlib.Path(sys.argv[1])\n"
        "from news.view_counter import journal as j\n"
        "j._append(b'%d %d %s %s\\n' % (int(sys.argv[2]), int(time.time()), b'a' * 16, b'b' * 16))\n"
        "print('written', flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "greenenergy.settings"}
    arguments = [sys.executable, "-c", script, str(settings.VIEW_JOURNAL_DIR), str(article.pk)]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "written\n"
        assert counted(article) == 0
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert counted(article) == 1


def test_keys_are_forgotten_after_two_days():
    today = timezone.localdate()
    for age in range(5):
        VisitorKey.objects.create(day=today - timedelta(days=age), key=b"k" * 32)
    view_journal.prepare_keys()
    days = set(VisitorKey.objects.values_list("day", flat=True))
    assert days == {today - timedelta(days=1), today, today + timedelta(days=1)}


def test_old_visits_are_forgotten_and_new_ones_kept():
    article = make_article()
    slot = int(time.time()) // view_journal.SLOT_SECONDS
    for age in (0, 10, 97, 98):
        Visit.objects.create(article=article, slot=slot - age, address="a" * 16, visitor="b" * 16)
    for _ in range(3):
        view_folding.forget_old_visits()
    assert sorted(slot - visit.slot for visit in Visit.objects.all()) == [0, 10]


def test_journals_hold_no_address_and_no_user_agent(client):
    read(client, make_article())
    text = view_journal.own_journal().path.read_text()
    assert "203.0.113.7" not in text
    assert "Mozilla" not in text


def test_a_full_disk_costs_a_view_and_not_the_page(client, settings, caplog):
    settings.VIEW_JOURNAL_DIR.mkdir()
    article = make_article()
    view_journal.visitor_key(timezone.localdate())
    blocked = settings.VIEW_JOURNAL_DIR / "file"
    blocked.touch()
    settings.VIEW_JOURNAL_DIR = blocked / "journal"  # cannot be made below a file
    assert read(client, article).status_code == 200
    assert "is not counted" in caplog.text


@pytest.fixture
def fresh_numbers():
    """Nothing has been shown yet in this process."""
    shown_views._asked.clear()
    shown_views._refreshed.clear()


def test_a_number_keeps_up_with_views_that_others_fold_later(fresh_numbers):
    """The last reader came here; a killed process's lines, or another machine's, are folded long after."""
    article = make_article()
    assert shown_views.shown(article.pk, 0) == 0
    for views in (3, 5):
        ViewTotal.objects.update_or_create(article=article, defaults={"views": views})
        shown_views.refresh()
        assert shown_views.shown(article.pk, 0) == views
        shown_views.refresh()  # nobody has asked in between


def test_articles_that_nobody_reads_are_asked_about_no_longer(
    fresh_numbers, monkeypatch, django_assert_num_queries
):
    shown_views.shown(make_article().pk, 0)
    shown_views.refresh()
    later = time.monotonic() + shown_views.KEPT_SECONDS + 1
    monkeypatch.setattr(shown_views.time, "monotonic", lambda: later)
    with django_assert_num_queries(0):
        shown_views.refresh()


def test_of_very_many_articles_those_shown_last_are_asked_about(fresh_numbers, monkeypatch):
    monkeypatch.setattr(shown_views, "MOST_REFRESHED", 3)
    for number in (1, 2, 3, 4, 1):
        shown_views.shown(number, 0)
        shown_views.refresh()
    assert list(shown_views._refreshed) == [3, 4, 1]


def test_a_journal_is_folded_in_one_transaction_though_nothing_comes_after(client, monkeypatch):
    """Other processes wait for the database's lock meanwhile."""
    read(client, make_article())
    begun = []
    monkeypatch.setattr(view_folding, "_one_folder_at_a_time", lambda: begun.append(1))
    view_folding.fold_all()
    assert len(begun) == 1


def test_a_journal_without_one_whole_line_ends_the_folding(client, monkeypatch):
    article = make_article()
    read(client, article)
    view_journal.own_journal().path.write_bytes(b"9" * 5000)
    monkeypatch.setattr(view_folding, "CHUNK_BYTES", 500)
    assert counted(article) == 0


def test_a_page_is_answered_though_the_file_of_shown_numbers_is_gone(fresh_numbers, settings):
    article = make_article()
    shown_views.shown(article.pk, 3)
    settings.SHOWN_VIEWS_FILE.unlink()
    assert shown_views.shown(article.pk, 5) == 5
    assert shown_views.shown(article.pk, 4) == 5


def test_half_a_line_is_not_the_beginning_of_the_next(tmp_path, monkeypatch):
    """The disk is full in the middle of a line, and has room again."""
    journal = view_journal.Journal(tmp_path)
    journal.write(b"7 1 a b\n")
    write = os.write
    monkeypatch.setattr(view_journal.os, "write", lambda file, line: write(file, line[:1]))
    with pytest.raises(OSError, match="only 1 of 9 bytes"):
        journal.write(b"12 1 a b\n")
    monkeypatch.setattr(view_journal.os, "write", write)
    journal.write(b"34 1 a b\n")
    assert journal.path.read_bytes() == b"7 1 a b\n34 1 a b\n"
    assert journal.size == journal.path.stat().st_size
    journal.close()
