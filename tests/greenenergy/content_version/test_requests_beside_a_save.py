"""A request that read its rows before a save caches nothing that it makes of them afterwards."""

import pytest

from contact.models import Channel
from greenenergy.content_version import cached, current, request_begun_in
from greenenergy.content_version.cache import cache
from greenenergy.content_version.version import bump
from greenenergy.models import Section, SiteSettings
from greenenergy.richtext import display
from news.models import Article
from tests.factories import make_article, make_channel, make_section, make_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def save_during_render(monkeypatch):
    """save_during_render(change): somebody else saves while the next article page is half rendered."""
    monkeypatch.setattr(cache, "is_watched", True)  # else a value is loaded again after a second
    present = display.present

    def arrange(change):
        def once(html):
            monkeypatch.setattr(display, "present", present)
            change()
            bump()
            return present(html)

        monkeypatch.setattr(display, "present", once)

    return arrange


def test_a_piece_rendered_from_older_rows_is_not_shown_by_other_pages(client, save_during_render):
    section = make_section()
    other = make_article(title="旧题目", section=section, tags=["光伏"])
    article = make_article(title="正在看的", section=section, tags=["光伏"])
    save_during_render(lambda: Article.objects.filter(pk=other.pk).update(title="新题目"))
    assert "旧题目" in client.get(article.get_absolute_url()).text
    for path in (article.get_absolute_url(), "/", "/news/", section.get_absolute_url(), "/news/tags/光伏/"):
        page = client.get(path).text
        assert "新题目" in page, path
        assert "旧题目" not in page, path


def test_neither_are_settings_channels_and_navigation(client, save_during_render):
    make_settings(company_name="旧公司", address="旧地址")
    make_channel(kind=Channel.Kind.HOTLINE, value="400-000-0001")
    section = make_section("旧栏目", slug="old")
    article = make_article(section=section)

    def change():
        SiteSettings.objects.update(company_name="新公司", address="新地址")
        Channel.objects.update(value="400-000-0002")
        Section.objects.filter(pk=section.pk).update(name="新栏目", slug="new")

    save_during_render(change)
    client.get(article.get_absolute_url())
    for path in (article.get_absolute_url(), "/", "/news/"):
        page = client.get(path).text
        for old in ("旧公司", "旧地址", "400-000-0001", "旧栏目", '"/news/old/"'):
            assert old not in page, (path, old)
        assert "新公司" in page


def test_a_request_that_began_in_this_version_caches():
    values = [1, 2]
    with request_begun_in(current()):
        assert [cached("test", lambda: values.pop(0)) for _ in range(2)] == [1, 1]


def test_a_request_that_began_before_a_save_reads_what_others_have_cached():
    values = [1, 2, 3]
    with request_begun_in(current() - 1):
        assert cached("test", lambda: values.pop(0)) == 1
    assert cached("test", lambda: values.pop(0)) == 2
    with request_begun_in(current() - 1):
        assert cached("test", lambda: values.pop(0)) == 2
