"""`prepare_site`, which `make run` calls: on an empty database, and on one that is in use."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from greenenergy.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_demo_pictures")]


def prepare():
    output = StringIO()
    call_command("prepare_site", stdout=output)
    return output.getvalue()


def test_the_first_admin_is_made_and_its_password_printed_once(client):
    printed = prepare()
    password = printed.split("密码：")[1].split("（")[0]
    assert "管理员：admin" in printed
    assert len(password) >= 16
    assert client.login(username="admin", password=password)
    assert "密码" not in prepare()


def test_the_operators_password_is_used_and_not_printed(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "chief")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Chosen-By-Ops-1")
    assert "Chosen-By-Ops-1" not in prepare()
    assert client.login(username="chief", password="Chosen-By-Ops-1")


def test_an_existing_admin_is_left_alone():
    User.objects.create_superuser("boss", password="x")
    prepare()
    assert [user.username for user in User.objects.all()] == ["boss"]


def test_an_empty_site_in_use_stays_empty():
    User.objects.create_superuser("boss", password="x")
    prepare()
    assert not Section.objects.exists()


def test_the_urls_of_site_and_admin_are_printed():
    printed = prepare()
    assert "http://127.0.0.1:8000/\n" in printed
    assert "http://127.0.0.1:8000/admin/" in printed


def test_a_database_that_does_not_answer_stops_it_with_one_line(monkeypatch):
    def fail(name, **options):
        raise OperationalError(
            'connection to server at "db" failed: Connection refused\n\tIs the server running?'
        )

    monkeypatch.setattr("greenenergy.operations.prepare.call_command", fail)
    with pytest.raises(CommandError) as error:
        prepare()
    assert str(error.value).startswith("DATABASE_URL: ")
    assert "\n" not in str(error.value)
