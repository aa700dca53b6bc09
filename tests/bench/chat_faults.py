"""The live chat under faults: no line lost, none twice, none out of order, and both sides hold the same.

    python -m tests.bench.chat_faults [--messages 50000] [--kills 100] [--cuts 500] [KIND …]

40 visitors and their agents write as fast as they are answered. Meanwhile workers are killed (SIGKILL), connections
are cut in the middle of a request or a stream, and the database is restarted (SQLite: held for five seconds).
"""

import argparse
import asyncio
import json
import os
import pwd
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.chat_load import AGENTS, FILL
from tests.bench.sites import fresh_site, print_table
from tests.servers import _free_port, wait_for

CONVERSATIONS = 40


class Faults:
    """Two sides of many conversations, and what goes wrong between them."""

    def __init__(self, site, messages, kills, cuts, restart):
        self.site, self.kills, self.cuts, self.restart = site, kills, cuts, restart
        self.chats, self.sessions = [], {}
        for row in site.shell(FILL.format(agents=AGENTS, streams=CONVERSATIONS)).splitlines():
            word, *rest = row.split()
            if word == "agent":
                self.sessions[int(rest[0])] = rest[1]
            elif word == "chat":
                self.chats.append((int(rest[0]), int(rest[1])))
        self.each = messages // (2 * CONVERSATIONS)
        self.acknowledged = self.retries = self.cut_streams = self.cut_posts = self.killed = 0
        self.total = self.each * 2 * CONVERSATIONS
        self.visitor_holds = {chat: {} for chat, _ in self.chats}  # number → text, in order of arrival
        self.agent_holds = {chat: {} for chat, _ in self.chats}
        self.doubled = 0
        self.is_over, self.writers = False, {}

    # The wire.

    async def ask(self, method, path, cookie, data=None, cut=False):
        """(status, JSON). With `cut` the connection is closed after the request, before the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        try:
            body = json.dumps(data).encode() if data is not None else b""
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: {self.site.host}\r\nOrigin: {self.site.address}\r\nCookie: {cookie}\r\n"
                f"X-CSRFToken: {'t' * 32}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            if cut:
                await writer.drain()
                await asyncio.sleep(random.uniform(0, 0.02))
                raise ConnectionResetError
            async with asyncio.timeout(20):
                head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
            if not head:
                raise ConnectionResetError
            status = int(head.split()[1])
            return status, json.loads(answer) if answer.startswith(b"{") else None
        finally:
            writer.close()

    def visitor_cookie(self, index):
        return f"chat={index:040d}"

    def agent_cookie(self, agent):
        return f"sessionid={self.sessions[agent]}; csrftoken={'t' * 32}"

    # One sender: line after line, each until it is acknowledged, under the same id.

    async def write(self, path, cookie, prefix):
        for number in range(self.each):
            data = {"id": str(uuid.uuid4()), "text": f"{prefix}{number}"}
            while True:
                cut = self.cut_posts < self.cuts // 2 and random.random() < self.cuts / self.total
                try:
                    self.cut_posts += cut
                    status, answer = await self.ask("POST", path, cookie, data, cut)
                    if status == 200:
                        assert answer["message"]["text"] == data["text"]
                        break
                    assert status in (502, 503, 500), (status, answer)
                except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError):
                    pass
                self.retries += 1
                await asyncio.sleep(random.uniform(0.02, 0.3))
            self.acknowledged += 1

    # One stream, as a browser holds it.

    async def listen(self, path, cookie, hear, on_open):
        last_id = ""
        while not self.is_over:
            writer = None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port, limit=2**20)
                self.writers[path + cookie] = writer
                after = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: {self.site.host}\r\nCookie: {cookie}\r\n{after}\r\n".encode()
                )
                name, identity = "", ""
                while row := await reader.readline():
                    if row == b"0\r\n":
                        break
                    if row.startswith(b"event: "):
                        name = row[7:].strip().decode()
                    elif row.startswith(b"id: "):
                        identity = row[4:].strip().decode()
                    elif row.startswith(b"data: ") and row.endswith(b"\n"):
                        if name == "open":
                            await on_open()
                        elif name in ("update", "conversation"):
                            await hear(json.loads(row[6:]))
                            last_id = identity or last_id
            except (OSError, ValueError, asyncio.IncompleteReadError):
                pass
            finally:
                if writer:
                    writer.close()
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def listen_as_visitor(self, index, chat):
        held = self.visitor_holds[chat]

        async def hear(update):
            for line in update["messages"]:
                self.doubled += line["n"] in held  # a visitor's stream never says a line twice
                held[line["n"]] = line["text"]

        async def opened():
            return None

        await self.listen("/contact/chat/stream/", self.visitor_cookie(index), hear, opened)

    async def listen_as_agent(self, agent):
        cookie = self.agent_cookie(agent)
        own = [chat for chat, owner in self.chats if owner == agent]

        async def catch_up(chat):
            while True:
                held = self.agent_holds[chat]
                try:
                    status, answer = await self.ask(
                        "GET", f"/admin/chat/{chat}/?after={max(held, default=0)}", cookie
                    )
                except (OSError, TimeoutError, ValueError, IndexError):
                    return
                if status != 200:
                    return
                for line in answer["messages"]:
                    held.setdefault(line["n"], line["text"])
                if max(held, default=0) >= answer["conversation"]["sequence"]:
                    return

        async def hear(update):
            chat = update["conversation"]["id"]
            held = self.agent_holds[chat]
            lines = update["messages"]
            if lines and lines[0]["n"] <= max(held, default=0) + 1:
                for line in lines:
                    held.setdefault(line["n"], line["text"])
            if update["conversation"]["sequence"] > max(held, default=0):
                await catch_up(chat)

        async def opened():
            for chat in own:
                await catch_up(chat)

        await self.listen("/admin/chat/stream/", cookie, hear, opened)

    # What goes wrong.

    async def disturb(self):
        """Spread the faults over the messages."""
        plan = sorted(
            [(random.uniform(0.01, 0.98), "kill") for _ in range(self.kills)]
            + [(random.uniform(0.01, 0.98), "cut") for _ in range(self.cuts - self.cuts // 2)]
            + ([(0.5, "restart")] if self.restart else [])
        )
        for share, what in plan:
            while self.acknowledged < share * self.total:  # noqa: ASYNC110  counted up by eighty tasks
                await asyncio.sleep(0.01)
            if what == "kill":
                workers = self.site.workers()
                if workers:
                    self.killed += 1
                    os.kill(random.choice(workers), signal.SIGKILL)
                    await asyncio.sleep(0.2)
            elif what == "cut" and self.writers:
                self.cut_streams += 1
                random.choice(list(self.writers.values())).transport.abort()
            elif what == "restart":
                await asyncio.get_running_loop().run_in_executor(None, self.restart)

    async def run(self):
        begin = time.monotonic()
        streams = [
            asyncio.ensure_future(self.listen_as_visitor(i, chat)) for i, (chat, _) in enumerate(self.chats)
        ]
        streams += [asyncio.ensure_future(self.listen_as_agent(agent)) for agent in self.sessions]
        writers = []
        for index, (chat, agent) in enumerate(self.chats):
            writers.append(self.write("/contact/chat/messages/", self.visitor_cookie(index), f"v{chat}-"))
            writers.append(self.write(f"/admin/chat/{chat}/messages/", self.agent_cookie(agent), f"a{chat}-"))
        signs = asyncio.gather(*(self.sign(agent) for agent in self.sessions))
        await asyncio.gather(self.disturb(), self.show(), *writers)
        seconds = time.monotonic() - begin
        wanted = self.each * 2 + 1
        for _ in range(300):
            if all(
                len(held) >= wanted for held in [*self.visitor_holds.values(), *self.agent_holds.values()]
            ):
                break
            await asyncio.sleep(0.1)
        self.is_over = True
        for task in [*streams, signs]:
            task.cancel()
        await asyncio.gather(*streams, signs, return_exceptions=True)
        return self.verdict(seconds)

    async def show(self):
        while self.acknowledged < self.total:
            print(f"  {self.acknowledged} of {self.total}", flush=True)
            await asyncio.sleep(15)

    async def sign(self, agent):
        """A desk's heartbeat: without it the chats would go back to the queue."""
        while True:
            try:
                await self.ask("POST", "/admin/chat/presence/", self.agent_cookie(agent), {})
                await asyncio.sleep(12)
            except (OSError, TimeoutError, ValueError, IndexError):
                await asyncio.sleep(1)

    def verdict(self, seconds):
        stored = json.loads(
            self.site.shell(
                "import json; from contact.models import Message; "
                "print(json.dumps(list(Message.objects.order_by('conversation', 'sequence')"
                ".values_list('conversation', 'sequence', 'text'))))"
            )
        )
        lines = {chat: {} for chat, _ in self.chats}
        for chat, number, text in stored:
            lines[chat][number] = text
        lost = doubled = disordered = 0
        for chat, _ in self.chats:
            for prefix in (f"v{chat}-", f"a{chat}-"):
                own = [int(text[len(prefix) :]) for text in lines[chat].values() if text.startswith(prefix)]
                lost += self.each - len(set(own))
                doubled += len(own) - len(set(own))
                disordered += own != sorted(own)
            disordered += list(lines[chat]) != list(range(1, len(lines[chat]) + 1))
            disordered += list(self.visitor_holds[chat]) != sorted(self.visitor_holds[chat])
        return {
            "messages": self.total,
            "acknowledged": self.acknowledged,
            "kill -9": self.killed,
            "cut": self.cut_posts + self.cut_streams,
            "restarts": int(bool(self.restart)),
            "retries": self.retries,
            "lost": lost,
            "doubled": doubled + self.doubled,
            "out of order": disordered,
            "visitors differ": sum(lines[chat] != self.visitor_holds[chat] for chat in lines),
            "agents differ": sum(lines[chat] != self.agent_holds[chat] for chat in lines),
            "seconds": round(seconds),
        }


