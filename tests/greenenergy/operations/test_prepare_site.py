"""`prepare_site`, which `make run` calls: on an empty database, and on one that is in use."""

import stat
from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from contact.models import Channel
from greenenergy.models import Section
from tests.factories import make_section

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


def test_a_site_with_https_starts_empty_and_shows_its_admin_the_first_steps(client, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_urls=("https://www.example.com",))
    printed = prepare()
    assert "从空的开始" in printed
    assert not Section.objects.exists()
    assert not Channel.objects.exists()
    client.force_login(User.objects.get())
    page = client.get("/admin/").text
    assert "新网站的第一步" in page
    for url in ("greenenergy/sitesettings/", "greenenergy/section/", "contact/channel/", "news/article/add/"):
        assert f'<li><a href="/admin/{url}">' in page
    make_section("新闻")
    assert client.get("/admin/").text.count("（做好了）") == 1
    assert "从空的开始" not in prepare()


def test_the_first_steps_go_when_they_are_done(admin_client):
    call_command("demo_content", stdout=StringIO())
    assert "新网站的第一步" not in admin_client.get("/admin/").text


def test_what_is_not_public_becomes_its_users_alone(settings, tmp_path):
    """Also what an earlier version left open; a proxy goes on reading the media."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data_dir=tmp_path)
    closed = ["secret_key", "private/chat/a.pdf", "journal/1.log", "chat-knocks", "content-version"]
    for name in [*closed, "media/a.jpg"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    for name in ["private", "private/chat", "journal", "media"]:
        (tmp_path / name).chmod(0o755)
    prepare()
    modes = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")
    }
    assert {modes[name] for name in closed} == {0o600}
    assert {modes[name] for name in ("private", "private/chat", "journal")} == {0o700}
    assert (modes["media"], modes["media/a.jpg"]) == (0o755, 0o644)


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
