"""Both sides of a live chat as browsers hold them: a stream that reconnects, and the lines that arrived on it."""

import asyncio
import json
import random
from contextlib import suppress

from tests.bench.chat_wire import (
    AGENT_PRESENCE,
    AGENT_STREAM,
    VISITOR_STREAM,
    agent_cookie,
    connected,
    json_request,
    read_events,
    stream_request,
    visitor_cookie,
)

ANSWER_SECONDS = 20
PRESENCE_SECONDS = 12  # between the heartbeats of a desk


class Side:
    """One browser. It reconnects whenever its stream ends, until `close()`."""

    stream_path = ""

    def __init__(self, site, cookie):
        self.site, self.cookie = site, cookie
        self._is_closed, self._writer = False, None

    async def request(self, method, path, data=None, *, is_cut=False):
        """(status, JSON or None). Raises OSError where no whole answer arrives.

        With `is_cut` the connection is closed after the request, before the answer.
        """
        async with connected(self.site) as (reader, writer):
            writer.write(json_request(self.site, method, path, self.cookie, data, "Connection: close"))
            if is_cut:
                await writer.drain()
                await asyncio.sleep(random.uniform(0, 0.02))
                raise ConnectionResetError("cut on purpose")
            async with asyncio.timeout(ANSWER_SECONDS):
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        try:
            return int(head.split()[1]), json.loads(body) if body.startswith(b"{") else None
        except (ValueError, IndexError) as error:
            raise ConnectionResetError("the worker was killed before the end of its answer") from error

    async def listen(self):
        """Hold the stream open, and take over what it says."""
        last_id = ""
        while not self._is_closed:
            with suppress(OSError, asyncio.IncompleteReadError):
                async with connected(self.site) as (reader, self._writer):
                    self._writer.write(stream_request(self.site, self.stream_path, self.cookie, last_id))
                    async for event in read_events(reader):
                        if event.name == "open":
                            await self.on_open()
                        elif event.name in ("update", "conversation"):
                            await self.on_update(json.loads(event.data))
                            last_id = event.id or last_id
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def on_open(self):
        """The stream is open, for the first time or again."""

    async def on_update(self, update):
        raise NotImplementedError

    def cut_stream(self):
        """Abort the stream's connection, as a lost network does; False where it was never open."""
        if self._writer is None:
            return False
        self._writer.transport.abort()
        return True

    def close(self):
        self._is_closed = True


class Visitor(Side):
    """The visitor of one conversation."""

    stream_path = VISITOR_STREAM

    def __init__(self, site, index):
        super().__init__(site, visitor_cookie(index))
        self.lines = {}  # texts by their sequence number, in order of arrival
        self.doubled = 0

    async def on_update(self, update):
        for line in update["messages"]:
            self.doubled += line["n"] in self.lines  # the stream of a visitor repeats no line
            self.lines[line["n"]] = line["text"]


class Agent(Side):
    """The desk of one agent, with all conversations of that agent."""

    stream_path = AGENT_STREAM

    def __init__(self, site, session_key, conversations):
        super().__init__(site, agent_cookie(session_key))
        self.lines = {conversation: {} for conversation in conversations}  # each as Visitor.lines

    async def on_open(self):
        for conversation in self.lines:
            await self._catch_up(conversation)

    async def on_update(self, update):
        conversation = update["conversation"]["id"]
        if conversation not in self.lines:  # of another agent
            return
        lines, new = self.lines[conversation], update["messages"]
        if new and new[0]["n"] <= max(lines, default=0) + 1:  # no gap before them
            self._add(conversation, new)
        if update["conversation"]["sequence"] > max(lines, default=0):
            await self._catch_up(conversation)

    async def _catch_up(self, conversation):
        """Request the lines that the stream has not brought; given up at a fault, the next update starts it again."""
        lines, sequence = self.lines[conversation], None
        while sequence is None or max(lines, default=0) < sequence:
            try:
                status, answer = await self.request(
                    "GET", f"/admin/chat/{conversation}/?after={max(lines, default=0)}"
                )
            except OSError:
                return
            if status != 200:
                return
            self._add(conversation, answer["messages"])
            sequence = answer["conversation"]["sequence"]

    def _add(self, conversation, new):
        for line in new:
            self.lines[conversation].setdefault(line["n"], line["text"])

    async def send_presence(self):
        """The heartbeat of a desk: without it the conversations would go back to the queue."""
        while True:
            try:
                await self.request("POST", AGENT_PRESENCE, {})
                await asyncio.sleep(PRESENCE_SECONDS)
            except OSError:
                await asyncio.sleep(1)
