"""The live chat under load: open streams, messages to and fro, readers beside them, a restart.

    python -m tests.bench.chat_load [--streams 2000] [--rate 50] [--seconds 30] [KIND …]

For each kind of site it prints how long a message takes from being sent to arriving on the other side's stream,
memory for each stream, what article pages lose, and how long all streams need to be back after a restart.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import statistics
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.bench.load import hammer, request_bytes
from tests.bench.sites import KINDS, fresh_site, percentile, print_table, resident_kib

AGENTS = 20
READERS = 8
WINDOW_SECONDS = 3  # short, and many of them in turns: a shared machine changes its speed within seconds
WINDOWS = 10

FILL = """
from django.utils import timezone
from django.contrib.auth.models import User, Permission
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from contact.models import Agent, Conversation, Message, Visitor
from contact.models.conversations import hash_token
from greenenergy.models import Section, SiteSettings
from news.models import Article
SiteSettings(company_name="测量").save()
section = Section.objects.create(name="行业资讯", slug="industry")
article = Article.objects.create(title="光伏装机创新高", section=section, status="published", published_at=timezone.now(),
    body="<p>全国光伏新增装机再创新高。</p>" * 40)
users = []
for number in range({agents}):
    user = User.objects.create(username=f"agent{{number}}", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="answer_chats"))
    Agent.objects.create(user=user, display_name=f"客服{{number}}", seen_at=timezone.now())
    session = SessionStore()
    session.update({{SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash()}})
    session.save()
    users.append(user)
    print("agent", user.pk, session.session_key)
visitors = Visitor.objects.bulk_create(
    Visitor(token_hash=hash_token(f"{{number:040d}}"), consent_version=1) for number in range({streams}))
chats = Conversation.objects.bulk_create(
    Conversation(visitor=visitor, status="active", agent=users[number % {agents}], last_sequence=1)
    for number, visitor in enumerate(visitors))
Message.objects.bulk_create(Message(conversation=chat, sequence=1, kind="visitor", text="您好") for chat in chats)
for chat in chats:
    print("chat", chat.pk, chat.agent_id)
