"""Door 1: cached pages from memory. Never stale after a save, never another visitor's, never without its view counted."""

import gzip
import re
import time

import pytest

from tests.servers import execute_on_postgresql, stays, wait_for, wait_until

pytestmark = pytest.mark.server

FILL = """
from django.utils import timezone
from contact.models import Channel
from greenenergy.models import Section, SiteSettings
from news.models import Article
SiteSettings(company_name="绿源").save()
section = Section.objects.create(name="行业资讯", slug="industry")
article = Article.objects.create(title="旧标题", section=section, status="published", published_at=timezone.now(),
    body="<p>正文。</p>" * 30, initial_views=100)
from news.models import Tag
article.tags.set(Tag.objects.for_names(["光伏"]))
print(article.pk)
"""
PERSON = {"User_Agent": "Mozilla/5.0 (Linux; Android 13) Mobile", "Accept_Encoding": "gzip"}


@pytest.fixture
def site(make_site, database_kind):
    return filled(make_site(database_kind))


@pytest.fixture(scope="module")
def shared_site(make_shared_site, database_kind):
    """For tests that only read."""
    return filled(make_shared_site(database_kind))


def filled(site):
    site.article = f"/news/{site.shell(FILL)}/"
    return site


def read(site, path, **headers):
    response = site.get(path, **{**PERSON, **headers})
    body = response.body
    response.text = (
        gzip.decompress(body) if response.getheader("Content-Encoding") == "gzip" else body
    ).decode()
    return response


def is_ready(response):
    """Whether door 1 has answered."""
    return response.getheader("Server-Timing") == "kept"


def read_until_ready(site, path, **headers):
    """Request the page until every worker has cached it."""
    in_a_row = 0

    def ready():
        nonlocal in_a_row
        in_a_row = in_a_row + 1 if is_ready(read(site, path, **headers)) else 0
        return in_a_row >= 12

    wait_for(ready)
    return read(site, path, **headers)


def views(site):
    return int(re.search(r'views__number">(\d+)<', read(site, site.article, User_Agent="a bot").text)[1])


@pytest.mark.parametrize(
    "path", ["/", "/news/", "/news/industry/", "/news/tags/%E5%85%89%E4%BC%8F/", "/news/archive/"]
)
def test_a_public_page_is_cached_and_the_same_as_from_django(shared_site, path):
    first = read(shared_site, path)
    ready = read_until_ready(shared_site, path)
    assert ready.text == first.text
    own = {"date", "connection", "transfer-encoding", "server-timing"}
    names = {name.lower(): value for name, value in first.getheaders() if name.lower() not in own}
    assert {name.lower(): value for name, value in ready.getheaders() if name.lower() not in own} == names


def test_the_request_after_a_save_sees_the_new_text_in_every_worker(site):
    assert "旧标题" in read_until_ready(site, site.article).text
    assert "旧标题" in read_until_ready(site, "/news/").text
    for turn in range(5):
        site.shell(
            f"from news.models import Article; a = Article.objects.get(); a.title = '标题{turn}'; a.save()"
        )
        for path in (site.article, "/news/", "/"):
            for _ in range(8):
                assert f"标题{turn}" in read(site, path).text
    site.shell("from news.models import Article; Article.objects.update(title='成批改的')")
    assert all("成批改的" in read(site, site.article).text for _ in range(8))
    site.shell("from news.models import Article; Article.objects.get().delete()")
    assert all(read(site, site.article).status == 410 for _ in range(8))
    site.shell(
        "from contact.models import Channel; Channel.objects.create(kind='hotline', value='400-123-4567')"
    )
    assert all("400-123-4567" in read(site, "/news/").text for _ in range(8))


def test_a_change_that_is_not_in_the_shared_file_is_seen_within_a_second(site):
    """Another machine has saved, or the process died between its commit and the announcement."""
    read_until_ready(site, site.article)
    change = "INSERT INTO greenenergy_contentchange (machine, is_pending, created_at) VALUES ('another', {}, '2026-01-01')"
    rename = "UPDATE news_article SET title = '别的机器改的'"
    if site.environment["DATABASE_URL"].startswith("sqlite"):
        site.shell(
            f"from django.db import connection; c = connection.cursor(); c.execute({rename!r}); c.execute({change.format(0)!r})"
        )
    else:
        execute_on_postgresql(f"{rename}; {change.format('false')}", site.environment["DATABASE_URL"])
    wait_for(lambda: all("别的机器改的" in read(site, site.article).text for _ in range(6)), 2)


