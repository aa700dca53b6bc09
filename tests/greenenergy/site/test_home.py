"""The home page as staff arrange it, and the switches that change every page."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from greenenergy.models import Banner, FriendLink
from tests.factories import make_article, make_page, make_picture_file, make_section, make_settings

pytestmark = pytest.mark.django_db


def make_banner(title="横幅", **values):
    return Banner.objects.create(
        title=title, **{"picture": make_picture_file("b.jpg", size=(1200, 400)), **values}
    )


def test_banners_come_and_go_by_themselves(client):
    now = timezone.now()
    for title, values in {
        "第二张": {"order": 2, "starts_at": now - timedelta(hours=1)},
        "第一张": {"order": 1, "ends_at": now + timedelta(hours=1)},
        "还没开始": {"starts_at": now + timedelta(hours=1)},
        "已经结束": {"ends_at": now},
        "停用": {"is_active": False},
    }.items():
        make_banner(title, **values)
    assert [banner.title for banner in Banner.objects.current()] == ["第一张", "第二张"]
    text = client.get("/").text
    assert text.index("第一张") < text.index("第二张")
    assert "还没开始" not in text
    assert "停用" not in text


def test_the_first_slide_is_loaded_first_and_phones_get_their_own(client):
    make_banner(
        phone_picture=make_picture_file("p.jpg", size=(700, 400), color=(1, 2, 3)), link_url="/contact/"
    )
    make_banner("第二张")
    make_article(is_headline=True, cover=make_picture_file("c.jpg"))
    text = client.get("/").text
    assert text.count('fetchpriority="high"') == 1
    first = text[text.index("<picture>") : text.index("</picture>")]
    assert '<source media="(max-width: 599px)"' in first
    assert 'fetchpriority="high"' in first
    assert '<a class="carousel__link" href="/contact/">' in text
    Banner.objects.all().delete()
    assert client.get("/").text.count('fetchpriority="high"') == 1  # the headline's picture now


def test_a_banner_refuses_a_strange_link_and_an_end_before_its_start():
    now = timezone.now()
    with pytest.raises(ValidationError) as error:
        Banner(
            title="x", picture=make_picture_file(), link_url="javascript:alert(1)", starts_at=now, ends_at=now
        ).full_clean()
    assert set(error.value.message_dict) >= {"link_url"}


def test_sections_stand_on_the_home_page_in_the_form_that_staff_chose(client):
    products = make_section("产品中心", slug="products", layout="cards")
    industry = make_section("行业资讯", slug="industry")
    hidden = make_section("内部", slug="inner", on_home=False)
    for section in (products, industry, hidden):
        make_article(f"{section.name}的文章", section=section)
    text = client.get("/").text
    assert text.count('class="card-grid"') == 1
    assert text.index("产品中心的文章", text.index('class="card-grid"')) > 0
    assert f'id="section-{hidden.pk}"' not in text
    assert f'id="section-{industry.pk}"' in text


def test_most_read_in_a_week_and_in_a_month(client):
    today = timezone.localdate()
    for title, age in [("本周的", 2), ("本月的", 20), ("去年的", 300)]:
        make_article(title).daily_views.create(day=today - timedelta(days=age), views=5)
    text = client.get("/").text
    week = text[text.index("most-read-week") : text.index("most-read-month")]
    month = text[text.index('id="most-read-month"') : text.index('id="reach-us"')]
    assert "本周的" in week
    assert "本月的" not in week
    assert "本周的" in month
    assert "本月的" in month
    assert "去年的" not in month


def test_about_us_and_friends(client):
    page = make_page("关于我们", slug="about", introduction="一家清洁能源公司。")
    make_settings(about_section=page)
    FriendLink.objects.create(name="国家能源局", url="https://www.nea.gov.cn/")
    FriendLink.objects.create(name="停用的", url="https://x.example/", is_active=False)
    text = client.get("/").text
    assert "一家清洁能源公司。" in text
    assert "国家能源局" in text
    assert "停用的" not in text
    page.delete()
    assert "了解我们" not in client.get("/").text


def test_an_empty_home_page_says_so(client):
    text = client.get("/").text
    assert "还没有文章" in text
    assert "carousel" not in text.split("</head>")[1]


@pytest.mark.parametrize(
    ("begin", "end", "is_on"),
    [(None, None, True), (-1, 1, True), (1, None, False), (None, -1, False), (-1, None, True)],
)
def test_grey_and_notice_have_a_beginning_and_an_end(client, begin, end, is_on):
    moment = lambda hours: hours and timezone.now() + timedelta(hours=hours)  # noqa: E731
    make_settings(
        is_grey=True, grey_from=moment(begin), grey_until=moment(end),
        notice="春节放假通知", notice_url="/contact/", notice_from=moment(begin), notice_until=moment(end),
    )  # fmt: skip
    text = client.get("/news/").text
    assert ('class="is-grey"' in text) is is_on
    assert ('<a href="/contact/">春节放假通知</a>' in text) is is_on


def test_the_care_mode_is_chosen_remembered_and_left_without_scripts(client):
    make_article()
    assert 'value="1">关怀版' in client.get("/news/").text
    response = client.post("/i18n/choose/", {"care": "1", "next": "/news/?page=1"})
    assert response.status_code == 302
    assert response["Location"] == "/news/?page=1"
    assert client.cookies["care"]["httponly"]
    assert client.cookies["care"]["samesite"] == "Lax"
    page = client.get("/news/")
    assert '<html lang="zh-Hans" class="care">' in page.text
    assert "退出关怀版" in page.text
    assert "Cookie" in page["Vary"]
    assert page["Cache-Control"] == "no-cache, no-transform"
    client.post("/i18n/choose/", {"care": "0", "next": "/news/"})
    assert 'class="care"' not in client.get("/news/").text


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", ""]
)
def test_a_choice_leads_back_to_this_site_only(client, url):
    assert client.post("/i18n/choose/", {"care": "1", "next": url})["Location"] == "/"


def test_a_forged_cookie_and_a_get_change_nothing(client):
    client.cookies["care"] = '"><script>'
    assert "<script>" not in client.get("/").text
    assert 'class="care"' not in client.get("/").text
    assert client.get("/i18n/choose/?care=1").status_code == 405
