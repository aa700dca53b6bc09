"""How lines reach the other side: streams of the real server, over two processes, with every source of knocks."""

import asyncio
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contact.chat.cursor import Cursor
from contact.transport import door
from contact.transport.streams import VisitorStream
from tests.chat_client import Party, VisitorParty, make_agents
from tests.servers import CI, REDIS, query_postgresql, redis_answers, wait_for

pytestmark = pytest.mark.server


@pytest.fixture(params=["sqlite", "postgresql", "postgresql with redis", "sqlite with redis"])
def chat_site(request, make_site):
    kind, _, redis = request.param.partition(" with ")
    if redis and not redis_answers():
        assert not CI, "Redis is missing"
        pytest.skip(f"no Redis answers at {REDIS}")
    return make_site(
        kind,
        CHAT_MESSAGES_PER_MINUTE=1000,
        CHAT_CONVERSATIONS_PER_HOUR=1000,
        REDIS_URL=REDIS if redis else "",
    )


def test_lines_reach_the_other_side_at_once_and_once(chat_site):
    agent = make_agents(chat_site)[0]
    assert agent.open_stream() == 200
    visitor = VisitorParty(chat_site).start()
    number = visitor.send("在吗？")["conversation"]
    agent.wait_for(lambda name, data: name == "conversation" and data["conversation"]["status"] == "waiting")
    assert visitor.open_stream() == 200
    visitor.wait_for(lambda name, data: name == "update")
    assert agent.act(number, "take")[0] == 204
    delays = []
    for turn in range(10):
        sent = time.monotonic()
        agent.send(number, f"答 {turn}")
        _, _, at = visitor.wait_for(
            lambda name, data, t=turn: (
                name == "update" and any(m["text"] == f"答 {t}" for m in data["messages"])
            )
        )
        delays.append(at - sent)
        sent = time.monotonic()
        visitor.send(f"问 {turn}")
        _, _, at = agent.wait_for(
            lambda name, data, t=turn: (
                name == "conversation" and any(m["text"] == f"问 {t}" for m in data["messages"])
            )
        )
        delays.append(at - sent)
    wait_for(lambda: len(visitor.lines()) >= 22)
    numbers = [number for number, _ in visitor.lines()]
    assert numbers == list(range(1, 23))  # in order, none twice
    numbers = [number for number, _ in agent.lines()]
    assert numbers == sorted(set(numbers))
    assert sorted(delays)[10] < 0.5, delays  # a sweep alone would take a second


def test_a_cut_stream_goes_on_where_it_was(make_site, database_kind):
    site = make_site(database_kind)
    agent = make_agents(site)[0]
    visitor = VisitorParty(site).start()
    number = visitor.send("一")["conversation"]
    agent.act(number, "take")
    visitor.open_stream()
    visitor.wait_for(lambda name, data: name == "update")
    visitor.close_stream()
    agent.send(number, "断线时说的")
    assert visitor.open_stream() == 200
    visitor.wait_for(
        lambda name, data: (
            name == "update" and data["messages"][-1:] and data["messages"][-1]["text"] == "断线时说的"
        )
    )
    numbers = [number for number, _ in visitor.lines()]
    assert numbers == sorted(set(numbers))


def test_streams_end_with_the_process_and_resume(make_site):
    site = make_site("postgresql")
    agent = make_agents(site)[0]
    visitor = VisitorParty(site).start()
    number = visitor.send("一")["conversation"]
    visitor.open_stream()
    visitor.wait_for(lambda name, data: name == "update")
    assert site.terminate() < 8
    visitor.wait_for(lambda name, data: name == "end")
    site.start()
    agent.act(number, "take")
    agent.send(number, "回来了")
    assert visitor.open_stream() == 200
    visitor.wait_for(
        lambda name, data: name == "update" and data["messages"] and data["messages"][-1]["text"] == "回来了"
    )


def test_nobody_opens_the_stream_of_another(make_site):
    site = make_site("sqlite")
    for party in (
        VisitorParty(site),
        Party(site, "", "/contact/chat/stream/"),
        Party(site, "sessionid=abc", "/admin/chat/stream/"),
    ):
        assert party.open_stream() == 404
    visitor = VisitorParty(site).start()
    visitor.send("一")
    assert Party(site, visitor.cookie, "/admin/chat/stream/").open_stream() == 404
    assert Party(site, visitor.cookie, "/contact/chat/stream/?after=junk").open_stream() == 200


def test_the_stream_of_a_disabled_account_ends(make_site, database_kind):
    site = make_site(database_kind)
    agent = make_agents(site)[0]
    assert agent.open_stream() == 200
    start = time.monotonic()
    site.shell("from django.contrib.auth.models import User; User.objects.update(is_active=False)")
    agent.wait_for(lambda name, data: name == "end", 12)
    assert time.monotonic() - start < 10
    assert agent.open_stream() == 404
    assert agent.sign()[0] == 403