def test_a_scheduled_article_appears_on_the_second_and_an_expiring_one_goes(site):
    number = site.shell(
        "from datetime import timedelta; from django.utils import timezone; from news.models import Article; "
        "from greenenergy.models import Section; moment = timezone.now() + timedelta(seconds=6); "
        "a = Article.objects.create(title='定时的', section=Section.objects.get(), status='published', body='<p>x</p>', "
        "published_at=moment, expires_at=moment + timedelta(seconds=4)); print(a.pk, moment.timestamp())"
    )
    pk, moment = number.split()
    moment = float(moment)
    read_until_ready(site, "/news/")
    looks = []

    def is_hidden_until_the_moment_comes():
        page, listing = read(site, f"/news/{pk}/"), read(site, "/news/")
        if time.time() >= moment:  # requested before, answered after: either answer is right
            return True
        assert page.status == 404
        assert "定时的" not in listing.text
        looks.append(page)
        return False

    wait_for(is_hidden_until_the_moment_comes, pause=0.02)
    assert looks
    wait_until(moment + 0.02)
    for _ in range(8):
        assert "定时的" in read(site, "/news/").text
        assert read(site, f"/news/{pk}/").status == 200
    wait_until(moment + 4.02)
    for _ in range(8):
        assert "定时的" not in read(site, "/news/").text
        assert read(site, f"/news/{pk}/").status == 410


def test_each_language_and_size_of_text_has_its_own(shared_site):
    plain = read_until_ready(shared_site, "/news/")
    english = read_until_ready(shared_site, "/news/", Cookie="language=en")
    care = read_until_ready(shared_site, "/news/", Cookie="care=1")
    assert '<html lang="en"' in english.text
    assert '<html lang="zh-Hans"' in plain.text
    assert 'class="care"' in care.text
    assert 'class="care"' not in plain.text
    assert "Cookie" in plain.getheader("Vary")
    assert "Accept-Encoding" in plain.getheader("Vary")
    assert read(shared_site, "/news/", Cookie="language=xx; care=2; chat=abc; other=1").text == plain.text


def test_what_a_page_does_not_know_is_not_in_it(shared_site):
    read_until_ready(shared_site, "/news/")
    response = read(shared_site, "/news/?utm_source=%3Cscript%3Eevil&secret=1")
    assert is_ready(response)
    assert "evil" not in response.text
    assert read(shared_site, "/news/?page=99").status == 404
    assert read(shared_site, "/news/?page=1").text.count("旧标题") >= 1
    poisoned = read(shared_site, "/news/archive/?utm_source=evil")
    assert "evil" not in poisoned.text
    assert "evil" not in read(shared_site, "/news/archive/").text


def test_sessions_forms_searches_and_posts_pass_by(shared_site):
    for path in ("/contact/", "/search/?q=%E6%A0%87", "/no/such/page/", "/news/feed/"):
        for _ in range(6):
            assert not is_ready(read(shared_site, path))
    read_until_ready(shared_site, "/news/")
    assert not is_ready(read(shared_site, "/news/", Cookie="sessionid=abc"))
    assert read(shared_site, "/news/", method="POST").status == 403
    assert read(shared_site, "/news/", Host="evil.example").status == 400
    assert not is_ready(read(shared_site, "/news/", Host="evil.example"))


def test_head_and_304_and_no_gzip(shared_site):
    ready = read_until_ready(shared_site, "/news/")
    tag = ready.getheader("ETag")
    head = shared_site.get("/news/", method="HEAD", **PERSON)
    assert head.body == b""
    assert head.getheader("ETag") == tag
    assert head.getheader("Content-Length") == ready.getheader("Content-Length")
    for wanted in (tag, f'W/{tag}, "x"', "*"):
        unchanged = read(shared_site, "/news/", If_None_Match=wanted)
        assert unchanged.status == 304
        assert unchanged.body == b""
        assert unchanged.getheader("ETag") == tag
    plain = read(shared_site, "/news/", Accept_Encoding="identity")
    assert plain.getheader("Content-Encoding") is None
    assert plain.text == ready.text
    assert plain.getheader("ETag") == tag.replace("-gzip", "")


def test_a_first_render_without_compression_is_whole(shared_site):
    for _ in range(6):
        response = read(
            shared_site,
            shared_site.article,
            Accept_Encoding="identity",
            User_Agent="a bot",
            X_Forwarded_For="192.0.2.1",
        )
        assert int(response.getheader("Content-Length")) == len(response.body)
        assert response.text.rstrip().endswith("</html>")
        assert "\x02" not in response.text
        shared_site.shell("from greenenergy.content_version import content_changed; content_changed()")


def test_views_are_counted_shown_soon_and_never_fall(site):
    read_until_ready(site, site.article, User_Agent="Googlebot")
    before = views(site)
    tag = read(site, site.article, User_Agent="Googlebot").getheader("ETag")
    for number in range(1, 21):
        assert is_ready(read(site, site.article, source=f"127.0.1.{number}"))
    read(site, site.article, source="127.0.1.1")  # again in the same half-hour
    read(site, site.article, source="127.0.2.1", method="HEAD")
    read(site, site.article, source="127.0.2.2", Sec_Purpose="prefetch")
    read(site, site.article, source="127.0.2.3", User_Agent="Baiduspider")
    assert read(site, site.article, source="127.0.1.99", If_None_Match=tag).status in (200, 304)
    shown = [before]

    def all_are_shown():
        shown.append(views(site))
        return shown[-1] >= before + 21

    wait_for(all_are_shown, 5, lambda: shown)
    assert shown == sorted(shown)
    stays(lambda: views(site) == before + 21, 2.5, lambda: views(site))
