"""All streams of one process: one listener for knocks, one thread that reads, the event loop that writes.

A knock or a new stream makes a conversation "due"; the reading thread asks the database for all due ones
at once, and the loop hands each stream what it has not had: everything after the number it holds.
What no knock told of is found by a sweep each second.
"""

import asyncio
import logging
import queue
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error, connections
from django.utils import timezone

from contact.chat import agent_of_session
from contact.chat.knocks import KnockListener
from contact.chat.payloads import conversations_for_desk, line, lines_after, summary, visitor_state
from contact.models import Conversation, Message, Visitor

from .server_sent_events import event

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1
SWEEP_WINDOW_SECONDS = 60  # longer than a transaction may take between its clock and its commit
CHECK_STAFF_SECONDS = 5  # whoever is switched off gets nothing more within this and a moment
GATHER_SECONDS = 0.005  # knocks of one moment are read together,
READ_EVERY_SECONDS = 0.1  # and where many come, those of this long: a read costs the same for one as for ten
PENDING_LIMIT = 200  # events that a slow reader has not taken: it may come again and catch up


class Stream:
    """One open connection. Its fields belong to the event loop."""

    def __init__(self):
        self.pending: list[bytes] = []
        self.wake = asyncio.Event()
        self.admitted = asyncio.get_running_loop().create_future()  # True or False, once known
        self.is_over = False

    def push(self, data: bytes) -> None:
        if len(self.pending) >= PENDING_LIMIT:
            self.is_over = True
        else:
            self.pending.append(data)
        self.wake.set()

    def finish(self) -> None:
        self.is_over = True
        self.wake.set()


class VisitorStream(Stream):
    """`conversation` and `sequence` are what the browser holds already."""

    def __init__(self, token_hash: str, conversation: int, sequence: int):
        super().__init__()
        self.token_hash, self.conversation, self.sequence = token_hash, conversation, sequence
        self.visitor = None
        self.state = None


class StaffStream(Stream):
    def __init__(self, session_key: str):
        super().__init__()
        self.session_key, self.user = session_key, None


@dataclass
class News:
    """One conversation as just read; its lines after number `after`."""

    conversation: Conversation
    lines: list[Message]
    after: int


