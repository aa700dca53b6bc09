"""One normal form of old URLs: what staff typed or imported is found, however a visitor's link spells it."""

import importlib

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from greenenergy.models import MissingPage, Redirect, missing_pages
from greenenergy.models.old_urls import old_path
from tests.factories import make_article, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_records():
    missing_pages.writes.reset()


def end_of(client, url):
    """Where a browser arrives: the last redirect's URL, or the status."""
    response = client.get(url, follow=True)
    hops = [target for target, _ in response.redirect_chain]
    return hops[-1] if hops and not hops[-1].startswith(f"{url}/") else response.status_code


@pytest.mark.parametrize(
    ("stored", "requested"),
    [
        ("/%B9%E2%B7%FC.html", "/%B9%E2%B7%FC.html"),
        ("/光伏.html", "/%B9%E2%B7%FC.html"),
        ("/%b9%e2%b7%fc.html", "/%E5%85%89%E4%BC%8F.html"),
        ("/s.asp?key=光伏", "/s.asp?key=%E5%85%89%E4%BC%8F"),
        ("/s.asp?key=光伏", "/s.asp?key=%B9%E2%B7%FC"),
        ("/s.asp?key=%B9%E2%B7%FC", "/s.asp?key=光伏"),
        ("/s.asp?key=%B9%E2%B7%FC", "/s.asp?key=%e5%85%89%e4%bc%8f"),
        ("/s.asp?关键词=光伏 储能", "/s.asp?%E5%85%B3%E9%94%AE%E8%AF%8D=%E5%85%89%E4%BC%8F+%E5%82%A8%E8%83%BD"),
        ("/show.php?id=12", "/show.php?id=12&from=singlemessage&bd_vid=1"),
        ("/show.php?id=12&utm_source=wx", "/show.php?isappinstalled=0&id=12"),
        ("/show.php?id=12", "/show.php?id=12&ivk_sa=1024320u&sharer_shareid=a&tdsourcetag=s_pctim_aiomsg&_wv=1"),
        ("/show.php?cat=3&id=12", "/show.php?id=12&cat=3"),
        ("/show.jsp?id=12", "/show.jsp;jsessionid=0A1B?id=12"),
        ("/about-us", "/about-us"),
        ("/about-us", "/about-us/"),
        ("/about-us/", "/about-us"),
        ("/news/alt", "/news/alt"),
        ("http://www.old.cn/news/alt/", "/news/alt?from=timeline"),
        ("/old.html", "/old.html/"),
        ("/100%.html", "/100%25.html"),
    ],
)  # fmt: skip
def test_a_redirect_is_found_however_its_url_is_spelled(client, stored, requested):
    Redirect.objects.create(old_path=stored, target="https://example.com/new")
    assert end_of(client, requested).startswith("https://example.com/new")


@pytest.mark.parametrize(
    "requested", ["/show.php?id=13", "/show.php?id=12&cat=3", "/show.php?id=1&id=2", "/show.php"]
)
def test_another_page_is_not_redirected(client, requested):
    Redirect.objects.create(old_path="/show.php?id=12", target="https://example.com/new")
    assert client.get(requested).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/光伏%3F/",
        "/100%25.html",
        "/a b?x=1+2&y=%26%3D",
        "/?q",
        "show.asp?id=1",
        "/%FF%FE/",
        "http://[::1",
        "/%00/",
    ],
)
def test_the_normal_form_of_a_normal_form_is_itself(url):
    assert old_path(old_path(url)) == old_path(url)


def test_without_a_target_a_url_without_its_slash_is_gone(client):
    Redirect.objects.create(old_path="/leer", target="")
    assert client.get("/leer", follow=True).status_code == 410


def test_links_that_differ_in_their_spelling_are_one_missing_page(client):
    for url in ["/s.asp?b=2&a=1", "/s.asp?a=1&b=2&utm_source=x", "/s.asp/?a=1&b=2"]:
        client.get(url)
    assert [(page.path, page.visits) for page in MissingPage.objects.all()] == [("/s.asp?a=1&b=2", 3)]
    Redirect.objects.create(old_path="/s.asp", target="/news/")
    assert not MissingPage.objects.exists()


def test_a_withdrawn_article_may_lead_to_another_page(client):
    article = make_article()
    article.status = article.Status.DRAFT
    article.save()
    Redirect.objects.create(old_path=article.get_absolute_url(), target="/news/")
    assert client.get(article.get_absolute_url())["Location"] == "/news/"


@pytest.mark.parametrize("target", ["/a/?page=2", "/a", "http://127.0.0.1:8000/a/"])
def test_a_loop_in_another_spelling_is_refused_and_never_followed(client, admin_client, target):
    data = {"old_path": "/a/", "target": target}
    assert "绕圈子" in admin_client.post("/admin/greenenergy/redirect/add/", data).text
    Redirect.objects.bulk_create([Redirect(old_path="/a", target="/a/")])
    assert client.get("/a/").status_code == 404


