"""A real Chromium on the real gunicorn. Every page of a test may ask this site only, and must run without a complaint."""

import json
import os
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.devices import DESKTOP
from tests.servers import Site

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# What Chromium says of answers that a test asked for.
EXPECTED = ("Failed to load resource: the server responded with a status of",)


# One article with everything that an article can have, and one that was withdrawn.
FULL_ARTICLE = """
import json, re
from django.core.files.base import ContentFile
from news.models import Article, Attachment
article = Article.objects.filter(body__contains="<figure").latest("published_at")
another = Article.objects.filter(body__contains="<figure").exclude(pk=article.pk)[0]
article.body += re.search("<figure.*?</figure>", another.body, re.DOTALL)[0] + (
    "<h2>一览表</h2><table><caption>装机</caption><thead><tr>" + "".join(f'<th scope="col">第{n}季度</th>' for n in range(1, 13))
    + "</tr></thead><tbody><tr>" + "<td>1,024 兆瓦</td>" * 12 + "</tr></tbody></table>"
    "<h3>原话</h3><blockquote><p>把每一度绿电，用在需要它的地方。</p></blockquote>"
    "<ul><li>光伏</li><li>储能<ol><li>用户侧</li></ol></li></ul><pre>SN-2000</pre>"
    '<p><a href="https://elsewhere.invalid/">链接</a>，<strong>粗</strong>，<em>斜</em>，H<sub>2</sub>O。</p>'
)
article.save()
pdf = ContentFile(b"%PDF-1.4\\n1 0 obj<</Type/Catalog>>endobj\\ntrailer<</Root 1 0 R>>\\n%%EOF\\n", "技术参数.pdf")
attachment = Attachment(article=article, file=pdf)
attachment.full_clean()
attachment.save()
gone = Article.objects.published().exclude(pk=article.pk).earliest("published_at")
gone.status = Article.Status.DRAFT
gone.save()
print(json.dumps({"article": article.pk, "title": article.title, "gone": gone.pk, "year": article.published_at.year,
                  "month": article.published_at.month}))
"""


@pytest.fixture(scope="package")
def demo_site(static_files, migrated_databases, tmp_path_factory):
    """The files and the database of a demo site; not started. `facts` names what the tests look for."""
    data_dir = tmp_path_factory.mktemp("demo")
    migrated = migrated_databases["sqlite"]().url.removeprefix("sqlite:///")
    shutil.copy(migrated, data_dir / "site.sqlite3")
    site = Site(data_dir, "")
    site.manage("demo_content")
    site.facts = json.loads(site.shell(FULL_ARTICLE))
    return site


@pytest.fixture(scope="package")
def shared_site(demo_site, tmp_path_factory):
    """One running demo site for all tests that only read."""
    data_dir = tmp_path_factory.mktemp("shared") / "site"
    shutil.copytree(demo_site.data_dir, data_dir)
    site = Site(data_dir, "").start()
    site.facts = demo_site.facts
    site.pages = pages(site.facts)
    yield site
    site.kill()


def pages(facts):
    """An address for every kind of page, by name."""
    return {
        "home": "/",
        "list": "/news/",
        "list-2": "/news/?page=2",
        "section": "/news/industry/",
        "cards": "/news/products/",
        "article": f"/news/{facts['article']}/",
        "tags": "/news/tags/",
        "tag": "/news/tags/光伏/",
        "archive": "/news/archive/",
        "year": f"/news/archive/{facts['year']}/",
        "month": f"/news/archive/{facts['year']}/{facts['month']}/",
        "search": "/search/",
        "found": "/search/?q=光伏",
        "not-found": "/search/?q=蟋蟀",
        "page": "/about/",
        "contact": "/contact/",
        "404": "/nothing/here/",
        "410": f"/news/{facts['gone']}/",
    }


@pytest.fixture(scope="package")
def chromium():
    if not CHROMIUM:
        assert os.environ.get("CI") != "true", "Chromium is missing"
        pytest.skip("no chromium on the PATH")
    # Within the package only: Playwright's event loop stays in this thread as long as it runs.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium):
    """open_browser(**options): a page of a new visitor. What went wrong in any of them fails the test.

    `open_browser.expected` takes the beginnings of complaints that a test causes on purpose.
    """
    contexts, complaints, hosts = [], [], set()

    def note(message):
        if message.type in ("error", "warning") and not message.text.startswith((*EXPECTED, *make.expected)):
            complaints.append(message.text)

    def note_missing_file(response):
        if response.status >= 400 and urlsplit(response.url).path.startswith("/static/"):
            complaints.append(f"{response.status} {response.url}")

    def make(**options):
        context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **{**DESKTOP, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        context.on("response", note_missing_file)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    make.expected = []
    yield make
    for context in contexts:
        context.close()
    assert hosts - {None} <= {"127.0.0.1"}
    assert complaints == []


@pytest.fixture
def screenshot(request):
    """screenshot(page, name): kept in SCREENSHOTS where that is set; for eyes, not for comparison."""
    folder = os.environ.get("SCREENSHOTS")

    def take(page, name, **options):
        if folder:
            page.screenshot(path=os.path.join(folder, f"{name}.png"), **options)

    return take
