"""The thread that reads from the database for all streams of a process, and checks who may open one."""

import logging
import random
import time
from datetime import timedelta

from django.db import Error
from django.utils import timezone

from contact.chat import agent_of_session
from contact.chat.cursor import Cursor
from contact.chat.payloads import conversations_for_desk, lines_after
from contact.models import Conversation, Visitor
from greenenergy.serving.background import BackgroundThread

from .registry import News, Registry
from .streams import StaffStream, Stream, VisitorStream
from .work_queue import WorkQueue

SWEEP_SECONDS = 1
SWEEP_WINDOW_SECONDS = 60  # longer than a transaction may take between its clock and its commit
CHECK_STAFF_SECONDS = 5  # after so long at most the stream of a disabled account ends
READ_EVERY_SECONDS = 0.1  # at most so often: of many knocks, a query for ten rows costs as much as for one


class Reader(BackgroundThread):
    """Reads what is due, no more often than READ_EVERY_SECONDS; sweeps each second for changes without a knock."""

    on_fault = "the chat cannot read the database, and tries again"
    database_fault_level = logging.ERROR

    def __init__(self, work: WorkQueue, registry: Registry) -> None:
        super().__init__(name="chat-reader")
        self._work, self._registry = work, registry
        self._read_revisions: dict[int, int] = {}  # of conversations that changed lately

    def stop(self) -> None:
        super().stop()
        self._work.wake()

    def step(self) -> None:
        """Runs until the thread is stopped: with a step for each read, Django would check the connection each time."""
        next_sweep = next_check = next_read = 0.0
        while True:
            work = self._work.gather(max(0.0, next_sweep - time.monotonic()), next_read)
            if self.stopping.is_set():
                return
            for stream in work.admissions:
                self._admit(stream)
            now = time.monotonic()
            if now >= next_sweep:
                next_sweep = now + SWEEP_SECONDS
                work.due |= self._sweep()
            if now >= next_check:
                next_check = now + CHECK_STAFF_SECONDS
                self._check_staff()
            if work.due:
                next_read = now + READ_EVERY_SECONDS
                self.read(work.due)

    def failed(self, error: Exception) -> None:
        self._read_revisions.clear()  # the next sweep finds again all that was due
        self.retry_seconds = SWEEP_SECONDS * random.uniform(0.5, 1)  # noqa: S311  not all processes at once

    # Who may open a stream.

    def _admit(self, stream: Stream) -> None:
        try:
            if isinstance(stream, VisitorStream):
                found = Visitor.objects.filter(token_hash=stream.token_hash)
                visitor = found.values_list("pk", flat=True).first()
                self._registry.call(self._registry.add_visitor, stream, visitor)
            elif isinstance(stream, StaffStream):
                user = agent_of_session(stream.session_key)
                self._registry.call(self._registry.add_staff, stream, user)
        except Error:
            self._registry.call(self._registry.refuse, stream)
            raise

    def _check_staff(self) -> None:
        for stream in list(self._registry.staff):
            if agent_of_session(stream.session_key) is None:
                self._registry.call(stream.finish)

    # What has changed.

    def _is_watched(self, visitor: int) -> bool:
        """Whether a stream of this process shows the visitor's conversations."""
        return bool(self._registry.staff) or visitor in self._registry.visitors

    def _sweep(self) -> set[tuple[int, int]]:
        """(conversation, visitor) that changed lately and were not read in their present revision."""
        if not (self._registry.visitors or self._registry.staff):
            self._read_revisions.clear()
            return set()
        since = timezone.now() - timedelta(seconds=SWEEP_WINDOW_SECONDS)
        rows = Conversation.objects.filter(changed_at__gte=since).order_by()
        recent, due = set(), set()
        for pk, visitor, revision in rows.values_list("pk", "visitor_id", "revision"):
            recent.add(pk)
            if self._read_revisions.get(pk) != revision and self._is_watched(visitor):
                due.add((pk, visitor))
        self._read_revisions = {pk: self._read_revisions[pk] for pk in recent if pk in self._read_revisions}
        return due

    def read(self, due: set[tuple[int, int]]) -> None:
        changed = {pk for pk, visitor in due if pk and self._is_watched(visitor)}
        visitors = {visitor for pk, visitor in due if not pk and visitor in self._registry.visitors}
        visitors |= {visitor for pk, visitor in due if self._is_behind(visitor, pk)}
        wanted = sorted(
            changed | self._of_visitors(list(visitors))
        )  # in this order each stream goes on from one to the next
        news: list[News] = []
        for begin in range(0, len(wanted), 200):
            news += self._read_news(wanted[begin : begin + 200])
        are_agents_changed = (0, 0) in due
        if news or are_agents_changed:
            self._registry.call(self._registry.deliver, news, are_agents_changed)

    def _read_news(self, pks: list[int]) -> list[News]:
        rows = list(conversations_for_desk().filter(pk__in=pks).order_by("pk"))
        after = {row.pk: self._registry.held_by_all(row) for row in rows}
        lines = lines_after({row.pk: after[row.pk] for row in rows if row.last_sequence > after[row.pk]})
        self._read_revisions |= {row.pk: row.revision for row in rows}
        previous = self._previous_of([row for row in rows if self._is_behind(row.visitor_id, row.pk)])
        return [News(row, lines.get(row.pk, []), after[row.pk], previous.get(row.pk)) for row in rows]

    def _is_behind(self, visitor: int, conversation: int) -> bool:
        """Whether a stream of this visitor has not come to this conversation yet."""
        streams = list(self._registry.visitors.get(visitor, ()))
        return any(stream.conversation < conversation for stream in streams)

    def _previous_of(self, rows: list[Conversation]) -> dict[int, Cursor]:
        """For each of these conversations the end of the one before it of the same visitor; (0, 0) for the first."""
        ends: dict[int, list[Cursor]] = {row.visitor_id: [] for row in rows}
        found = Conversation.objects.filter(visitor__in=ends).order_by("pk")
        for pk, visitor, last in found.values_list("pk", "visitor_id", "last_sequence"):
            ends[visitor].append(Cursor(pk, last))
        return {
            row.pk: max((end for end in ends[row.visitor_id] if end.conversation < row.pk), default=Cursor())
            for row in rows
        }

    def _of_visitors(self, visitors: list[int]) -> set[int]:
        """The conversations of these visitors that a stream of theirs does not hold whole. Ends those of forgotten browsers."""
        found: set[int] = set()
        hashes: dict[int, str] = {}
        for begin in range(0, len(visitors), 500):
            part = visitors[begin : begin + 500]
            hashes |= dict(Visitor.objects.filter(pk__in=part).values_list("pk", "token_hash"))
            rows = Conversation.objects.filter(visitor__in=part).order_by()
            found |= {
                pk for pk, visitor in rows.values_list("pk", "visitor_id") if pk >= self._held_by(visitor)
            }
        for visitor in visitors:
            for stream in list(self._registry.visitors.get(visitor, ())):
                if hashes.get(visitor) != stream.token_hash:
                    self._registry.call(stream.finish)
        return found

    def _held_by(self, visitor: int) -> int:
        """The conversation up to which every stream of this visitor has come."""
        return min(
            (stream.conversation for stream in list(self._registry.visitors.get(visitor, ()))), default=0
        )