class Hub:
    """The streams of this process."""

    def __init__(self):
        self._loop = None
        self._visitors: dict[int, set[VisitorStream]] = defaultdict(set)
        self._staff: set[StaffStream] = set()
        self._owners: dict[int, tuple] = {}  # (status, agent) as all desks know it
        self._told_staff: dict[int, int] = {}  # number of the last line that desks were told
        self._seen: dict[int, int] = {}  # revisions read lately; the reading thread's own
        self._work: queue.SimpleQueue[Callable | tuple | None] = queue.SimpleQueue()
        self._listener = KnockListener(lambda conversation, visitor: self._work.put((conversation, visitor)))
        self._reader = threading.Thread(target=self._read_for_ever, name="chat-reader", daemon=True)
        self.count = 0

    # On the event loop.

    def start(self) -> None:
        """In the worker, after the fork, on its event loop."""
        self._loop = asyncio.get_running_loop()
        self._listener.start()
        self._reader.start()

    def stop_soon(self) -> None:
        """Every stream ends; browsers come back, each after its own moment."""
        for stream in self._all():
            stream.finish()

    def stop(self) -> None:
        self._listener.stop()
        self._work.put(None)

    async def open(self, stream: Stream) -> bool:
        """Whether whoever opens it may; then it gets what it missed, and from now on what comes."""
        self.count += 1
        self._work.put(lambda: self._admit(stream))
        return await stream.admitted

    def close(self, stream: Stream) -> None:
        self.count -= 1
        stream.is_over = True
        self._staff.discard(stream)
        visitor = getattr(stream, "visitor", None)
        if visitor in self._visitors:
            self._visitors[visitor].discard(stream)
            if not self._visitors[visitor]:
                del self._visitors[visitor]

    def of_visitor(self, visitor: int) -> int:
        return len(self._visitors.get(visitor, ()))

    def _all(self):
        return [*self._staff, *(stream for streams in self._visitors.values() for stream in streams)]

    def _register(self, stream, is_admitted, visitor=None, user=None):
        if stream.is_over:  # gone while it was asked for
            is_admitted = False
        if is_admitted and visitor is not None:
            stream.visitor = visitor
            self._visitors[visitor].add(stream)
            self._work.put((0, visitor))
        elif is_admitted:
            stream.user = user
            self._staff.add(stream)
        if not stream.admitted.done():
            stream.admitted.set_result(is_admitted)

    def _deliver(self, news: list[News], are_agents_changed: bool) -> None:
        for item in news:
            for stream in list(self._visitors.get(item.conversation.visitor_id, ())):
                self._tell_visitor(stream, item)
            if self._staff:
                self._tell_staff(item)
        if are_agents_changed:
            for stream in self._staff:
                stream.push(event("agents", {}))

    def _tell_visitor(self, stream, news):
        conversation = news.conversation
        if conversation.visitor.token_hash != stream.token_hash:
            return stream.finish()  # this browser was forgotten
        if conversation.pk < stream.conversation:
            return
        if conversation.pk > stream.conversation:
            stream.conversation, stream.sequence, stream.state = conversation.pk, 0, None
        if stream.sequence < news.after:
            return self._work.put((conversation.pk, conversation.visitor_id))  # it needs earlier lines
        lines = [message for message in news.lines if message.sequence > stream.sequence]
        state = visitor_state(conversation)
        shown = [line(message) for message in lines if message.kind != Message.Kind.NOTE]
        if lines:
            stream.sequence = lines[-1].sequence
        known = {**state, "waiting_seconds": 0}
        if shown or known != stream.state:
            stream.state = known
            stream.push(event("update", {**state, "messages": shown}, f"{conversation.pk}-{stream.sequence}"))

    def _tell_staff(self, news):
        conversation = news.conversation
        owner = (conversation.status, conversation.agent_id)
        is_for_all = self._owners.get(conversation.pk) != owner or conversation.status == "waiting"
        told = self._told(conversation)
        data = event(
            "conversation",
            {
                "conversation": summary(conversation),
                "messages": [line(message) for message in news.lines if message.sequence > told],
            },
        )
        if conversation.status == "closed":
            self._owners.pop(conversation.pk, None)
            self._told_staff.pop(conversation.pk, None)
        else:
            self._owners[conversation.pk] = owner
            self._told_staff[conversation.pk] = max([told, *(message.sequence for message in news.lines)])
        for stream in self._staff:
            if is_for_all or stream.user == conversation.agent_id:
                stream.push(data)

    def _told(self, conversation):
        """The number up to which the desks were told; of one that is new here, its last lines are told."""
        return self._told_staff.get(conversation.pk, max(0, conversation.last_sequence - 3))

    # On the reading thread.

    def _on_loop(self, function, *arguments):
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            logger.info("the event loop has ended before the chat's reader")

    def _read_for_ever(self):
        next_sweep, next_check, next_read = 0.0, 0.0, 0.0
        while True:
            try:
                due, admissions, is_stopping = self._gather(
                    max(0.0, next_sweep - time.monotonic()), next_read
                )
                if is_stopping:
                    return connections.close_all()
                for admit in admissions:
                    admit()
                now = time.monotonic()
                if now >= next_sweep:
                    next_sweep = now + SWEEP_SECONDS
                    due |= self._sweep()
                if now >= next_check:
                    next_check = now + CHECK_STAFF_SECONDS
                    self._check_staff()
                if due:
                    next_read = now + READ_EVERY_SECONDS
                    self._read(due)
            except Exception as error:  # this thread serves everybody: it goes on whatever happens
                if isinstance(error, Error):
                    logger.error("the chat cannot read the database, and tries again: %s", error)
                else:
                    logger.exception("the chat's reader has failed, and goes on")
                connections.close_all()
                self._seen.clear()  # whatever was due is found by the next sweep
                time.sleep(SWEEP_SECONDS * random.uniform(0.5, 1))  # noqa: S311  spreads the processes

    def _gather(self, seconds, next_read):
        """What has come within so many seconds: due (conversation, visitor), admissions, whether to stop."""
        due, admissions = set(), []
        try:
            item = self._work.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            return due, admissions, False
        time.sleep(max(GATHER_SECONDS, next_read - time.monotonic()))
        while True:
            if item is None:
                return due, admissions, True
            if callable(item):
                admissions.append(item)
            else:
                due.add(item)
            try:
                item = self._work.get_nowait()
            except queue.Empty:
                return due, admissions, False

    def _admit(self, stream):
        try:
            if isinstance(stream, VisitorStream):
                visitor = (
                    Visitor.objects.filter(token_hash=stream.token_hash).values_list("pk", flat=True).first()
                )
                self._on_loop(self._register, stream, visitor is not None, visitor)
            else:
                user = agent_of_session(stream.session_key)
                self._on_loop(self._register, stream, user is not None, None, user)
        except Error:
            self._on_loop(self._register, stream, False)
            raise

    def _check_staff(self):
        for stream in list(self._staff):
            if agent_of_session(stream.session_key) is None:
                self._on_loop(stream.finish)

    def _sweep(self):
        """Conversations that have changed lately and were not read since."""
        if not (self._visitors or self._staff):
            self._seen.clear()
            return set()
        since = timezone.now() - timedelta(seconds=SWEEP_WINDOW_SECONDS)
        rows = Conversation.objects.filter(changed_at__gte=since).order_by()
        revisions, due = {}, set()
        for pk, visitor, revision in rows.values_list("pk", "visitor_id", "revision"):
            revisions[pk] = revision
            if self._seen.get(pk) != revision and (self._staff or visitor in self._visitors):
                due.add((pk, visitor))
        self._seen = {pk: self._seen[pk] for pk in revisions if pk in self._seen}
        return due

    def _read(self, due):
        are_agents_changed = (0, 0) in due
        wanted = {
            pk for pk, visitor in due if pk and (self._staff or visitor in self._visitors)
        } | self._newest_of({visitor for pk, visitor in due if not pk and visitor in self._visitors})
        news = []
        wanted = list(wanted)
        for begin in range(0, len(wanted), 200):
            rows = list(conversations_for_desk().filter(pk__in=wanted[begin : begin + 200]))
            after = {row.pk: self._known(row) for row in rows}
            lines = lines_after({row.pk: after[row.pk] for row in rows if row.last_sequence > after[row.pk]})
            for row in rows:
                self._seen[row.pk] = row.revision
                news.append(News(row, lines.get(row.pk, []), after[row.pk]))
        if news or are_agents_changed:
            self._on_loop(self._deliver, news, are_agents_changed)

    def _newest_of(self, visitors):
        """The newest conversation of each visitor; and the end of streams whose browser was forgotten."""
        if not visitors:
            return set()
        newest, hashes = {}, {}
        visitors = list(visitors)
        for begin in range(0, len(visitors), 500):
            part = visitors[begin : begin + 500]
            hashes |= dict(Visitor.objects.filter(pk__in=part).values_list("pk", "token_hash"))
            rows = Conversation.objects.filter(visitor__in=part).order_by("pk")
            newest |= {visitor: pk for pk, visitor in rows.values_list("pk", "visitor_id")}
        for visitor in visitors:
            for stream in list(self._visitors.get(visitor, ())):
                if hashes.get(visitor) != stream.token_hash:
                    self._on_loop(stream.finish)
        return set(newest.values())

    def _known(self, conversation):
        """The number up to which everybody here holds this conversation; reading from too early does no harm."""
        held = [
            stream.sequence if stream.conversation == conversation.pk else 0
            for stream in list(self._visitors.get(conversation.visitor_id, ()))
            if stream.conversation <= conversation.pk
        ]
        if self._staff:
            held.append(self._told(conversation))
        return min(held, default=conversation.last_sequence)
