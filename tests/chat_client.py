"""HTTP clients that act as a visitor's browser or an agent's desk, for tests and benchmarks of the chat."""

import http.client
import json
import secrets
import socket
import threading
import time
import uuid

MAKE_AGENT = """
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.utils import timezone
from contact.models import Agent
for number in range({count}):
    user, is_new = User.objects.get_or_create(username=f"agent{{number}}", defaults={{"is_staff": True}})
    user.user_permissions.add(Permission.objects.get(codename="answer_chats"))
    Agent.objects.get_or_create(user=user, defaults={{"display_name": f"客服{{number}}", "seen_at": timezone.now()}})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(user.pk, session.session_key)
"""


class Party:
    """A client with a cookie, which sends requests and holds a stream."""

    def __init__(self, site, cookie, stream_path):
        self.site, self.cookie, self.stream_path = site, cookie, stream_path
        self.events, self.condition = [], threading.Condition()
        self.stream = None
        self.last_id = ""

    def request(self, method, path, data=None, timeout=20):
        """(status, JSON or None)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=timeout)
        try:
            connection.request(
                method,
                path,
                json.dumps(data) if data is not None else None,
                {
                    "Content-Type": "application/json",
                    "Origin": self.site.address,
                    "Cookie": self.cookie,
                    "X-CSRFToken": "t" * 32,
                },
            )
            response = connection.getresponse()
            body = response.read()
            return response.status, json.loads(body) if body.startswith(b"{") else None
        finally:
            connection.close()

    def open_stream(self):
        """Open it; a thread appends each event to `events` as (name, data, seconds). Returns the HTTP status."""
        self.stream = socket.create_connection(("127.0.0.1", self.site.port), timeout=60)
        after = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id else ""
        self.stream.sendall(
            f"GET {self.stream_path} HTTP/1.1\r\nHost: {self.site.host}\r\nCookie: {self.cookie}\r\n{after}\r\n".encode()
        )
        file = self.stream.makefile("rb")
        status = int(file.readline().split()[1])
        while file.readline().strip():
            pass
        if status == 200:
            threading.Thread(target=self._listen, args=[file], daemon=True).start()
        return status

    def close_stream(self):
        self.stream.shutdown(socket.SHUT_RDWR)
        self.stream.close()

    def _listen(self, file):
        name, data = "", ""
        try:
            for raw in file:
                text = raw.decode().rstrip("\r\n")
                if text == "0":  # the last chunk
                    break
                if text.startswith("event: "):
                    name = text[7:]
                elif text.startswith("id: "):
                    self.last_id = text[4:]
                elif text.startswith("data: "):
                    data = text[6:]
                elif not text and name:
                    with self.condition:
                        self.events.append((name, json.loads(data), time.monotonic()))
                        self.condition.notify_all()
                    name = ""
        except (OSError, ValueError):
            pass
        with self.condition:
            self.events.append(("end", {}, time.monotonic()))
            self.condition.notify_all()

    def wait_for(self, wanted, seconds=10):
        """The first event for which wanted(name, data) is true."""
        deadline = time.monotonic() + seconds
        with self.condition:
            while True:
                for event in self.events:
                    if wanted(event[0], event[1]):
                        return event
                left = deadline - time.monotonic()
                assert left > 0, f"not among {[name for name, *_ in self.events]}"
                self.condition.wait(left)

    def lines(self):
        """(number, text) of every line that the stream brought, in the order of arrival."""
        return [
            (line["n"], line["text"])
            for name, data, _at in self.events
            if name in ("update", "conversation")
            for line in data["messages"]
        ]


class VisitorParty(Party):
    def __init__(self, site, token=None):
        super().__init__(site, f"chat={token or secrets.token_urlsafe(30)}", "/contact/chat/stream/")

    def start(self):
        status, _ = self.request("POST", "/contact/chat/start/", {"token": self.cookie[5:], "consent": 1})
        assert status == 200, status
        return self

    def send(self, text, client_id=None):
        status, data = self.request(
            "POST", "/contact/chat/messages/", {"id": str(client_id or uuid.uuid4()), "text": text}
        )
        assert status == 200, (status, data)
        return data


class AgentParty(Party):
    def __init__(self, site, user, session_key):
        super().__init__(site, f"sessionid={session_key}; csrftoken={'t' * 32}", "/admin/chat/stream/")
        self.user = user

    def act(self, conversation, verb, data=None):
        return self.request("POST", f"/admin/chat/{conversation}/{verb}/", data or {})

    def send(self, conversation, text, client_id=None):
        return self.act(conversation, "messages", {"id": str(client_id or uuid.uuid4()), "text": text})

    def sign(self):
        return self.request("POST", "/admin/chat/presence/", {})


def make_agents(site, count=1):
    """Agents who were at their desks a moment ago: for a minute their chats are not released."""
    rows = site.shell(MAKE_AGENT.format(count=count)).splitlines()
    return [AgentParty(site, int(user), key) for user, key in (row.split() for row in rows)]
