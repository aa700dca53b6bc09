"""One canonical host, and headers that restrict what a page may load."""

import pytest

pytestmark = pytest.mark.django_db


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
