"""Days and times in the admin: read as people write them, refused in words, left alone while nobody changes them."""

from datetime import UTC, datetime, time

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils import timezone

from contact.models import OpeningHours, SpecialDay
from greenenergy.editing.moments import DayField, MomentField, read_clock
from greenenergy.models import Banner
from news.models import Article
from tests.factories import make_article, make_picture_file, make_section

ADD = "/admin/news/article/add/"


def article_form(**values):
    return {
        "title": "标题", "section": make_section().pk, "status": "draft", "body": "<p>正文</p>", "initial_views": 0,
        "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0, **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        ("2026-12-01", "08:30:15", "2026-12-01 08:30:15"),
        ("2026年12月1日", "8:30", "2026-12-01 08:30:00"),
        ("２０２６ 年 12 月 1 日", "8点半", "2026-12-01 08:30:00"),
        ("2026.12.1", "", "2026-12-01 00:00:00"),
        ("2026/1/2", "下午3:05", "2026-01-02 15:05:00"),
        ("20261201", "0830", "2026-12-01 08:30:00"),
        (" 2026-12-01 ", "8时5分", "2026-12-01 08:05:00"),
        ("2026-12-01 08:30", "", "2026-12-01 08:30:00"),
        ("2026-12-01T08:30:15", "", "2026-12-01 08:30:15"),
        ("2026年12月1日晚上8点", "", "2026-12-01 20:00:00"),
        ("2000-01-01", "00:00", "2000-01-01 00:00:00"),
        ("2100-12-31", "23:59", "2100-12-31 23:59:00"),
    ],
)
def test_days_are_read_as_people_write_them(day, clock, moment):
    found = MomentField(required=False).clean([day, clock])
    assert f"{timezone.localtime(found):%Y-%m-%d %H:%M:%S}" == moment


@pytest.mark.parametrize(
    ("day", "clock", "reason"),
    [
        ("0001-01-01", "00:00", "2000 到 2100 之间，这里写的是 0001 年"),
        ("0202-12-01", "", "2000 到 2100"),
        ("1999-12-31", "", "2000 到 2100"),
        ("2101-01-01", "", "2000 到 2100"),
        ("9999-12-31", "23:59", "2000 到 2100"),
        ("2026-02-31", "", "没有 2026 年 2 月 31 日"),
        ("昨天", "", "看不懂日期“昨天”"),
        ("2026-12-01 随便", "", "看不懂时间“随便”"),
        ("202612011", "", "看不懂日期"),
        ("2026-12-01", "25:00", "看不懂时间“25:00”"),
        ("2026-12-01", "8:61", "看不懂时间"),
        ("", "08:30", "还没有写日期"),
    ],
)
def test_other_days_are_refused_in_words(day, clock, reason):
    with pytest.raises(ValidationError, match=reason):
        MomentField(required=False).clean([day, clock])


def test_an_empty_moment_is_none():
    assert MomentField(required=False).clean(["", ""]) is None
    assert MomentField(required=False).clean([" ", None]) is None
    assert DayField(required=False).clean("") is None


@pytest.mark.parametrize("text", ["8", "1234567", "12:3:4:5", "午", "24:00", ""])
def test_what_is_no_time_of_day(text):
    assert read_clock(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["published_at", "expires_at", "pinned_until"])
def test_the_form_of_an_article_answers_each_date(admin_client, field):
    for day in ("0001-01-01", "0202-01-01", "9999-12-31"):
        response = admin_client.post(ADD, article_form(**{f"{field}_0": day, f"{field}_1": "00:00"}))
        assert response.status_code == 200
        assert "年份要在 2000 到 2100 之间" in response.text
    assert admin_client.post(ADD, article_form(**{f"{field}_0": "2026年12月1日"})).status_code == 302
    assert getattr(Article.objects.get(), field).isoformat() == "2026-11-30T16:00:00+00:00"


@pytest.mark.django_db
def test_an_imported_article_of_1998_is_edited_without_touching_its_date(admin_client):
    moment = datetime(1998, 5, 4, 1, 2, 3, 456, tzinfo=UTC)
    article = make_article(published_at=moment)
    form = article_form(
        title="改了", status="published", published_at_0="1998-05-04", published_at_1="09:02:03"
    )
    response = admin_client.post(f"/admin/news/article/{article.pk}/change/", form)
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.published_at.replace(microsecond=0)) == (
        "改了",
        moment.replace(microsecond=0),
    )
    assert "发布时间" not in LogEntry.objects.get().get_change_message()


@pytest.mark.django_db
def test_the_other_forms_read_days_and_times_too(admin_client):
    admin_client.post("/admin/contact/specialday/add/", {"day": "2026年10月1日", "name": "国庆"})
    assert SpecialDay.objects.get().day.isoformat() == "2026-10-01"
    refused = admin_client.post("/admin/contact/specialday/add/", {"day": "0001-01-01", "name": "国庆"})
    assert "2000 到 2100" in refused.text
    admin_client.post(
        "/admin/contact/openinghours/add/", {"weekday": 1, "opens_at": "8点半", "closes_at": "下午6点"}
    )
    assert (OpeningHours.objects.get().opens_at, OpeningHours.objects.get().closes_at) == (
        time(8, 30),
        time(18),
    )
    data = {
        "title": "横幅",
        "picture": make_picture_file(),
        "order": 0,
        "is_active": "on",
        "starts_at_0": "2026.12.1",
    }
    admin_client.post("/admin/greenenergy/banner/add/", data)
    assert Banner.objects.get().starts_at is not None
