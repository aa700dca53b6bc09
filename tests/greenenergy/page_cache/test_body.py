"""The body of a cached page: compressed once, and its view counts filled in."""

import gzip

import pytest
from django.conf import settings

from greenenergy.page_cache import view_counts, views_gap
from greenenergy.page_cache.body import Body
from greenenergy.page_cache.key import key_of_request
from greenenergy.page_cache.store import pages
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_the_view_counts_of_a_cached_page_stay_current(monkeypatch):
    """Whatever their length: a page is compressed again only if one has changed."""
    counts = {7: 9, 8: 0}
    monkeypatch.setattr(view_counts, "current", lambda subject, counted: counts[subject])
    gaps = [views_gap(subject, 90, 0) for subject in (7, 8, 7)]
    body = Body("人气 {}，人气 {}，再说一次 {}。".format(*gaps).encode())
    first = body.compressed()
    assert gzip.decompress(first.data).decode() == "人气 99，人气 90，再说一次 99。"
    assert body.compressed() is first
    counts[7] = 10
    second = body.compressed()
    assert gzip.decompress(second.data).decode() == "人气 100，人气 90，再说一次 100。"
    counts[8] = 99_910
    etag, plain = body.plain()
    assert plain.decode() == "人气 100，人气 100000，再说一次 100。"
    assert len({first.etag, second.etag, etag, body.compressed().etag}) == 4


def test_the_first_and_the_cached_answer_are_the_same(client):
    """A returning visitor gets a 304 from either door."""
    response = client.get("/news/", headers={"accept-encoding": "gzip"})
    page = pages.get(key_of_request(response.wsgi_request))
    assert page.compressed().body == response.content
    headers = dict(page.compressed().headers)
    assert headers.pop(b"server-timing") == b"kept"
    assert headers[b"etag"].decode() == response["ETag"]
    assert response["ETag"].endswith('-gzip"')
    assert "Accept-Encoding" in response["Vary"]
    assert "Cookie" in response["Vary"]
    again = client.get("/news/", headers={"if-none-match": response["ETag"], "accept-encoding": "gzip"})
    assert again.status_code == 304
    plain = client.get("/news/")
    assert plain.content == gzip.decompress(response.content)
    assert "Content-Encoding" not in plain


def test_a_visitor_with_a_session_sees_the_current_view_counts(client, monkeypatch):
    """A piece of a page is cached as long as nothing is saved; the view counts in it are not."""
    article = make_article(initial_views=4000)
    for name in (None, settings.SESSION_COOKIE_NAME):
        if name:
            client.cookies[name] = "unknown"
        for views in (300, 567):
            monkeypatch.setattr(view_counts, "current", lambda subject, counted, views=views: views)
            pages.clear()
            for path in ("/news/", article.get_absolute_url()):
                response = client.get(path)
                assert str(4000 + views) in response.text
                assert "\x02" not in response.text
                assert int(response["Content-Length"]) == len(response.content)
