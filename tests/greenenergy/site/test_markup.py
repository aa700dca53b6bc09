"""The HTML of each kind of page: landmarks with names of their own, no attribute twice; HEAD says what GET says."""

from html.parser import HTMLParser

import pytest

from greenenergy.page_cache.key import PageKey
from greenenergy.page_cache.store import pages
from greenenergy.page_cache.variants import Variant
from tests.factories import make_article, make_page, make_section

pytestmark = pytest.mark.django_db

LANDMARKS = {"nav", "aside", "search", "navigation", "complementary", "region"}
KINDS = [
    "/",
    "/news/",
    "/news/industry/",
    "{article}",
    "/about/",
    "/contact/",
    "/search/",
    "/search/?q=光伏",
    "/nothing/",
]


@pytest.fixture
def url(request):
    section = make_section("行业", slug="industry")
    article = make_article("光伏", section=section, tags=["光伏"])
    make_page("关于我们", slug="about")
    return request.param.format(article=article.get_absolute_url())


class Reader(HTMLParser):
    """`.landmarks`: (role, name); `.doubled`: tags with an attribute twice."""

    def __init__(self):
        super().__init__()
        self.landmarks, self.doubled = [], []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.doubled.append((tag, attrs))
        values = dict(attrs)
        role = values.get("role", tag)
        if role in LANDMARKS:
            self.landmarks.append((role, values.get("aria-label") or values.get("aria-labelledby")))


@pytest.mark.parametrize("url", KINDS, indirect=True)
def test_each_landmark_has_a_name_of_its_own_and_each_attribute_stands_once(client, url):
    reader = Reader()
    reader.feed(client.get(url).text)
    assert reader.doubled == []
    assert all(name for _role, name in reader.landmarks)
    assert len(reader.landmarks) == len(set(reader.landmarks))


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("url", [*KINDS, "/news/feed/", "/sitemap.xml", "/robots.txt"], indirect=True)
def test_head_has_the_headers_of_get(client, url, coding):
    head, get = (method(url, headers={"accept-encoding": coding}) for method in (client.head, client.get))
    assert head.content == b""
    assert set(dict(head.items())) == set(dict(get.items()))
    varying = {"Content-Length", "ETag"}  # the form's stamp; Django pads what it compresses at random
    assert {k: v for k, v in head.items() if k not in varying} == {
        k: v for k, v in get.items() if k not in varying
    }
    if get.status_code == 200 and "/contact/" not in url:
        assert head["ETag"] == get["ETag"]
        again = client.head(url, headers={"accept-encoding": coding, "if-none-match": get["ETag"]})
        assert again.status_code == 304


def test_head_fills_the_page_cache_with_the_whole_page(client):
    client.head("/news/", HTTP_HOST="testserver")
    page = pages.get(PageKey("http", "testserver", "/news/", "", Variant("zh-hans", False)))
    assert "</html>" in page.plain().body.decode()
