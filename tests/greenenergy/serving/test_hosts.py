"""One canonical host, and headers that restrict what a page may load."""

import re
from urllib.parse import urlencode

import pytest

from tests.factories import make_article

pytestmark = pytest.mark.django_db

FEEDS_AND_MAPS = ("/news/feed/", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-articles.xml?p={part}")


@pytest.fixture
def two_hosts(settings):
    settings.SITE_URLS = ("https://www.example.com", "https://example.com")
    settings.ALLOWED_HOSTS = ["www.example.com", "example.com"]


def test_the_second_host_redirects_to_the_first(client, two_hosts):
    response = client.get("/news/?page=2", HTTP_HOST="example.com", secure=True)
    assert (response.status_code, response["Location"]) == (301, "https://www.example.com/news/?page=2")
    assert client.get("/", HTTP_HOST="www.example.com", secure=True).status_code == 200


def test_an_unknown_host_is_refused(client, two_hosts):
    assert client.get("/", HTTP_HOST="evil.example", secure=True).status_code == 400


def test_foreign_hosts_are_one_line_of_the_log(client, two_hosts, caplog):
    for host in ["evil.example", "evil.example:443", "a b", "www.example.com.evil.example"]:
        response = client.get("/news/", HTTP_HOST=host, secure=True)
        assert response.status_code == 400
        assert "这个域名不属于本站" in response.text
    assert len(caplog.records) == 1
    assert "SITE_URL: a request for the host 'evil.example' is refused" in caplog.text


@pytest.mark.parametrize(
    "host", ["www.example.com", "www.example.com:81", "WWW.example.com.", "www.example.com:8443"]
)
def test_whatever_leaves_the_site_has_its_address_as_site_url_says(client, settings, host):
    settings.SITE_URLS, settings.ALLOWED_HOSTS = ("https://www.example.com:8443",), ["www.example.com"]
    article = make_article(body="<p><a href='/contact/'>联系</a></p>")
    page = client.get(article.get_absolute_url(), HTTP_HOST=host, secure=True).text
    assert "https://www.example.com:8443/" in page
    part = (article.pk - 1) // 1000 + 1  # of a thousand primary keys each
    urls = [url.format(part=part) for url in ("/robots.txt", *FEEDS_AND_MAPS)]
    for text in [page, *(client.get(url, HTTP_HOST=host).text for url in urls)]:
        roots = set(re.findall(r"https?://[\w.:-]*example\.com\.?[\w:]*", text))
        assert roots == {"https://www.example.com:8443"}


@pytest.mark.parametrize("host", ["www.example.com", "www.example.com:80", "example.com"])
def test_http_is_redirected_to_the_address_of_site_url(client, settings, host):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "www.example.com:8443"
    settings.SITE_URLS = ("https://www.example.com:8443", "https://example.com:8443")
    settings.ALLOWED_HOSTS = ["www.example.com", "example.com"]
    assert (
        client.get("/news/?page=2", HTTP_HOST=host)["Location"] == "https://www.example.com:8443/news/?page=2"
    )


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://www.example.com:8443", 200), ("https://www.example.com", 200), ("https://evil.example", 403)],
)
def test_a_form_is_accepted_from_the_sites_own_address(client, settings, origin, status):
    """The proxy passes on a Host header without the port, and browsers name the port in Origin."""
    settings.SITE_URLS, settings.ALLOWED_HOSTS = ("https://www.example.com:8443",), ["www.example.com"]
    headers = {"HTTP_HOST": "www.example.com", "HTTP_ORIGIN": origin}
    assert (client.post("/contact/chat/start/", {}, secure=True, **headers).status_code == 403) == (
        status == 403
    )
    headers = {"HTTP_HOST": "www.example.com", "HTTP_REFERER": f"{origin}/news/"}
    assert (client.post("/contact/chat/start/", {}, secure=True, **headers).status_code == 403) == (
        status == 403
    )


@pytest.mark.parametrize(
    "goes_to", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_a_login_ends_in_the_admin_wherever_its_link_leads(client, admin_user, goes_to):
    data = {"username": "admin", "password": "password", "next": goes_to}
    assert client.post(f"/admin/login/?{urlencode({'next': goes_to})}", data)["Location"] == "/admin/"


def test_both_names_of_this_machine_serve_without_a_redirect(client):
    for host in ("127.0.0.1:8000", "localhost:8000"):
        assert client.get("/", HTTP_HOST=host).status_code == 200


def test_public_pages_may_load_from_this_site_only(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_only_the_pages_with_the_editor_may_run_inline_scripts(admin_client):
    assert "unsafe-eval" not in admin_client.get("/admin/news/article/add/")["Content-Security-Policy"]
    assert "unsafe-inline" in admin_client.get("/admin/news/article/add/")["Content-Security-Policy"]
    for url in ("/admin/", "/admin/news/article/", "/admin/login/"):
        assert "unsafe" not in admin_client.get(url)["Content-Security-Policy"]


def test_security_headers_stand_on_every_page(client):
    response = client.get("/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