@contextmanager
def own_postgresql():
    """A PostgreSQL server of our own, to be restarted: (its address, restart)."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder, port = tempfile.mkdtemp(prefix="pg-bench-"), _free_port()
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*arguments):
        subprocess.run([*as_user, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    control = [str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-l", f"{folder}/log", "-w"]
    options = ["-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"]
    run(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8")
    run(*control, *options, "start")
    try:
        yield (
            f"postgres://postgres@127.0.0.1:{port}/postgres",
            lambda: run(*control, *options, "-m", "fast", "restart"),
        )
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def hold_sqlite(url, seconds=5):
    """Nobody else may write for so long."""
    connection = sqlite3.connect(urlsplit(url).path, timeout=30)
    connection.execute("BEGIN EXCLUSIVE")
    time.sleep(seconds)
    connection.rollback()
    connection.close()


def disturbed(site, kind, *, messages, kills, cuts, restart):
    """Start the site, run it through the faults, and return the verdict."""
    faults = Faults(site, messages, kills, cuts, restart)
    site.start()
    wait_for(site.is_up)
    return {"site": kind, **asyncio.run(faults.run())}


LIMITS = {"CHAT_STREAMS": 5000, "CHAT_MESSAGES_PER_MINUTE": 100_000, "CHAT_CONVERSATIONS_PER_HOUR": 100_000}


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
        server = own_postgresql() if kind.startswith("postgresql") else nullcontext((None, None))
        with server as (url, restart), fresh_site(kind, database_url=url, **LIMITS) as site:
            if restart is None:
                database_url = site.environment["DATABASE_URL"]
                restart = lambda database_url=database_url: hold_sqlite(database_url)  # noqa: E731
            rows.append(
                disturbed(
                    site,
                    kind,
                    messages=options.messages,
                    kills=options.kills,
                    cuts=options.cuts,
                    restart=restart,
                )
            )
            print(rows[-1], flush=True)
    print_table(rows)


if __name__ == "__main__":
    main()