print("article", article.pk)
"""


class Load:
    """All clients of one site: visitors' and agents' streams, senders, readers."""

    def __init__(self, site, streams):
        self.site, self.sent, self.delays, self.arrivals = site, {}, [], {}
        self.is_over, self.open_streams, self.faults = False, 0, 0
        self.agents, self.chats = [], []
        for row in site.shell(FILL.format(agents=AGENTS, streams=streams)).splitlines():
            word, *rest = row.split()
            if word == "agent":
                self.agents.append((int(rest[0]), rest[1]))
            elif word == "chat":
                self.chats.append((int(rest[0]), int(rest[1])))
            elif word == "article":
                self.article = f"/news/{rest[0]}/"
        self.session_of = dict(self.agents)
        # Readers are a process of their own, which the streams do not slow down.
        self.readers = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    async def stream(self, path, cookie):
        """One browser's stream: opened again, after the moment the server asked for, whenever it ends."""
        retry, last_id = 1.0, ""
        while not self.is_over:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port, limit=2**16)
                after = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: {self.site.host}\r\nCookie: {cookie}\r\n{after}\r\n".encode()
                )
                status = (await reader.readline()).split(b" ")[1:2]
                is_open = False
                while status == [b"200"] and (row := await reader.readline()):
                    if row == b"0\r\n":
                        break
                    if not is_open and row == b"event: open\n":
                        is_open = True
                        self.open_streams += 1
                    elif row.startswith(b"retry: "):
                        retry = int(row[7:]) / 1000
                    elif row.startswith(b"id: "):
                        last_id = row[4:].strip().decode()
                    elif row.startswith(b"data: ") and b'"messages":[{' in row:
                        self.hear(row, time.perf_counter())
            except (OSError, asyncio.IncompleteReadError, IndexError):
                status = []
            if is_open:
                self.open_streams -= 1
            is_open = False
            writer.close()
            await asyncio.sleep(retry * random.uniform(0.5, 1.5))

    def hear(self, row, now):
        for line in json.loads(row[6:])["messages"]:
            begun = self.sent.pop((line["text"], line["kind"]), None)
            if begun is not None:
                self.delays.append(now - begun)

    async def post(self, connection, path, cookie, data):
        """A POST on a kept connection; its status."""
        reader, writer = connection
        body = json.dumps(data).encode()
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {self.site.host}\r\nOrigin: {self.site.address}\r\nCookie: {cookie}\r\n"
            f"X-CSRFToken: {'t' * 32}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        status = int((await reader.readline()).split()[1])
        length = 0
        while (row := await reader.readline()) != b"\r\n":
            if row.lower().startswith(b"content-length:"):
                length = int(row[15:])
        await reader.readexactly(length)
        return status

    async def talk(self, rate, seconds):
        """So many messages a second: from visitors to their agents, and back, in turn."""
        pool: asyncio.Queue = asyncio.Queue()
        for _ in range(16):
            pool.put_nowait(await asyncio.open_connection("127.0.0.1", self.site.port))
        tasks, begin, number = set(), time.perf_counter(), 0

        async def one(number):
            chat, agent = random.choice(self.chats)
            index = self.chats.index((chat, agent))
            connection = await pool.get()
            text, is_staff = f"{number}-{uuid.uuid4().hex[:8]}", number % 2
            data = {"id": str(uuid.uuid4()), "text": text}
            self.sent[(text, "staff" if is_staff else "visitor")] = time.perf_counter()
            if is_staff:
                cookie = f"sessionid={self.session_of[agent]}; csrftoken={'t' * 32}"
                status = await self.post(connection, f"/admin/chat/{chat}/messages/", cookie, data)
            else:
                status = await self.post(connection, "/contact/chat/messages/", f"chat={index:040d}", data)
            self.faults += status != 200
            pool.put_nowait(connection)

        while time.perf_counter() - begin < seconds:
            task = asyncio.ensure_future(one(number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
            await asyncio.sleep(max(0, begin + number / rate - time.perf_counter()))
        await asyncio.gather(*tasks)
        await asyncio.sleep(2.5)
        while not pool.empty():
            pool.get_nowait()[1].close()
        return number

    async def read_articles(self, seconds):
        """Article pages answered a second."""
        request = request_bytes(self.site.host, self.article, [("Accept-Encoding", "gzip")])
        reading = partial(hammer, self.site.port, request, seconds=seconds, connections=READERS)
        answers, _size = await asyncio.get_running_loop().run_in_executor(self.readers, reading)
        return answers / seconds

    async def signs(self):
        """The desks' heartbeats."""
        while not self.is_over:
            connection = await asyncio.open_connection("127.0.0.1", self.site.port)
            for _user, session in self.agents:
                await self.post(
                    connection, "/admin/chat/presence/", f"sessionid={session}; csrftoken={'t' * 32}", {}
                )
            connection[1].close()
            await asyncio.sleep(15)

    async def wait_for_streams(self, wanted, seconds):
        begin = time.perf_counter()
        while self.open_streams < wanted:
            assert time.perf_counter() - begin < seconds, f"{self.open_streams} of {wanted} streams"
            await asyncio.sleep(0.05)
        return time.perf_counter() - begin


async def measure(site, kind, streams, rate, seconds):
    load = Load(site, streams)
    site.start()
    await load.read_articles(2)
    before = resident_kib(site.workers())
    signs = asyncio.ensure_future(load.signs())
    tasks = [
        asyncio.ensure_future(load.stream("/admin/chat/stream/", f"sessionid={key}"))
        for _, key in load.agents
    ]
    for index in range(streams):
        tasks.append(asyncio.ensure_future(load.stream("/contact/chat/stream/", f"chat={index:040d}")))
        if index % 50 == 0:
            await asyncio.sleep(0.05)
    await load.wait_for_streams(streams + AGENTS, 60)
    await asyncio.sleep(2)
    memory = (resident_kib(site.workers()) - before) / (streams + AGENTS)

    count = await load.talk(rate, seconds)
    delays, lost = load.delays, len(load.sent)
    load.delays, load.sent = [], {}

    idle, busy = [], []
    for _ in range(WINDOWS):
        idle.append(await load.read_articles(WINDOW_SECONDS))
        talking = asyncio.ensure_future(load.talk(rate, WINDOW_SECONDS + 1))
        busy.append(await load.read_articles(WINDOW_SECONDS))
        await talking
    beside = load.delays

    await asyncio.get_running_loop().run_in_executor(None, site.terminate)
    while load.open_streams:  # noqa: ASYNC110  counted down by two thousand tasks
        await asyncio.sleep(0.05)
    await asyncio.get_running_loop().run_in_executor(None, site.start)
    back = await load.wait_for_streams(streams + AGENTS, 60)
    load.is_over = True
    for task in [*tasks, signs]:
        task.cancel()
    await asyncio.gather(*tasks, signs, return_exceptions=True)
    load.readers.shutdown()
    ratio = statistics.median(b / i for b, i in zip(busy, idle, strict=True))
    return {
        "site": kind,
        "streams": streams + AGENTS,
        "messages": count,
        "not arrived": lost,
        "faults": load.faults,
        "p50 ms": round(statistics.median(delays) * 1000),
        "p99 ms": round(percentile(delays, 0.99) * 1000),
        "max ms": round(max(delays) * 1000),
        "p99 ms beside readers": round(percentile(beside, 0.99) * 1000),
        "KiB/stream": round(memory, 1),
        "articles/s idle": round(statistics.median(idle)),
        "articles/s busy": round(statistics.median(busy)),
        "busy/idle": round(ratio, 2),
        "back after restart s": round(back, 1),
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", default=KINDS, help=", ".join(KINDS))
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=50, help="messages a second")
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    for kind in options.kinds or KINDS:
        limits = {
            "CHAT_STREAMS": 5000,
            "CHAT_MESSAGES_PER_MINUTE": 100_000,
            "CHAT_CONVERSATIONS_PER_HOUR": 100_000,
        }
        with fresh_site(kind, **limits) as site:
            rows.append(asyncio.run(measure(site, kind, options.streams, options.rate, options.seconds)))
            print(rows[-1], flush=True)
    print_table(rows)


if __name__ == "__main__":
    main()
