"""An old URL redirects, or answers 410 if its page is gone; URLs that never existed are recorded for staff."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from greenenergy.models import MissingPage, Redirect, Section, missing_pages
from news.models import Article, Tag
from tests.factories import make_article, make_page, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_records():
    missing_pages.writes.reset()


def leads_to(client, url):
    response = client.get(url)
    return response.get("Location") if response.status_code == 301 else response.status_code


def test_every_slug_that_a_section_had_leads_to_it(client):
    section = make_section("行业资讯", slug="industry")
    for slug in ["trade", "行业"]:
        section.slug = slug
        section.save()
    now_at = section.get_absolute_url()
    assert leads_to(client, "/news/industry/") == leads_to(client, "/news/trade/") == now_at
    assert leads_to(client, "/news/industry/?page=2") == f"{now_at}?page=2"
    assert client.get(now_at).status_code == 200
    section.slug = "industry"
    section.save()
    assert client.get("/news/industry/").status_code == 200
    assert leads_to(client, now_at) == leads_to(client, "/news/trade/") == "/news/industry/"


def test_a_company_page_and_a_renamed_tag_lead_on(client):
    page = make_page("关于我们", slug="about")
    page.slug = "关于"
    page.save()
    assert client.get("/about/", follow=True).status_code == 200
    make_article(tags=["光伏?"])
    tag = Tag.objects.get()
    tag.name = "光伏发电"
    tag.save()
    assert client.get("/news/tags/光伏%3F/", follow=True).redirect_chain == [(tag.get_absolute_url(), 301)]


def test_two_sections_may_swap_their_slugs(client):
    one, two = make_section("甲", slug="one"), make_section("乙", slug="two")
    for section, slug in [(one, "between"), (two, "one"), (one, "two")]:
        section.slug = slug
        section.save()
    assert client.get("/news/one/").context["section"] == two
    assert client.get("/news/two/").context["section"] == one
    assert leads_to(client, "/news/between/") == "/news/two/"


def test_a_redirect_does_not_hide_a_page(client):
    make_section("行业资讯", slug="industry")
    Redirect.objects.create(old_path="/news/industry/", target="/contact/")
    assert client.get("/news/industry/").status_code == 200


@pytest.mark.parametrize("end", ["expired", "withdrawn", "deleted"])
def test_what_was_public_and_is_gone_is_410(client, end):
    article = make_article("公开过")
    if end == "expired":
        article.expires_at = timezone.now()
        article.save()
    elif end == "withdrawn":
        stored = Article.objects.get(pk=article.pk)
        stored.status = Article.Status.DRAFT
        stored.save(update_fields=["status"])
    else:
        article.delete()
    response = client.get(f"/news/{article.pk if article.pk else 1}/") if end != "deleted" else None
    if end == "deleted":
        response = client.get(Redirect.objects.get().old_path, follow=True)
    assert response.status_code == 410
    assert "已经下线" in response.text
    assert 'role="search"' in response.text


def test_what_was_never_public_is_404(client):
    draft = make_article(published=False, published_at=timezone.now() - timedelta(days=9))
    planned = make_article(published_at=timezone.now() + timedelta(days=1))
    planned = Article.objects.get(pk=planned.pk)
    planned.status = Article.Status.DRAFT
    planned.save()
    urls = [draft.get_absolute_url(), planned.get_absolute_url()]
    assert [client.get(url).status_code for url in urls] == [404, 404]
    draft.delete()
    assert client.get(urls[0]).status_code == 404


def test_a_withdrawn_article_comes_back(client):
    article = make_article()
    article.status = Article.Status.DRAFT
    article.save()
    assert client.get(article.get_absolute_url()).status_code == 410
    article.status = Article.Status.PUBLISHED
    article.save()
    assert client.get(article.get_absolute_url()).status_code == 200


def test_old_urls_that_differ_in_their_query_have_their_own_redirects(client):
    Redirect.objects.create(old_path="http://www.old.cn/show.php?id=12", target="/news/1/")
    Redirect.objects.create(old_path="/show.php?id=13", target="https://example.com/13")
    Redirect.objects.create(old_path="/关于.html", target="/about/")
    assert leads_to(client, "/show.php?id=12") == "/news/1/"
    assert leads_to(client, "/show.php?id=13") == "https://example.com/13"
    assert leads_to(client, "/show.php?id=14") == 404
    assert leads_to(client, "/关于.html?from=wx") == "/about/?from=wx"
    assert client.head("/关于.html").status_code == 301
    assert client.post("/关于.html").status_code == 404


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/b/", "绕圈子"),
        ("/a/", "绕圈子"),
        ("javascript:alert(1)", "以 / 开头"),
        ("//evil.example", "以 / 开头"),
        ("tel:123", "以 / 开头"),
    ],
)
def test_a_loop_and_a_strange_target_are_refused(target, reason):
    Redirect.objects.create(old_path="/b/", target="/c/")
    Redirect.objects.create(old_path="/c/", target="/a/")
    with pytest.raises(ValidationError, match=reason):
        Redirect(old_path="/a/", target=target).full_clean()


def test_what_is_missing_is_counted_and_a_click_makes_a_redirect(client, admin_client):
    for _ in range(3):
        client.get("/旧闻/12.html?a=1")
    client.get("/about")  # a slash is added first: nothing is missing yet
    client.get("/admin/nothing/"), client.get("/media/nothing.jpg"), client.post("/nowhere/")
    assert [(page.path, page.visits) for page in MissingPage.objects.all()] == [("/旧闻/12.html?a=1", 3)]
    text = admin_client.get("/admin/greenenergy/missingpage/").text
    link = "/admin/greenenergy/redirect/add/?old_path=%2F%E6%97%A7%E9%97%BB%2F12.html%3Fa%3D1"
    assert link in text
    assert 'value="/旧闻/12.html?a=1"' in admin_client.get(link).text
    data = {"old_path": "/旧闻/12.html?a=1", "target": "/news/"}
    assert admin_client.post("/admin/greenenergy/redirect/add/", data).status_code == 302
    assert not MissingPage.objects.exists()
    assert leads_to(client, "/旧闻/12.html?a=1") == "/news/"


def test_a_scanner_cannot_fill_the_table(client, monkeypatch):
    monkeypatch.setattr(missing_pages.writes, "limit", 30)
    for n in range(40):
        assert client.get(f"/scan{n}/").status_code == 404
    assert MissingPage.objects.count() == 30
    monkeypatch.setattr(missing_pages, "MAX_ROWS", 20)
    missing_pages.writes.reset()
    client.get("/one-more/")
    assert MissingPage.objects.count() <= 29


@pytest.mark.parametrize(
    "url", ["/" + "长" * 600 + "/", "/%00/", "/%FF%FE/", "/x/?%00", "/?".ljust(9000, "x")]
)
def test_a_strange_url_causes_no_server_error(client, url):
    assert client.get(url).status_code in (200, 404)


def test_redirects_are_imported_from_a_table(client, tmp_path, capsys):
    table = tmp_path / "old.csv"
    table.write_bytes(
        "旧网址,新网址\nhttp://www.old.cn/a.html,/news/\n/b.html,\n/c.html,/c.html\n\n".encode("gb18030")
    )
    with pytest.raises(CommandError):
        call_command("import_redirects", str(table))
    assert leads_to(client, "/a.html") == "/news/"
    assert leads_to(client, "/b.html") == 410
    output = capsys.readouterr()
    assert "第 4 行：这样会绕圈子" in output.err
    assert "导入 2 个，拒绝 1 个，有 0 行请核对" in output.out
    table.write_text("/a.html\t/contact/\n")
    call_command("import_redirects", str(table))
    assert leads_to(client, "/a.html") == "/contact/"
    assert Redirect.objects.count() == 2


def test_an_imported_article_is_found_at_its_old_url(client, tmp_path):
    (tmp_path / "old.csv").write_text(
        "title,body,published_at,url\n旧文,正文一段,2023-07-18,http://www.old.cn/show/12.html\n"
    )
    call_command("import_articles", str(tmp_path), publish=True)
    assert leads_to(client, "/show/12.html") == Article.objects.get().get_absolute_url()


def test_a_link_section_has_no_old_url():
    section = Section.objects.create(name="外站", kind="link", link_url="https://a.example/")
    section.link_url = "https://b.example/"
    section.save()
    assert not Redirect.objects.exists()
