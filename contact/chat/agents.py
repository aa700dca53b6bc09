"""Who may answer chats, and whether they are at their desk."""

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from contact.models import Agent

from .knocks import knock


def may_answer_chats(user: User | AnonymousUser) -> bool:
    """The one rule for the desk, its streams, the files of conversations, and the receiver of a transfer."""
    return user.is_active and user.is_staff and user.has_perm("contact.answer_chats")


def agent_of_session(session_key: str) -> int | None:
    """The primary key of the session's user, read from the database now; None where they may not answer chats."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user.pk if may_answer_chats(user) else None


def mark_present(user: User, *, is_away: bool | None = None) -> Agent:
    """Record that this agent's desk is open; with `is_away` also that they step away or come back."""
    agent = Agent.objects.of(user)
    agent.was_seen()
    if is_away is not None:
        agent.is_away = is_away
        agent.save(update_fields=["is_away"])
        knock(0, 0)
    return agent
