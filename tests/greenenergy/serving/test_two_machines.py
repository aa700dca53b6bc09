"""Two machines: two gunicorns that share nothing but PostgreSQL, Redis, a bucket and the SECRET_KEY."""

import http.client
import json
import re
import secrets
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.chat_client import VisitorParty, make_agents
from tests.factories import make_picture_file
from tests.greenenergy.page_cache.test_page_cache import FILL, PERSON, read, read_until_ready
from tests.servers import CI, REDIS, Site, redis_answers, wait_for

pytestmark = pytest.mark.server

TOKEN = "t" * 32
LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("editor"))
print(client.cookies["sessionid"].value)
"""


@pytest.fixture(scope="module")
def machines(static_files, migrated_databases, object_store, tmp_path_factory):
    """(one, two): each has its own port and DATA_DIR. `article` is a URL, `cookie` an editor's."""
    if not redis_answers():
        assert not CI, "Redis is missing"
        pytest.skip(f"no Redis answers at {REDIS}")
    database = migrated_databases["postgresql"]()
    shared = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "REDIS_URL": REDIS,
        "MEDIA_STORAGE_URL": object_store.make_bucket(),
    }
    sites = [Site(tmp_path_factory.mktemp(name), database.url, **shared) for name in ("one", "two")]
    try:
        with ThreadPoolExecutor() as starts:
            pk, session = starts.submit(sites[0].shell, FILL), starts.submit(sites[1].shell, LOG_IN)
            list(starts.map(Site.start, sites))
        for site in sites:
            site.article = f"/news/{pk.result()}/"
            site.cookie = f"sessionid={session.result()}; csrftoken={TOKEN}"
        yield sites
    finally:
        for site in sites:
            site.kill()
        database.drop()


def post(site, path, data, cookie):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    headers = {
        "Content-Type": MULTIPART_CONTENT,
        "Origin": site.address,
        "Cookie": cookie,
        "X-CSRFToken": TOKEN,
    }
    try:
        connection.request("POST", path, encode_multipart(BOUNDARY, data), headers)
        response = connection.getresponse()
        response.body = response.read()
        return response
    finally:
        connection.close()


def save_title(site, title):
    fields = {
        "title": title,
        "section": 1,
        "status": "published",
        "initial_views": 100,
        "body": "<p>正文。</p>",
    }
    fields |= {"published_at_0": "2026-01-01", "published_at_1": "08:00:00"}
    fields |= {"attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0}
    response = post(site, f"/admin/news/article/{site.article.split('/')[2]}/change/", fields, site.cookie)
    assert response.status == 302, response.body.decode()


def seconds_until_new(site, path, title):
    """Seconds until every worker shows the new title only."""
    begin = last_old = time.monotonic()
    in_a_row = 0
    while in_a_row < 12 and time.monotonic() < begin + 5:
        in_a_row += 1
        if title not in read(site, path).text:
            in_a_row, last_old = 0, time.monotonic()
    assert in_a_row == 12
    return last_old - begin


def test_an_edit_on_one_is_seen_on_the_other_within_a_second(machines):
    one, two = machines
    slowest = 0
    for turn, (editor, reader) in enumerate([(one, two), (two, one)]):
        read_until_ready(reader, reader.article)
        read_until_ready(reader, "/news/")
        save_title(editor, f"第{turn}次改的标题")
        with ThreadPoolExecutor() as readers:
            found = readers.map(
                lambda path, turn=turn, reader=reader: seconds_until_new(reader, path, f"第{turn}次改的标题"),
                (reader.article, "/news/"),
            )
            slowest = max(slowest, *found)
    print(f"seen on the other machine after {slowest:.2f} s at the most")
    assert slowest < 1


def shown_views(site):
    return int(re.search(r'views__number">(\d+)<', read(site, site.article, User_Agent="a bot").text)[1])


def test_views_of_both_are_counted_exactly(machines):
    before = shown_views(machines[0])
    for number in range(1, 31):
        read(machines[number % 2], machines[0].article, source=f"127.0.3.{number}")
    for site in machines:
        for number in range(1, 6):  # the same readers again, on either machine
            read(site, site.article, source=f"127.0.3.{number}")
        read(site, site.article, source="127.0.4.1", User_Agent="Baiduspider")
    wait_for(lambda: [shown_views(site) for site in machines] == [before + 30] * 2, 6)
    total = "from news.models import ViewTotal, DailyViews; from django.db.models import Sum; "
    total += "print(ViewTotal.objects.get().views, DailyViews.objects.aggregate(n=Sum('views'))['n'])"
    for number, site in enumerate(
        machines
    ):  # folded after all others: a view counted twice would show by then
        read(site, site.article, source=f"127.0.5.{number + 1}")
    wait_for(lambda: min(shown_views(site) for site in machines) >= before + 32, 6)
    assert [shown_views(site) for site in machines] == [before + 32] * 2
    assert machines[0].shell(total) == f"{before - 100 + 32} {before - 100 + 32}"


def test_a_picture_uploaded_on_one_is_shown_by_the_other(machines):
    one, two = machines
    answer = post(one, "/admin/editor-upload/", {"upload": make_picture_file(size=(900, 600))}, one.cookie)
    address = json.loads(answer.body)["url"]
    here, there = (site.get(address, **PERSON) for site in machines)
    assert here.status == there.status == 200
    assert here.body == there.body
    assert there.getheader("Content-Type") == "image/png"
    assert "max-age=31536000" in there.getheader("Cache-Control")
    assert here.getheader("ETag") == there.getheader("ETag")
    assert two.get(address, If_None_Match=here.getheader("ETag")).status == 304
    piece = two.get(address, Range="bytes=100-199")
    assert piece.status == 206
    assert piece.body == here.body[100:200]
    assert two.get(address, method="HEAD").getheader("Content-Length") == str(len(here.body))
    assert two.get(f"{address.rsplit('.', 1)[0]}.w320.webp").getheader("Content-Type") == "image/webp"
    assert not any((site.data_dir / "media").exists() for site in machines)


def test_a_chat_file_sent_through_one_opens_through_the_other(machines):
    one, two = machines
    agent = make_agents(two)[0]
    visitor = VisitorParty(one).start()
    elsewhere = VisitorParty(two, visitor.cookie.removeprefix("chat="))
    visitor.send("您好")
    assert elsewhere.open_stream() == 200
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 secret" + b"x" * 300_000)
    answer = post(one, "/contact/chat/messages/", {"id": str(uuid.uuid4()), "file": upload}, visitor.cookie)
    sent = time.monotonic()
    address = json.loads(answer.body)["message"]["file"]["url"]
    _, _, at = elsewhere.wait_for(lambda name, data: name == "update" and address in json.dumps(data))
    assert at - sent < 1
    for cookie in (visitor.cookie, agent.cookie):
        opened = two.get(address, Cookie=cookie)
        assert opened.status == 200
        assert opened.body == b"%PDF-1.4 secret" + b"x" * 300_000
        assert opened.getheader("Content-Type") == "application/pdf"
    assert two.get(address).status == 404
    assert not any((site.data_dir / "private").exists() for site in machines)
