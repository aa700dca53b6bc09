"""The interface in two languages: chosen by the visitor, complete, and never mixed up."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from contact.models import ContactSettings
from greenenergy.models import Banner, FriendLink, Section
from tests.factories import make_article, make_channel, make_picture_file, make_section, make_settings

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff60]+")
CATALOGUE = settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"


def choose(client, **choice):
    return client.post(reverse("choose"), {"next": "/", **choice})


@pytest.fixture
def english_site():
    """Content in English only: whatever is Chinese then is the interface's."""
    settings_row = make_settings(company_name="Green", short_name="", slogan="", address="1 Example Road")
    about = make_section(
        name="About", slug="about", kind="page", body="<p>We.</p>", introduction="We build.", in_footer=True
    )
    make_section(name="Empty", slug="nothing", kind="page")
    empty = make_section(name="Nothing yet", slug="empty")
    section = make_section(name="Industry", slug="industry", layout="cards")
    settings_row.about_section = about
    settings_row.save()
    ContactSettings(greeting="Hello", privacy_notice="We keep what you send.", topics="Projects").save()
    Banner.objects.create(title="One", picture=make_picture_file("one.png"))
    Banner.objects.create(title="Two", picture=make_picture_file("two.png"))
    FriendLink.objects.create(name="Friend", url="https://example.com/")
    for kind in ("hotline", "wechat", "qq", "email"):
        value = {"email": "info@example.com"}.get(kind, "4001234567")
        make_channel(kind, value=value, label="", note="", hours="8-18", region="All")
    body = "<h2>One</h2><p>Text</p><h2>Two</h2><h3>Three</h3><table><tr><td>1</td></tr></table>"
    values = {
        "section": section, "body": body, "tags": ["solar"], "source": "Press", "author": "A", "editor": "B",
        "source_url": "https://example.com/",
    }  # fmt: skip
    articles = [
        make_article(
            title=f"Solar {number}",
            is_pinned=number == 1,
            is_headline=number == 2,
            is_recommended=True,
            **values,
        )
        for number in range(25)
    ]
    return {"section": section, "empty": empty, "article": articles[3]}


def urls_of(site):
    year, month = site["article"].published_at.year, site["article"].published_at.month
    return [
        "/", "/news/", "/news/?page=2", site["section"].get_absolute_url(), site["empty"].get_absolute_url(),
        site["article"].get_absolute_url(), "/news/tags/", "/news/tags/solar/", "/news/archive/",
        f"/news/archive/{year}/", f"/news/archive/{year}/{month}/", "/search/", "/search/?q=solar",
        "/search/?q=nothing", "/search/?q=nothing&section=industry", "/about/", "/nothing/", "/contact/", "/no-such-page/",
    ]  # fmt: skip


def test_the_english_interface_is_complete(client, english_site):
    choose(client, language="en")
    for url in urls_of(english_site):
        text = client.get(url).text
        assert '<html lang="en"' in text, url
        own_names = text.replace(">中文</button>", "")
        assert CHINESE.findall(own_names) == [], url
    article = client.get(english_site["article"].get_absolute_url()).text
    assert '<h1 class="article__title" lang="zh-Hans">' in article
    assert '<div class="rich-text" lang="zh-Hans">' in article
    choose(client, language="zh-hans")
    assert (
        'lang="zh-Hans">'
        not in client.get(english_site["article"].get_absolute_url()).text.split("<body", 1)[1]
    )


def test_the_english_chat_is_complete(client, english_site):
    choose(client, language="en")
    html = client.get("/contact/chat/").json()["html"]
    assert CHINESE.findall(html.encode().decode("unicode-escape", "ignore")) == []
    assert '<p class="chat__line chat__line--staff" lang="zh-Hans">' in html  # the greeting is staff's own
    assert "Leave a message" in html
    assert "We keep what you send." in html


def test_every_text_of_a_template_is_in_the_catalogue():
    known = {entry.msgid for entry in polib.pofile(CATALOGUE) if entry.msgstr}
    missing = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        if {"admin", "ckeditor"} & set(path.parts):
            continue
        html = path.read_text(encoding="utf-8")
        texts = [text for _, text in re.findall(r"""{% translate (["'])(.*?)\1""", html)]
        blocks = re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", html, re.S)
        texts += [re.sub(r"{{ (\w+) }}", r"%(\1)s", block) for block in blocks]
        missing += [f"{path.name}: {text}" for text in texts if text not in known]
    assert missing == []


def test_the_compiled_catalogue_is_the_written_one():
    written = {entry.msgid: entry.msgstr for entry in polib.pofile(CATALOGUE)}
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(Path(CATALOGUE).with_suffix(".mo"))}
    assert compiled == written
    for source, text in written.items():
        assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", text)), source


def test_what_a_browser_prefers_is_ignored(client):
    make_settings()
    response = client.get("/", headers={"accept-language": "en-US,en;q=0.9"})
    assert '<html lang="zh-Hans"' in response.text
    assert response["Content-Language"] == "zh-hans"
    assert not response.cookies


def test_the_choice_is_remembered_and_can_be_undone(client):
    make_settings(english_name="Green Source")
    response = choose(client, language="en", next="/news/")
    assert response["Location"] == "/news/"
    cookie = response.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)
    text = client.get("/news/").text
    assert "All articles" in text
    assert "Welcome to Green Source" in text
    choose(client, language="zh-hans")
    assert "language" not in client.cookies or not client.cookies["language"].value
    assert "全部文章" in client.get("/news/").text


@pytest.mark.parametrize("value", ["fr", "", "EN", "../en", "en\r\nX: y", "x" * 5000])
def test_a_cookie_that_nobody_set_means_chinese(client, value):
    make_settings()
    client.cookies["language"] = value
    assert '<html lang="zh-Hans"' in client.get("/").text
    assert not choose(client, language=value).cookies["language"].value


def test_choosing_a_language_keeps_the_other_choice(client):
    make_settings()
    choose(client, care="1")
    choose(client, language="en")
    text = client.get("/").text
    assert 'class="care"' in text
    assert '<html lang="en"' in text


def test_no_visitor_gets_the_page_of_another_language(client):
    """What is cached between requests, such as the contact bar, is cached for each language."""
    make_settings()
    make_channel("hotline", value="4001234567")
    chinese, english = Client(), Client()
    choose(english, language="en")
    for _ in range(2):
        response = english.get("/")
        assert "Hotline" in response.text
        assert "服务热线" not in response.text
        assert "Cookie" in response["Vary"]
        assert "no-cache" in response["Cache-Control"]
        other = chinese.get("/")
        assert "服务热线" in other.text
        assert "Hotline" not in other.text
        assert other["ETag"] != response["ETag"]
    tag = english.get("/")["ETag"]
    assert chinese.get("/", headers={"if-none-match": tag}).status_code == 200


def test_staff_read_chinese_whatever_they_chose_outside(admin_client):
    choose(admin_client, language="en")
    response = admin_client.get("/admin/")
    assert "文章" in response.text
    assert "网站管理" in response.text
    assert response["Content-Language"] == "zh-hans"


def test_sections_and_company_have_english_names(client):
    make_settings(english_name="Green Source")
    section = make_section(name="行业资讯", english_name="Industry news", slug="industry")
    Section.objects.create(name="公告", slug="notice")
    choose(client, language="en")
    text = client.get(section.get_absolute_url()).text
    assert "Industry news" in text
    assert "行业资讯" not in text
    assert "公告" in text
    assert "<title>Industry news - Green Source</title>" in text