def test_where_one_stream_is_too_many_the_browser_polls(make_site):
    site = make_site("sqlite", CHAT_STREAMS=2, WEB_CONCURRENCY=1)
    visitor = VisitorParty(site).start()
    visitor.send("一")
    parties = [VisitorParty(site, visitor.cookie[5:]) for _ in range(3)]
    assert [party.open_stream() for party in parties] == [200, 200, 503]
    parties[0].close_stream()
    wait_for(lambda: VisitorParty(site, visitor.cookie[5:]).open_stream() == 200)
    status, update = visitor.request("GET", "/contact/chat/updates/?after=0-0")
    assert (status, [line["text"] for line in update["messages"]]) == (200, ["一"])


def test_a_lost_knock_costs_two_seconds_at_most(make_site, database_kind):
    site = make_site(database_kind)
    visitor = VisitorParty(site).start()
    visitor.send("一")
    visitor.open_stream()
    visitor.wait_for(lambda name, data: name == "update")
    stored = site.shell(
        "import time; from contact.models import Conversation, Message; from django.utils import timezone; "
        "chat = Conversation.objects.get(); "
        "Message.objects.create(conversation=chat, sequence=2, kind='staff', text='没有敲门'); "
        "Conversation.objects.update(last_sequence=2, revision=9, changed_at=timezone.now()); print(time.monotonic())"
    )
    _, _, at = visitor.wait_for(
        lambda name, data: name == "update" and data["messages"] and data["messages"][0]["text"] == "没有敲门"
    )
    assert at - float(stored) < 2


def test_open_streams_take_no_thread_and_no_connection(make_site):
    site = make_site("postgresql")
    visitor = VisitorParty(site).start()
    visitor.send("一")

    def used():
        threads = sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in site.workers())
        name = site.environment["DATABASE_URL"].rsplit("/", 1)[1]
        return threads, query_postgresql(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")

    parties = []
    for number in range(10):
        other = VisitorParty(site, f"{number:040d}").start()
        for _ in range(4):
            parties.append(VisitorParty(site, other.cookie[5:]))
            assert parties[-1].open_stream() == 200
    threads, connections = used()
    # Of each worker: the main one, six for requests, two for files, folding, changes, knocks, reader, housekeeping.
    assert threads <= 2 * 14
    assert connections <= 2 * (6 + 5)


def test_a_stream_sends_heartbeats_and_ends_by_itself(monkeypatch):
    assert door.HEARTBEAT_SECONDS <= 15
    monkeypatch.setattr(door, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(door, "LIFETIME_SECONDS", (0.3, 0.4))
    sent = []

    async def run():
        async def send(message):
            sent.append(message)

        await door.write(VisitorStream("", Cursor()), send)

    asyncio.run(run())
    assert b"event: open" in sent[1]["body"]
    assert sent[1]["body"].startswith(b"retry: ")
    beats = [message for message in sent if message.get("body", b"").startswith(b"event: beat")]
    assert len(beats) >= 3
    assert sent[-1] == {"type": "http.response.body", "body": b""}


def test_ten_times_the_same_id_at_once_is_one_line(make_site, database_kind):
    site = make_site(database_kind)
    visitor = VisitorParty(site).start()
    visitor.send("先来一句")
    client_id, answers = uuid.uuid4(), []
    threads = [
        threading.Thread(target=lambda: answers.append(visitor.send("同一句", client_id))) for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert all(answer == answers[0] for answer in answers)
    assert (
        site.shell("from contact.models import Message; print(Message.objects.filter(text='同一句').count())")
        == "1"
    )


def test_of_two_who_take_at_once_one_gets_it(make_site, database_kind):
    site = make_site(database_kind)
    agents = make_agents(site, 2)
    for _ in range(5):
        number = VisitorParty(site).start().send("在吗")["conversation"]
        with ThreadPoolExecutor() as pool:
            takes = [pool.submit(agent.act, number, "take") for agent in agents]
        assert sorted(take.result()[0] for take in takes) == [204, 409]


def test_limits_hold_over_processes_and_restarts(make_site, database_kind):
    site = make_site(database_kind, CHAT_CONVERSATIONS_PER_HOUR=10, ENQUIRIES_PER_HOUR=5)
    visitor = VisitorParty(site).start()
    statuses = []

    def burst(count):
        def one():
            statuses.append(
                visitor.request("POST", "/contact/chat/messages/", {"id": str(uuid.uuid4()), "text": "x"})[0]
            )

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    burst(15)
    site.terminate()
    site.start()
    burst(15)
    assert (statuses.count(200), statuses.count(429)) == (20, 10)

    # New conversations and message forms of one IP address, many at once.
    visitors = [VisitorParty(site).start() for _ in range(14)]
    stamp = site.shell(
        "import time; from django.core import signing; print(signing.dumps(int(time.time()) - 9, salt='contact.enquiry'))"
    )
    form = {"name": "王", "phone": "13860100641", "text": "问", "consent": "1", "stamp": stamp}
    with ThreadPoolExecutor(14) as pool:
        line = {"text": "x"}
        talks = [
            pool.submit(visitor.request, "POST", "/contact/chat/messages/", {"id": str(uuid.uuid4()), **line})
            for visitor in visitors
        ]
        forms = [pool.submit(visitors[0].request, "POST", "/contact/chat/enquiry/", form) for _ in range(9)]
    assert sorted(talk.result()[0] for talk in talks) == [200] * 9 + [429] * 5  # one more was opened above
    assert sorted(one.result()[0] for one in forms) == [200] * 5 + [429] * 4
