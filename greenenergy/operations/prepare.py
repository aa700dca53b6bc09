"""What a site needs before gunicorn starts: tables, content, and an admin account."""

import os
import secrets
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError, connection


class NoDatabase(Exception):
    """The database does not answer; the text is its reason, in one line."""


def migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise NoDatabase(str(error).strip().splitlines()[0]) from None


def sqlite_file() -> str:
    """The path of the SQLite database; empty for PostgreSQL."""
    return str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else ""


def is_in_use() -> bool:
    """Whether there is an account already. Such a site gets no demo content: if it is empty, it is meant to be."""
    return get_user_model().objects.exists()


class Credentials(NamedTuple):
    username: str
    password: str
    is_random: bool


def create_first_admin() -> Credentials | None:
    """Create a superuser from the variables DJANGO_SUPERUSER_…; None, and nothing created, if there is one already."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    username = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
    given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    users.create_superuser(username, password=password)
    return Credentials(username, password, is_random=not given)
