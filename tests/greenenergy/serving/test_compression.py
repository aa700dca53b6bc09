"""gzip for whom it is accepted: `gzip;q=0` refuses it, on every page and file."""

import pytest

from greenenergy.serving.compression import accepts_gzip
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "x-gzip", "GZIP", "gzip ; q=0.001"]
)
def test_gzip_is_accepted(header):
    assert accepts_gzip(header)


@pytest.mark.parametrize(
    "header", ["", "identity", "gzip;q=0", "br, gzip;q=0.0", "gzip; Q=0.000 , br", "*;q=0", "br"]
)
def test_gzip_is_refused(header):
    assert not accepts_gzip(header)


@pytest.mark.parametrize("url", ["/news/", "/search/?q=1", "/news/feed/", "/sitemap-articles.xml?p={part}"])
@pytest.mark.parametrize(
    ("header", "coding"), [("gzip;q=0", None), ("br, gzip;q=0.0", None), ("gzip, br", "gzip")]
)
def test_a_page_is_compressed_only_for_who_accepts_it(client, url, header, coding):
    for number in range(20):
        article = make_article(f"第{number}篇")
    url = url.format(part=(article.pk - 1) // 1000 + 1)  # of a thousand primary keys each
    response = client.get(url, headers={"accept-encoding": header})
    assert response.get("Content-Encoding") == coding
    assert "Accept-Encoding" in response["Vary"]
