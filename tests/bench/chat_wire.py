"""The live chat's requests and event streams over asyncio, as a browser writes and reads them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

CSRF_TOKEN = "t" * 32
VISITOR_MESSAGES, VISITOR_STREAM = "/contact/chat/messages/", "/contact/chat/stream/"
AGENT_STREAM, AGENT_PRESENCE = "/admin/chat/stream/", "/admin/chat/presence/"
# Settings under which no limit of the chat ends a measurement.
LIMITS = {"CHAT_STREAMS": 5000, "CHAT_MESSAGES_PER_MINUTE": 100_000, "CHAT_CONVERSATIONS_PER_HOUR": 100_000}
_LINE_BYTES = 2**20  # the longest line of an event: a whole conversation

# An article, agents with sessions, and active conversations of one message each, spread over the agents.
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
    Visitor(token_hash=hash_token(f"{{number:040d}}"), consent_version=1) for number in range({conversations}))
chats = Conversation.objects.bulk_create(
    Conversation(visitor=visitor, status="active", agent=users[number % {agents}], last_sequence=1)
    for number, visitor in enumerate(visitors))
Message.objects.bulk_create(Message(conversation=chat, sequence=1, kind="visitor", text="您好") for chat in chats)
for chat in chats:
    print("chat", chat.pk, chat.agent_id)
print("article", article.pk)
"""


class Chats(NamedTuple):
    """What FILL made. The visitor of chats[index] has visitor_cookie(index)."""

    sessions: dict[int, str]  # session keys by the primary key of the agent's user
    chats: list[tuple[int, int]]  # (primary key of the conversation, of its agent's user)
    article: str  # path


def fill_chats(site, *, agents: int, conversations: int) -> Chats:
    sessions, chats, article = {}, [], ""
    for row in site.shell(FILL.format(agents=agents, conversations=conversations)).splitlines():
        word, *rest = row.split()
        if word == "agent":
            sessions[int(rest[0])] = rest[1]
        elif word == "chat":
            chats.append((int(rest[0]), int(rest[1])))
        elif word == "article":
            article = f"/news/{rest[0]}/"
    return Chats(sessions, chats, article)


def visitor_cookie(index: int) -> str:
    return f"chat={index:040d}"


def agent_cookie(session_key: str) -> str:
    return f"sessionid={session_key}; csrftoken={CSRF_TOKEN}"


def agent_messages(conversation: int) -> str:
    return f"/admin/chat/{conversation}/messages/"


@asynccontextmanager
async def connected(site) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=_LINE_BYTES)
    try:
        yield reader, writer
    finally:
        writer.close()


def json_request(site, method: str, path: str, cookie: str, data=None, *headers: str) -> bytes:
    """A request as the chat's scripts send it; `data` becomes JSON."""
    body = b"" if data is None else json.dumps(data).encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {site.host}",
        f"Origin: {site.address}",
        f"Cookie: {cookie}",
        f"X-CSRFToken: {CSRF_TOKEN}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def stream_request(site, path: str, cookie: str, last_id: str) -> bytes:
    after = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
    return f"GET {path} HTTP/1.1\r\nHost: {site.host}\r\nCookie: {cookie}\r\n{after}\r\n".encode()


class Event(NamedTuple):
    """One event of a stream; fields that it lacks are empty."""

    name: str
    id: str
    data: bytes  # JSON
    retry: str  # milliseconds


async def read_events(reader: asyncio.StreamReader) -> AsyncIterator[Event]:
    """The events of an answer in chunked encoding, until it ends; one that was cut off is dropped.

    Raises ConnectionError where the status is not 200, IncompleteReadError where the head of the answer is cut off.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(head[:100])
    fields = {}
    while (row := await reader.readline()) and row != b"0\r\n":
        if row == b"\n":
            if fields:
                name, event_id, retry = (
                    fields.get(name, b"").decode() for name in (b"event", b"id", b"retry")
                )
                yield Event(name, event_id, fields.get(b"data", b""), retry)
            fields = {}
        elif row.endswith(b"\n") and not row.endswith(b"\r\n"):  # the others are the sizes and ends of chunks
            name, _, value = row.rstrip(b"\n").partition(b": ")
            if name:  # without one it is a comment, sent to keep the connection open
                fields[name] = value
