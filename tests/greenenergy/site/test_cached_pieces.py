"""{% cached %}: a piece rendered for one page is whole, and right on every other page that shows it."""

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from greenenergy.content_version.cache import cache
from greenenergy.page_cache.store import pages
from greenenergy.templatetags.site_tags import CachedNode
from tests.factories import make_article, make_section, make_settings

pytestmark = pytest.mark.django_db

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HOSTS = ["testserver", "www.example.com"]
LANGUAGES = ["zh-hans", "en"]
CARE = ["", "1"]


class Balance(HTMLParser):
    """Reports an element that is opened and not closed, or closed and not opened."""

    def __init__(self, html):
        super().__init__()
        self.open, self.faults = [], []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.faults.append(f"</{tag}> closes nothing")


@pytest.fixture
def site(settings):
    """Pages that show every cached piece of the templates."""
    settings.ALLOWED_HOSTS = HOSTS
    make_settings(company_name="绿源集团", english_name="Green Source", slogan="绿电", short_name="绿源")
    top = make_section("新闻中心", slug="news-center", english_name="News")
    list_section = make_section("行业资讯", slug="industry", parent=top, english_name="Industry")
    cards = make_section("工程案例", slug="cases", layout="cards", english_name="Cases")
    page = make_section("关于我们", slug="about", kind="page", body="<p>介绍</p>", in_footer=True)
    article = make_article(title="光伏并网", section=list_section, tags=["光伏"])
    make_article(title="置顶的", section=list_section, is_pinned=True, is_headline=True)
    make_article(title="储能案例", section=cards, is_recommended=True)
    make_article(title="置顶的案例", section=cards, is_pinned=True)
    sections = [section.get_absolute_url() for section in (list_section, cards, page, top)]
    return ["/", "/news/", *sections, article.get_absolute_url(), "/news/tags/光伏/", "/search/?q=光伏"]


@pytest.fixture
def pieces(monkeypatch):
    """(name, HTML) of each piece, each time that it is shown."""
    shown, render = [], CachedNode.render

    def note(node, context):
        html = render(node, context)
        shown.append((node.name, html))
        return html

    monkeypatch.setattr(CachedNode, "render", note)
    return shown


def read(client, path, host, language, care):
    client.cookies.clear()
    if language != settings.LANGUAGE_CODE:
        client.cookies["language"] = language
    if care:
        client.cookies["care"] = care
    pages.clear()  # each time rendered, from pieces that are cached or not
    response = client.get(path, headers={"host": host})
    assert response.status_code == 200, path
    return re.sub("\x02.*?\x03", "", response.text)


def names_in_templates():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    return {name for path in templates for name in re.findall(r'{% cached "([^"]+)"', path.read_text())}


def test_every_cached_piece_holds_whole_elements(client, site, pieces):
    for path, language in itertools.product(site, LANGUAGES):
        read(client, path, HOSTS[0], language, "")
    faults = {(name, fault) for name, html in pieces for fault in Balance(html).faults}
    assert faults == set()
    assert {name for name, _html in pieces} == names_in_templates()


def test_a_page_of_cached_pieces_is_the_page_rendered_alone(client, site, monkeypatch):
    """Whatever page, host, language and size of text the pieces were rendered for before."""
    monkeypatch.setattr(cache, "is_watched", True)  # else a piece is rendered again after a second
    variants = list(itertools.product(site, HOSTS, LANGUAGES, CARE))
    alone = {}
    for variant in variants:
        cache.clear()
        alone[variant] = read(client, *variant)
    for order in (variants, variants[::-1]):
        cache.clear()
        for variant in order:
            assert read(client, *variant) == alone[variant], variant


def test_the_balance_sees_what_is_not_whole():
    assert Balance("<p>a<br><img src=x>b</p>").faults == []
    assert Balance("<header><p>a</p>").faults == ["<header> is not closed"]
    assert Balance("<p>a</p></header>").faults == ["</header> closes nothing"]
