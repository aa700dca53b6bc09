"""The live chat under faults: no line lost, none twice, none out of order, and both sides hold the same.

    python -m tests.bench.chat_faults [--messages 50000] [--kills 100] [--cuts 500] [KIND …]

40 visitors and their agents send a line as soon as the one before is acknowledged. Meanwhile workers are killed
(SIGKILL), connections are cut in the middle of a request or a stream, and the database is restarted (SQLite: locked
for five seconds).
"""

import argparse
import asyncio
import json
import os
import random
import resource
import signal
import time
import uuid
from contextlib import nullcontext
from functools import partial

from tests.bench.chat_sides import Agent, Visitor
from tests.bench.chat_wire import LIMITS, VISITOR_MESSAGES, agent_messages, fill_chats
from tests.bench.database_faults import hold_sqlite, own_postgresql
from tests.bench.sites import fresh_site, print_table
from tests.servers import wait_for

AGENTS, CONVERSATIONS = 20, 40
ARRIVAL_SECONDS = 30  # for the last lines to arrive, after the last one was acknowledged

STORED = """
import json
from contact.models import Message
messages = Message.objects.order_by("conversation", "sequence")
print(json.dumps(list(messages.values_list("conversation", "sequence", "text"))))
"""


class Faults:
    """Two sides of many conversations, and what goes wrong between them."""

    def __init__(self, site, messages, kills, cuts, restart):
        self.site, self.kills, self.cuts, self.restart = site, kills, cuts, restart
        made = fill_chats(site, agents=AGENTS, conversations=CONVERSATIONS)
        self.chats = made.chats
        self.visitors = {chat: Visitor(site, index) for index, (chat, _) in enumerate(self.chats)}
        self.agents = {
            agent: Agent(site, session_key, [chat for chat, owner in self.chats if owner == agent])
            for agent, session_key in made.sessions.items()
        }
        self.lines_a_side = messages // (2 * CONVERSATIONS)
        self.total = self.lines_a_side * 2 * CONVERSATIONS
        self.acknowledged = self.retries = self.cut_streams = self.cut_posts = self.killed = 0

    async def run(self):
        """The verdict, after every line was acknowledged and had its time to arrive."""
        begin = time.monotonic()
        sides = [*self.visitors.values(), *self.agents.values()]
        background = [
            asyncio.ensure_future(task)
            for task in (
                *(side.listen() for side in sides),
                *(agent.send_presence() for agent in self.agents.values()),
            )
        ]
        senders = []
        for chat, agent in self.chats:
            senders.append(self._send(self.visitors[chat], VISITOR_MESSAGES, f"v{chat}-"))
            senders.append(self._send(self.agents[agent], agent_messages(chat), f"a{chat}-"))
        await asyncio.gather(self._disturb(), self._print_progress(), *senders)
        seconds = time.monotonic() - begin
        await self._wait_for_arrival()
        for side in sides:
            side.close()
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        return self._verdict(seconds)

    async def _send(self, side, path, prefix):
        """Line after line, each repeated under the same id until it is acknowledged."""
        for number in range(self.lines_a_side):
            data = {"id": str(uuid.uuid4()), "text": f"{prefix}{number}"}
            while not await self._is_acknowledged(side, path, data):
                self.retries += 1
                await asyncio.sleep(random.uniform(0.02, 0.3))
            self.acknowledged += 1

    async def _is_acknowledged(self, side, path, data):
        is_cut = self.cut_posts < self.cuts // 2 and random.random() < self.cuts / self.total
        self.cut_posts += is_cut
        try:
            status, answer = await side.request("POST", path, data, is_cut=is_cut)
        except OSError:
            return False
        assert status in (200, 500, 502, 503), (status, answer)
        assert status != 200 or answer["message"]["text"] == data["text"]
        return status == 200

    async def _disturb(self):
        """Spread the faults over the messages."""
        plan = sorted(
            [(random.uniform(0.01, 0.98), self._kill_worker) for _ in range(self.kills)]
            + [(random.uniform(0.01, 0.98), self._cut_stream) for _ in range(self.cuts - self.cuts // 2)]
            + ([(0.5, self._restart_database)] if self.restart else []),
            key=lambda fault: fault[0],
        )
        for share, cause_fault in plan:
            while self.acknowledged < share * self.total:  # noqa: ASYNC110  counted up by eighty tasks
                await asyncio.sleep(0.01)
            await cause_fault()

    async def _kill_worker(self):
        workers = self.site.workers()
        if workers:
            self.killed += 1
            os.kill(random.choice(workers), signal.SIGKILL)
            await asyncio.sleep(0.2)

    async def _cut_stream(self):
        side = random.choice([*self.visitors.values(), *self.agents.values()])
        self.cut_streams += side.cut_stream()

    async def _restart_database(self):
        await asyncio.to_thread(self.restart)

    async def _print_progress(self):
        while self.acknowledged < self.total:
            print(f"  {self.acknowledged} of {self.total}", flush=True)
            await asyncio.sleep(15)

    async def _wait_for_arrival(self):
        wanted = self.lines_a_side * 2 + 1  # the first line was made with the conversation
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while time.monotonic() < deadline and min(map(len, self._held())) < wanted:  # noqa: ASYNC110  filled by many
            await asyncio.sleep(0.1)

    def _held(self):
        """The lines that each side of each conversation holds."""
        for chat, agent in self.chats:
            yield self.visitors[chat].lines
            yield self.agents[agent].lines[chat]

    def _verdict(self, seconds):
        stored = {chat: {} for chat, _ in self.chats}
        for chat, sequence, text in json.loads(self.site.shell(STORED)):
            stored[chat][sequence] = text
        lost = doubled = disordered = 0
        for chat, lines in stored.items():
            for prefix in (f"v{chat}-", f"a{chat}-"):
                own = [int(text[len(prefix) :]) for text in lines.values() if text.startswith(prefix)]
                lost += self.lines_a_side - len(set(own))
                doubled += len(own) - len(set(own))
                disordered += own != sorted(own)
            held = list(self.visitors[chat].lines)
            disordered += list(lines) != list(range(1, len(lines) + 1))
            disordered += held != sorted(held)
        return {
            "messages": self.total,
            "acknowledged": self.acknowledged,
            "kill -9": self.killed,
            "cut": self.cut_posts + self.cut_streams,
            "restarts": int(bool(self.restart)),
            "retries": self.retries,
            "lost": lost,
            "doubled": doubled + sum(visitor.doubled for visitor in self.visitors.values()),
            "out of order": disordered,
            "visitors differ": sum(stored[chat] != self.visitors[chat].lines for chat in stored),
            "agents differ": sum(
                stored[chat] != self.agents[agent].lines[chat] for chat, agent in self.chats
            ),
            "seconds": round(seconds),
        }


def disturbed(site, kind, *, messages, kills, cuts, restart):
    """Start the site, run it through the faults, and return the verdict."""
    faults = Faults(site, messages, kills, cuts, restart)
    site.start()
    wait_for(site.is_up)
    return {"site": kind, **asyncio.run(faults.run())}


def bench(kind, messages, kills, cuts):
    server = own_postgresql() if kind.startswith("postgresql") else nullcontext((None, None))
    with server as (url, restart), fresh_site(kind, database_url=url, **LIMITS) as site:
        restart = restart or partial(hold_sqlite, site.environment["DATABASE_URL"])
        return disturbed(site, kind, messages=messages, kills=kills, cuts=cuts, restart=restart)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="sqlite, postgresql")
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cuts", type=int, default=500)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    for kind in options.kinds or ("sqlite", "postgresql"):
        rows.append(bench(kind, options.messages, options.kills, options.cuts))
        print(rows[-1], flush=True)
    print_table(rows)


if __name__ == "__main__":
    main()
