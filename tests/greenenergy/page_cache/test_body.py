"""The body of a kept page: compressed once, and its numbers of views filled in."""

import gzip

import pytest
from django.conf import settings

from greenenergy.page_cache import body as page_body
from greenenergy.page_cache import door as page_cache
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_the_numbers_of_a_kept_page_go_on(monkeypatch):
    """Whatever their length: a page is compressed again only where one has changed."""
    counts = {7: 9, 8: 0}
    monkeypatch.setattr(page_body, "_counted", lambda article, counted: counts[article])
    gaps = [page_body.views_gap(article, 90, 0) for article in (7, 8, 7)]
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
    assert headers[b"etag"].decode() == response["ETag"]
    assert response["ETag"].endswith('-gzip"')
    assert "Accept-Encoding" in response["Vary"]
    assert "Cookie" in response["Vary"]
    assert (
        client.get(
            "/news/", headers={"if-none-match": response["ETag"], "accept-encoding": "gzip"}
        ).status_code
        == 304
    )
    plain = client.get("/news/")
    assert plain.content == gzip.decompress(response.content)
    assert "Content-Encoding" not in plain


def test_whoever_has_a_session_sees_the_views_of_now(client, monkeypatch):
    """A piece of a page is kept as long as nothing is saved; the numbers in it are not."""
    article = make_article(initial_views=4000)
    for name in (None, settings.SESSION_COOKIE_NAME):
        if name:
            client.cookies[name] = "unknown"
        for views in (300, 567):
            monkeypatch.setattr(page_body, "_counted", lambda article, counted, views=views: views)
            page_cache.pages.clear()
            for path in ("/news/", article.get_absolute_url()):
                response = client.get(path)
                assert str(4000 + views) in response.text
                assert page_body._token not in response.text
                assert int(response["Content-Length"]) == len(response.content)
