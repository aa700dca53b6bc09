"""The live chat under load: open streams, messages in both directions, readers beside them, a restart.

    python -m tests.bench.chat_load [--streams 2000] [--rate 50] [--seconds 30] [KIND …]

For each kind of site it prints how long a message takes from being sent to arriving on the other side's stream,
memory for each stream, how much slower article pages get, and how long all streams need to reconnect after a restart.
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
from contextlib import suppress
from functools import partial

from tests.bench.chat_wire import (
    AGENT_PRESENCE,
    AGENT_STREAM,
    LIMITS,
    VISITOR_MESSAGES,
    VISITOR_STREAM,
    agent_cookie,
    agent_messages,
    connected,
    fill_chats,
    json_request,
    read_events,
    stream_request,
    visitor_cookie,
)
from tests.bench.load import hammer, request_bytes
from tests.bench.sites import KINDS, fresh_site, percentile, print_table, resident_kib

AGENTS = 20
CONNECTIONS = 16  # that send messages
READERS = 8
ARRIVAL_SECONDS = 2.5  # for the last messages to arrive
OPEN_SECONDS = 60  # within which all streams must be open
WINDOW_SECONDS = 3  # short, and many of them in turns: a shared machine changes its speed within seconds
WINDOWS = 10


class Load:
    """All clients of one site: visitors' and agents' streams, senders, readers."""

    def __init__(self, site, streams):
        self.site = site
        made = fill_chats(site, agents=AGENTS, conversations=streams)
        self.chats, self.article = made.chats, made.article
        self.agent_cookies = {
            agent: agent_cookie(session_key) for agent, session_key in made.sessions.items()
        }
        self.is_over, self.open_streams, self.faults = False, 0, 0
        self.sent = {}  # when each message was sent that has not arrived yet, by (text, kind of its sender)
        self.delays = []  # seconds from being sent to arriving
        # Readers have a process of their own, so that the streams of this one do not slow them down.
        self.readers = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    async def stream(self, path, cookie):
        """One browser's stream. Whenever it ends, it is opened again after the delay that the server sent."""
        retry, last_id = 1.0, ""
        while not self.is_over:
            is_open = False
            with suppress(OSError, asyncio.IncompleteReadError):
                async with connected(self.site) as (reader, writer):
                    writer.write(stream_request(self.site, path, cookie, last_id))
                    async for event in read_events(reader):
                        if event.name == "open" and not is_open:
                            is_open = True
                            self.open_streams += 1
                        if event.retry:
                            retry = int(event.retry) / 1000
                        self._note_arrival(event)
                        last_id = event.id or last_id
            self.open_streams -= is_open
            await asyncio.sleep(retry * random.uniform(0.5, 1.5))

    def _note_arrival(self, event):
        now = time.perf_counter()
        if b'"messages":[{' in event.data:
            for line in json.loads(event.data)["messages"]:
                begun = self.sent.pop((line["text"], line["kind"]), None)
                if begun is not None:
                    self.delays.append(now - begun)

    async def _post(self, connection, path, cookie, data):
        """A POST on a keep-alive connection; its status."""
        reader, writer = connection
        writer.write(json_request(self.site, "POST", path, cookie, data))
        status = int((await reader.readline()).split()[1])
        length = 0
        while (row := await reader.readline()) != b"\r\n":
            if row.lower().startswith(b"content-length:"):
                length = int(row[15:])
        await reader.readexactly(length)
        return status

    async def talk(self, rate, seconds):
        """So many messages a second, from visitors and from agents in turn; how many were sent."""
        pool: asyncio.Queue = asyncio.Queue()
        for _ in range(CONNECTIONS):
            pool.put_nowait(await asyncio.open_connection("127.0.0.1", self.site.port))
        tasks, begin, number = set(), time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            task = asyncio.ensure_future(self._send(pool, number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            number += 1
            await asyncio.sleep(max(0, begin + number / rate - time.perf_counter()))
        await asyncio.gather(*tasks)
        await asyncio.sleep(ARRIVAL_SECONDS)
        while not pool.empty():
            pool.get_nowait()[1].close()
        return number

    async def _send(self, pool, number):
        """One message of a random conversation: from its agent where the number is odd, else from its visitor."""
        index = random.randrange(len(self.chats))
        chat, agent = self.chats[index]
        if number % 2:
            kind, path, cookie = "staff", agent_messages(chat), self.agent_cookies[agent]
        else:
            kind, path, cookie = "visitor", VISITOR_MESSAGES, visitor_cookie(index)
        text = f"{number}-{uuid.uuid4().hex[:8]}"
        connection = await pool.get()
        self.sent[(text, kind)] = time.perf_counter()
        status = await self._post(connection, path, cookie, {"id": str(uuid.uuid4()), "text": text})
        self.faults += status != 200
        pool.put_nowait(connection)

    async def read_articles(self, seconds):
        """Article pages answered a second."""
        request = request_bytes(self.site.host, self.article, [("Accept-Encoding", "gzip")])
        reading = partial(hammer, self.site.port, request, seconds=seconds, connections=READERS)
        answers, _size = await asyncio.get_running_loop().run_in_executor(self.readers, reading)
        return answers / seconds

    async def send_presence(self):
        """The desks' heartbeats."""
        while not self.is_over:
            async with connected(self.site) as connection:
                for cookie in self.agent_cookies.values():
                    await self._post(connection, AGENT_PRESENCE, cookie, {})
            await asyncio.sleep(15)

    async def wait_for_streams(self, wanted, seconds):
        begin = time.perf_counter()
        while self.open_streams < wanted:
            assert time.perf_counter() - begin < seconds, f"{self.open_streams} of {wanted} streams"
            await asyncio.sleep(0.05)
        return time.perf_counter() - begin

    async def compare_readers(self, rate):
        """(articles a second without messages, with messages): a figure for each window, in turns."""
        idle, busy = [], []
        for _ in range(WINDOWS):
            idle.append(await self.read_articles(WINDOW_SECONDS))
            talking = asyncio.ensure_future(self.talk(rate, WINDOW_SECONDS + 1))
            busy.append(await self.read_articles(WINDOW_SECONDS))
            await talking
        return idle, busy

    async def restart(self, wanted):
        """Seconds from the first answer of the new server until so many streams are open again."""
        await asyncio.to_thread(self.site.terminate)
        while self.open_streams:  # noqa: ASYNC110  counted down by two thousand tasks
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self.site.start)
        return await self.wait_for_streams(wanted, OPEN_SECONDS)


async def open_streams(load, streams):
    """Their tasks, when all of them are open."""
    tasks = [
        asyncio.ensure_future(load.stream(AGENT_STREAM, cookie)) for cookie in load.agent_cookies.values()
    ]
    for index in range(streams):
        tasks.append(asyncio.ensure_future(load.stream(VISITOR_STREAM, visitor_cookie(index))))
        if index % 50 == 0:
            await asyncio.sleep(0.05)
    await load.wait_for_streams(len(tasks), OPEN_SECONDS)
    await asyncio.sleep(2)
    return tasks


async def measure(site, kind, streams, rate, seconds):
    load = Load(site, streams)
    site.start()
    await load.read_articles(2)
    before = resident_kib(site.workers())
    presence = asyncio.ensure_future(load.send_presence())
    tasks = await open_streams(load, streams)
    memory = (resident_kib(site.workers()) - before) / len(tasks)

    count = await load.talk(rate, seconds)
    delays, lost = load.delays, len(load.sent)
    load.delays, load.sent = [], {}
    idle, busy = await load.compare_readers(rate)
    back = await load.restart(len(tasks))

    load.is_over = True
    tasks.append(presence)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
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
        "p99 ms beside readers": round(percentile(load.delays, 0.99) * 1000),
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
        with fresh_site(kind, **LIMITS) as site:
            rows.append(asyncio.run(measure(site, kind, options.streams, options.rate, options.seconds)))
            print(rows[-1], flush=True)
    print_table(rows)


if __name__ == "__main__":
    main()