def imported(tmp_path, text):
    table = tmp_path / "old.csv"
    table.write_text(text)
    call_command("import_redirects", str(table))


def test_an_import_names_what_it_overwrites_and_what_leads_nowhere(client, tmp_path, capsys):
    make_page("关于我们", slug="about")
    Redirect.objects.create(old_path="/x.html", target="/contact/")
    imported(
        tmp_path,
        "/a.html,/news/\n/a.html/,/about/\n/x.html,/news/\n/b.html,/nowhere/\n/c.html,/news/99/\n"
        "/about,/news/\n/d.html,/b.html\n/e.html,/about\n/f.html,\n/g.html,/search/?q=光伏\n/h.html,/f.html\n",
    )
    output = capsys.readouterr()
    assert output.err.splitlines() == [
        "第 2 行：“/a.html” 和第 1 行是同一个旧网址，那一行的设置（/news/）被换掉了。",
        "第 3 行：“/x.html” 原来的设置（/contact/）被换掉了。",
        "第 4 行：“/nowhere/” 现在打不开，请核对新网址。",
        "第 5 行：“/news/99/” 现在打不开，请核对新网址。",
        "第 6 行：“/about” 现在是本站的页面，先显示页面，不会跳转。",
        "第 11 行：“/f.html” 现在打不开，请核对新网址。",
    ]
    assert "导入 10 个，拒绝 0 个，有 6 行请核对。" in output.out
    assert not MissingPage.objects.exists()
    assert end_of(client, "/a.html") == "/about/"


def test_the_same_import_twice_has_nothing_to_report(tmp_path, capsys):
    for _ in range(2):
        imported(tmp_path, "/%B9%E2%B7%FC.html,/news/\n")
    assert capsys.readouterr().err == ""


def test_a_corrected_row_is_no_loop(client, tmp_path):
    imported(tmp_path, "/a.html,/b.html\n")
    with pytest.raises(CommandError):
        imported(tmp_path, "/b.html,/a.html\n")
    imported(tmp_path, "/a.html,/news/\n/b.html,/a.html\n")
    assert end_of(client, "/b.html") == "/news/"


def test_staff_read_at_once_that_a_redirect_leads_nowhere(admin_client):
    data = {"old_path": "/a.html", "target": "/nowhere/"}
    page = admin_client.post("/admin/greenenergy/redirect/add/", data, follow=True)
    assert "“/nowhere/” 现在打不开" in page.text


def test_redirects_of_before_are_found_after_the_upgrade(client):
    migration = importlib.import_module("greenenergy.migrations.0009_normal_form_of_old_urls")
    rows = [
        ("/about/", "/contact/"),
        ("/about", "/nowhere/"),
        ("/s.php?b=2&a=1", "/news/"),
        ("/s.php?a=1&b=2", "/search/"),
        ("/news/tags/光伏?/", "/news/"),
        ("/b", "/b/"),
        ("/news/old/", "/news/"),
    ]
    Redirect.objects.bulk_create([Redirect(old_path=old, target=new) for old, new in rows])
    MissingPage.objects.record("/s.asp?b=2&a=1")
    MissingPage.objects.record("/s.asp?a=1&b=2")
    migration.redirects(apps, None)
    migration.missing_pages(apps, None)
    left = {(redirect.old_path, redirect.target) for redirect in Redirect.objects.all()}
    assert left == {
        ("/about", "/contact/"),
        ("/s.php?a=1&b=2", "/search/"),
        ("/news/tags/光伏%3F", "/news/"),
        ("/news/old", "/news/"),
    }
    assert [(page.path, page.visits) for page in MissingPage.objects.all()] == [("/s.asp?a=1&b=2", 2)]
    migration.with_last_slashes(apps, None)
    paths = set(Redirect.objects.values_list("old_path", flat=True))
    assert paths == {"/about/", "/s.php?a=1&b=2", "/news/tags/光伏?/", "/news/old/"}


@pytest.mark.parametrize(
    "target", ["http://example.com/a.html", "http://www.example.com/a.html", "https://example.com:443/a.html"]
)
def test_a_loop_over_the_other_scheme_or_host_is_refused(admin_client, settings, target):
    settings.SITE_URLS = ("https://example.com", "https://www.example.com")
    data = {"old_path": "/a.html", "target": target}
    assert "绕圈子" in admin_client.post("/admin/greenenergy/redirect/add/", data).text


@pytest.mark.parametrize("target", ["/admin", "/admin/", "/news/"])
def test_a_page_that_cannot_be_checked_hinders_no_redirect(admin_client, monkeypatch, target):
    def fail(*arguments, **options):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("news.views.render", fail)
    data = {"old_path": "/a.html", "target": target}
    assert admin_client.post("/admin/greenenergy/redirect/add/", data).status_code == 302
    assert Redirect.objects.get().target == target
