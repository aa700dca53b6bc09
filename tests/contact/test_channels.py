"""Ways to reach the company, in the bar of every page and on the contact page."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contact.models import Channel, ChannelClicks
from tests.factories import make_article, make_channel, make_picture_file, make_settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("13860100641", "13860100641"),
        ("400-123-4567", "4001234567"),
        ("（0592）123 4567", "05921234567"),
        ("+86 592 1234567", "+865921234567"),
        ("0592-1234567 转 801", "05921234567,801"),
        ("４００１２３４５６７", "4001234567"),
    ],
)
def test_a_phone_dials_what_was_typed(typed, dialled):
    assert Channel(kind="hotline", value=typed).dial_number == dialled


def test_the_bar_stands_on_every_page(client):
    make_settings()
    make_channel(value="138 6010 0641")
    wechat = make_channel("wechat", value="xinneng")
    for url in ["/", "/news/", make_article().get_absolute_url(), "/contact/", "/search/", "/news/tags/"]:
        text = client.get(url).text
        assert 'href="tel:13860100641"' in text, url
        assert "138 6010 0641" in text, url
        assert f'src="{wechat.qr_code.url}"' in text, url
        assert all(word in text for word in ("在线客服", "服务热线", "微信咨询", "返回顶部")), url


def test_a_channel_switched_off_is_shown_nowhere(client):
    make_channel(value="4001234567", is_active=False)
    assert "4001234567" not in client.get("/contact/").text


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("hotline", "", "value"),
        ("hotline", "请来电", "value"),
        ("wechat", "xinneng", "qr_code"),
        ("qq", "12ab", "value"),
        ("email", "info@", "value"),
    ],
)
def test_a_channel_that_reaches_nobody_is_refused(kind, value, field):
    with pytest.raises(ValidationError) as error:
        Channel(kind=kind, value=value).full_clean()
    assert field in error.value.message_dict


def test_the_contact_page_lists_every_kind(client):
    make_channel(value="4001234567", label="售后热线", note="工作日 8:30—18:00")
    make_channel("wechat", value="xinneng")
    make_channel("qq", value="123456789")
    make_channel("email", value="info@example.com")
    text = client.get("/contact/").text
    for expected in [
        "售后热线",
        "工作日 8:30—18:00",
        "tel:4001234567",
        "xinneng",
        "123456789",
        "mailto:info@example.com",
    ]:
        assert expected in text


ORIGIN = {"origin": "http://testserver"}


def clicks_of(channel):
    return Channel.objects.with_recent_clicks().get(pk=channel.pk).recent_clicks


def test_clicks_are_counted_for_each_channel_and_day(client):
    hotline, wechat = make_channel(), make_channel("wechat")
    for channel in (hotline, hotline, wechat):
        response = client.post("/contact/clicks/", {"channel": channel.pk}, headers=ORIGIN)
        assert response.status_code == 204
        assert not response.cookies
    assert (clicks_of(hotline), clicks_of(wechat)) == (2, 1)
    ChannelClicks.objects.create(channel=wechat, day=timezone.localdate() - timedelta(days=30), clicks=50)
    assert clicks_of(wechat) == 1


@pytest.mark.parametrize("origin", [None, "null", "http://elsewhere.example", "https://testserver"])
def test_a_click_from_another_site_is_not_counted(client, origin):
    channel = make_channel()
    headers = {"origin": origin} if origin else {}
    assert client.post("/contact/clicks/", {"channel": channel.pk}, headers=headers).status_code == 403
    assert clicks_of(channel) == 0


@pytest.mark.parametrize(
    ("number", "status"), [("", 400), ("x", 400), ("-1", 400), ("９", 400), ("9" * 30, 400), ("424242", 204)]
)
def test_a_click_on_nothing_harms_nothing(client, number, status):
    assert client.post("/contact/clicks/", {"channel": number}, headers=ORIGIN).status_code == status
    assert client.get("/contact/clicks/").status_code == 405
    assert not ChannelClicks.objects.exists()


def test_one_code_stands_open_at_a_time(client):
    make_channel("wechat", label="客服", value="xinneng-1")
    assert client.get("/").text.count("codes__switch") == 0
    make_channel("wechat", label="招聘", value="xinneng-2", qr_code=make_picture_file("two.png"))
    text = client.get("/news/").text
    assert text.count('class="codes__switch') == 2
    assert text.count(" checked>") == 1
    page = client.get("/contact/").text
    assert page.count('class="codes__code"') == 2, "the bar has none of its own where the page shows them"
    assert page.count('id="wechat"') == 1


def test_hours_and_region_stand_beside_the_number(client):
    make_channel(hours="工作日 8:30—18:00", region="华东地区", note="售后")
    assert "工作日 8:30—18:00 · 华东地区 · 售后" in client.get("/").text
    text = client.get("/contact/").text
    assert "服务时间：工作日 8:30—18:00" in text
    assert "服务地区：华东地区" in text


def test_staff_see_how_often_a_channel_was_used(admin_client):
    channel = make_channel()
    ChannelClicks.objects.record(channel)
    text = admin_client.get("/admin/contact/channel/").text
    assert "近 30 天点击" in text
    assert '<td class="field-recent_clicks">1</td>' in text
