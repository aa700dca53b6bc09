"""The body of a kept page: compressed once, and its numbers of views filled in."""

import gzip
from types import SimpleNamespace

import pytest

from greenenergy import page_body, page_cache

pytestmark = pytest.mark.django_db


def test_the_numbers_of_a_kept_page_go_on(monkeypatch):
    """Whatever their length: a page is compressed again only where one has changed."""
    counts = {7: 9, 8: 0}
    monkeypatch.setattr(page_body, "_counted", lambda article, counted: counts[article])
    request = SimpleNamespace(is_public_page=True)
    gaps = [page_body.views_gap(request, article, 90, 0) for article in (7, 8, 7)]
    body = page_body.Body("人气 {}，人气 {}，再说一次 {}。".format(*gaps).encode())
    first = body.zipped()
    assert gzip.decompress(first.data).decode() == "人气 99，人气 90，再说一次 99。"
    assert body.zipped() is first
    counts[7] = 10
    second = body.zipped()
    assert gzip.decompress(second.data).decode() == "人气 100，人气 90，再说一次 100。"
    counts[8] = 99_910
    tag, plain = body.plain()
    assert plain.decode() == "人气 100，人气 100000，再说一次 100。"
    assert len({first.tag, second.tag, tag, body.zipped().tag}) == 4


def test_first_and_ready_answer_are_the_same(client):
    """Whoever comes back is answered 304 by whichever door."""
    response = client.get("/news/", headers={"accept-encoding": "gzip"})
    page = page_cache.pages.get(page_cache._key_of(response.wsgi_request))
    assert page.zipped().body == response.content
    headers = dict(page.zipped().headers)
    assert headers.pop(b"server-timing") == b"kept"
    assert headers[b"etag"].decode() == response["ETag"] and response["ETag"].endswith('-gzip"')
    assert "Accept-Encoding" in response["Vary"] and "Cookie" in response["Vary"]
    assert (
        client.get(
            "/news/", headers={"if-none-match": response["ETag"], "accept-encoding": "gzip"}
        ).status_code
        == 304
    )
    plain = client.get("/news/")
    assert plain.content == gzip.decompress(response.content) and "Content-Encoding" not in plain
