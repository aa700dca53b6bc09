"""Sections: one tree of two levels, each entry a list, a page or a link."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from greenenergy.models import Section, SiteSettings, is_safe_link
from tests.factories import make_article, make_page, make_section, make_settings

pytestmark = pytest.mark.django_db


def refusal(**values) -> dict:
    with pytest.raises(ValidationError) as error:
        Section(**values).full_clean()
    return error.value.message_dict


@pytest.mark.parametrize("slug", ["tags", "archive", "feed", "123"])
def test_reserved_slugs_are_refused_for_lists(slug):
    assert "slug" in refusal(name="栏目", slug=slug)


@pytest.mark.parametrize(
    "slug",
    [
        "news",
        "search",
        "contact",
        "admin",
        "static",
        "media",
        "healthz",
        "readyz",
        "i18n",
        "sitemap",
        "robots",
        "favicon",
    ],
)
def test_reserved_slugs_are_refused_for_pages(slug):
    assert "保留" in refusal(name="单页", kind="page", slug=slug)["slug"][0]


@pytest.mark.parametrize("slug", ["a/b", "a b", "a?b", "../x", "a.b", "<b>"])
def test_a_slug_that_would_break_a_url_is_refused(slug):
    assert "slug" in refusal(name="栏目", slug=slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("行业资讯", "行业资讯"),
        ("Company News", "company-news"),
        ("2024", "2024-1"),
        ("Tags", "tags-1"),
        ("！！", "section"),
    ],
)
def test_a_slug_is_made_from_the_name(client, name, slug):
    section = make_section(name)
    assert section.slug == slug
    assert client.get(section.get_absolute_url()).status_code == 200


def test_a_second_section_of_the_same_name_gets_another_slug():
    assert [Section.objects.create(name="动态").slug for _ in range(3)] == ["动态", "动态-2", "动态-3"]


def test_two_levels_and_no_loop():
    top = make_section("新闻中心")
    child = make_section("行业资讯", parent=top)
    assert "parent" in refusal(name="第三级", parent=child)
    top.parent = child
    with pytest.raises(ValidationError):
        top.full_clean()


def test_a_link_needs_a_url():
    assert "link_url" in refusal(name="链接", kind="link")
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.create(name="链接", kind="link")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "vbscript:x",
        "/a b",
        "https://",
        "foo",
    ],
)
def test_a_link_with_an_unsafe_url_is_refused(url):
    assert not is_safe_link(url)
    assert "link_url" in refusal(name="链接", kind="link", link_url=url)


@pytest.mark.parametrize(
    "url", ["/contact/", "#top", "https://example.com/a?b=c", "tel:13860100641", "mailto:a@example.com"]
)
def test_a_safe_link_is_accepted(url):
    assert is_safe_link(url)
    Section(name="链接", kind="link", link_url=url).full_clean()


def test_a_section_with_articles_stays_a_list():
    section = make_article().section
    section.kind = Section.Kind.PAGE
    with pytest.raises(ValidationError) as error:
        section.full_clean()
    assert "kind" in error.value.message_dict


def test_the_navigation_has_two_levels_in_the_order_of_staff(client):
    make_settings()
    late = make_section("排在后面", order=9)
    early = make_page("排在前面", slug="early", order=1)
    make_section("下一级", parent=late)
    make_section("不显示", in_navigation=False)
    text = client.get("/").text
    navigation = text[text.index("<nav") : text.index("</nav>")]
    assert navigation.index(early.name) < navigation.index(late.name) < navigation.index("下一级")
    assert "不显示" not in navigation


def test_a_company_page_shows_its_text(client):
    make_page("关于我们", slug="about", body="<h2>我们是谁</h2><p>绿色能源。</p>")
    response = client.get("/about/")
    assert ">我们是谁</h2>" in response.text
    assert "<h1" in response.text
    assert client.get("/none/").status_code == 404


def test_there_is_one_row_of_site_settings():
    make_settings(company_name="甲")
    make_settings(company_name="乙")
    assert [row.company_name for row in SiteSettings.objects.all()] == ["乙"]


def test_the_footer_shows_what_staff_filled_in_and_nothing_else(client):
    make_settings()
    text = client.get("/").text
    assert "beian" not in text
    make_settings(icp_number="闽ICP备 12345678号－1", police_number="闽公网安备 35020302000000号")
    text = client.get("/").text
    assert "闽ICP备 12345678号－1" in text
    assert 'href="https://beian.miit.gov.cn/"' in text
    assert "闽公网安备 35020302000000号" in text
    assert "code=35020302000000" in text


def test_a_site_without_any_content_still_answers(client):
    for url in [
        "/",
        "/news/",
        "/news/tags/",
        "/news/archive/",
        "/search/",
        "/contact/",
        "/news/feed/",
        "/sitemap.xml",
        "/robots.txt",
    ]:
        assert client.get(url).status_code == 200, url
