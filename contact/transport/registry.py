"""The open streams of a process, and what each was sent: each stream gets every line once, in order."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from contact.chat.cursor import Cursor
from contact.chat.payloads import line, summary, visitor_lines, visitor_state
from contact.models import Conversation, Message

from .server_sent_events import event
from .streams import StaffStream, Stream, VisitorStream
from .work_queue import WorkQueue

if TYPE_CHECKING:
    from contact.chat.payloads import DeskConversation

logger = logging.getLogger(__name__)

LINES_OF_NEW_CONVERSATION = 3  # that desks get of a conversation which this process has not sent them yet

Status = Conversation.Status


@dataclass
class News:
    """One conversation as just read, and its lines after number `after`.

    `previous` is the end of the visitor's conversation before it, (0, 0) where this is the first; None where the reader
    had no reason to look. A stream that does not hold that much may not go on to this conversation yet.
    """

    conversation: "DeskConversation"
    lines: list[Message]
    after: int
    previous: Cursor | None = None


class Registry:
    """Changed on the event loop only. The reader's thread reads `visitors` and `staff`, and copies before it iterates."""

    def __init__(self, work: WorkQueue) -> None:
        self.visitors: dict[int, set[VisitorStream]] = defaultdict(set)  # by the visitor's primary key
        self.staff: set[StaffStream] = set()
        self._work = work
        self._loop: asyncio.AbstractEventLoop | None = None
        self._owners: dict[int, tuple[str, int | None]] = {}  # (status, agent) that all desks were sent
        self._sent_to_staff: dict[int, int] = {}  # number of the last line that desks were sent

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def call(self, function: Callable[..., None], *arguments: Any) -> None:
        """From any thread: call the function on the event loop, soon."""
        if self._loop is None:
            return  # no stream has been opened yet
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            logger.info("the event loop has ended before the chat's reader")

    # Streams come and go.

    def add_visitor(self, stream: VisitorStream, visitor: int | None) -> None:
        """Admit the stream of this visitor; None refuses it."""
        if visitor is not None and not stream.is_over:
            stream.visitor = visitor
            self.visitors[visitor].add(stream)
            self._work.put_due(0, visitor)
        self._answer(stream, visitor is not None)

    def add_staff(self, stream: StaffStream, user: int | None) -> None:
        """Admit the stream of this member of staff; None refuses it."""
        if user is not None and not stream.is_over:
            stream.user = user
            self.staff.add(stream)
        self._answer(stream, user is not None)

    def refuse(self, stream: Stream) -> None:
        self._answer(stream, False)

    def _answer(self, stream: Stream, is_admitted: bool) -> None:
        if not stream.admitted.done():
            stream.admitted.set_result(is_admitted and not stream.is_over)

    def remove(self, stream: Stream) -> None:
        if isinstance(stream, StaffStream):
            self.staff.discard(stream)
        elif isinstance(stream, VisitorStream) and stream.visitor is not None:
            streams = self.visitors[stream.visitor]
            streams.discard(stream)
            if not streams:
                del self.visitors[stream.visitor]

    def finish_all(self) -> None:
        for stream in chain(self.staff, *self.visitors.values()):
            stream.finish()

    # What was read goes to the streams.

    def deliver(self, news: list[News], are_agents_changed: bool) -> None:
        for item in news:
            for stream in list(self.visitors.get(item.conversation.visitor_id, ())):
                self._send_to_visitor(stream, item)
            if self.staff:
                self._send_to_staff(item)
        if are_agents_changed:
            for desk in self.staff:
                desk.push(event("agents", {}))

    def _send_to_visitor(self, stream: VisitorStream, news: News) -> None:
        conversation = news.conversation
        if conversation.visitor.token_hash != stream.token_hash:
            stream.finish()  # this browser was forgotten
            return
        if conversation.pk < stream.conversation:
            return
        if conversation.pk > stream.conversation:
            if news.previous is None or stream.cursor < news.previous:
                self._work.put_due(0, conversation.visitor_id)  # it needs lines of earlier conversations
                return
            stream.conversation, stream.sequence, stream.state = conversation.pk, 0, None
        if stream.sequence < news.after:
            self._work.put_due(conversation.pk, conversation.visitor_id)  # it needs earlier lines
            return
        lines = [message for message in news.lines if message.sequence > stream.sequence]
        state = visitor_state(conversation)
        shown = visitor_lines(lines)
        if lines:
            stream.sequence = lines[-1].sequence
        # Waiting grows by itself, no reason for an event; typing ends by itself, so each notification is one.
        typing_at = conversation.staff_typing_at if state["staff_types"] else None
        compared = {**state, "waiting_seconds": 0, "typing_at": typing_at}
        if shown or compared != stream.state:
            stream.state = compared
            cursor = Cursor(conversation.pk, stream.sequence)
            stream.push(event("update", {**state, "messages": shown}, str(cursor)))

    def _send_to_staff(self, news: News) -> None:
        """To every desk while the conversation waits or changes hands; otherwise to its agent's desk."""
        conversation = news.conversation
        owner = (conversation.status, conversation.agent_id)
        is_for_all = self._owners.get(conversation.pk) != owner or conversation.status == Status.WAITING
        sent = self._held_by_staff(conversation)
        data = event(
            "conversation",
            {
                "conversation": summary(conversation),
                "messages": [line(message) for message in news.lines if message.sequence > sent],
            },
        )
        if conversation.is_open:
            self._owners[conversation.pk] = owner
            self._sent_to_staff[conversation.pk] = max([sent, *(message.sequence for message in news.lines)])
        else:
            self._owners.pop(conversation.pk, None)
            self._sent_to_staff.pop(conversation.pk, None)
        for stream in self.staff:
            if is_for_all or stream.user == conversation.agent_id:
                stream.push(data)

    def held_by_all(self, conversation: Conversation) -> int:
        """The line up to which every stream of this process holds the conversation. Too low a number only costs work."""
        held = [
            stream.sequence if stream.conversation == conversation.pk else 0
            for stream in list(self.visitors.get(conversation.visitor_id, ()))
            if stream.conversation <= conversation.pk
        ]
        if self.staff:
            held.append(self._held_by_staff(conversation))
        return min(held, default=conversation.last_sequence)

    def _held_by_staff(self, conversation: Conversation) -> int:
        return self._sent_to_staff.get(
            conversation.pk, max(0, conversation.last_sequence - LINES_OF_NEW_CONVERSATION)
        )
