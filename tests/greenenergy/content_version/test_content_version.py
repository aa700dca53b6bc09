"""What every page shows is read once, and never shown old after a save."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection, transaction

from contact.models import Channel
from greenenergy import content_version
from greenenergy.content_version import cache as content_cache
from greenenergy.content_version import version, watcher
from greenenergy.content_version.watcher import ChangeWatcher
from greenenergy.models import ContentChange, Section
from news.models import Article
from tests.factories import make_article, make_channel, make_section, make_settings


def cached_value(values):
    return content_version.cached("test", lambda: values.pop(0))


@pytest.mark.django_db
def test_rows_are_read_once_until_something_changes(monkeypatch):
    monkeypatch.setattr(content_cache, "CLOCK_SECONDS", 60)
    values = [1, 2, 3]
    assert [cached_value(values) for _ in range(3)] == [1, 1, 1]
    content_version.content_changed()
    assert [cached_value(values) for _ in range(3)] == [2, 2, 2]


def test_rows_that_another_machine_changed_are_read_within_a_second(monkeypatch):
    values = [1, 2]
    moments = iter([10.0, 10.9, 11.1])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    assert [cached_value(values) for _ in range(3)] == [1, 1, 2]


@pytest.mark.django_db
def test_two_changes_at_the_same_moment_are_two_versions(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 1_000)
    version.bump()
    first = content_version.current()
    version.bump()
    assert content_version.current() != first


@pytest.mark.django_db(transaction=True)
def test_rows_read_during_a_transaction_do_not_outlive_its_commit(monkeypatch, settings):
    """Another worker reads between our save and our commit: it sees the old row, and must not keep it."""
    monkeypatch.setattr(content_cache, "CLOCK_SECONDS", 60)
    with transaction.atomic():
        make_settings()
        before_commit = content_version.current()
    assert content_version.current() > before_commit


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_one_new_version_however_much_it_saves():
    before = content_version.current()
    with transaction.atomic():
        for number in range(3):
            make_section(f"栏目{number}")
            assert content_version.current() == before
    committed = content_version.current()
    assert committed > before
    make_section("自动提交")
    assert content_version.current() > committed


@pytest.mark.django_db(transaction=True)
def test_a_command_that_saves_much_begins_a_version_once_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    section, versions = make_section(), []
    with content_version.batched_changes():
        for seconds in (0, 0.5, 0.4, 0.2, 0.1):  # at 1.1 a second is over
            now[0] += seconds
            section.save()
            versions.append(content_version.current())
        assert ContentChange.objects.filter(is_pending=True).count() == 1
    versions.append(content_version.current())
    assert versions == sorted(versions)
    assert [a != b for a, b in pairwise(versions)] == [False, False, True, False, True]
    assert not ContentChange.objects.filter(is_pending=True).exists()
    section.save()
    assert content_version.current() != versions[-1]


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_has_changed_it_sees_itself_and_nobody_else(monkeypatch):
    monkeypatch.setattr(content_cache, "CLOCK_SECONDS", 60)
    values = iter("abcdef")

    def read():
        return content_version.cached("test", lambda: next(values))

    def read_elsewhere():
        with ThreadPoolExecutor(1) as other:
            return other.submit(read).result()

    assert [read(), read_elsewhere()] == ["a", "a"]
    with transaction.atomic():
        content_version.content_changed()
        assert [read(), read()] == ["b", "b"]
        content_version.content_changed()
        assert read() == "c"
        assert read_elsewhere() == "d"
        transaction.set_rollback(True)
    assert [read(), read_elsewhere()] == ["d", "d"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", ["update", "update of the text", "bulk_create"])
def test_a_bulk_write_begins_its_version_when_its_rows_are_there(write):
    """A page rendered between the two would be cached with the old text."""
    article, at_the_write = make_article(), []

    def note(execute, sql, parameters, many, context):
        if '"news_article"' in sql and not sql.startswith("SELECT"):
            at_the_write.append(content_version.current())
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        if write == "bulk_create":
            Article.objects.bulk_create([Article(title="新的", section=article.section, body="<p>新</p>")])
        else:
            values = {"is_pinned": True} if write == "update" else {"title": "改了"}
            Article.objects.filter(pk=article.pk).update(**values)
    assert at_the_write
    assert content_version.current() > max(at_the_write)


@pytest.mark.django_db
def test_a_file_that_was_removed_or_replaced_is_a_new_version(settings):
    change_watcher = ChangeWatcher()
    content_version.content_changed()
    for put in (lambda path: None, lambda path: path.write_bytes(bytes(8))):
        before = content_version.current()
        settings.CONTENT_VERSION_FILE.unlink()
        put(settings.CONTENT_VERSION_FILE)
        change_watcher.step()
        assert content_version.current() > before
        said_to_others = int.from_bytes(settings.CONTENT_VERSION_FILE.read_bytes()[:8], sys.byteorder)
        assert said_to_others == content_version.current()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["settings", "section", "channel", "delete"])
def test_the_page_after_a_save_shows_the_new_text(client, change, monkeypatch):
    monkeypatch.setattr(content_cache, "CLOCK_SECONDS", 60)
    make_settings(company_name="旧公司")
    section, channel = make_section("旧栏目", slug="old"), make_channel(value="4000000000")
    assert "旧公司" in client.get("/").text
    if change == "settings":
        make_settings(company_name="新公司")
    elif change == "section":
        Section.objects.get(pk=section.pk).delete()
        make_section("新栏目")
    elif change == "channel":
        Channel(pk=channel.pk, kind="hotline", value="4001111111").save()
    else:
        channel.delete()
    text = client.get("/").text
    assert {"settings": "新公司", "section": "新栏目", "channel": "4001111111", "delete": "旧公司"}[
        change
    ] in text
    assert {"settings": "旧公司", "section": "旧栏目", "channel": "4000000000", "delete": "4000000000"}[
        change
    ] not in text


@pytest.mark.django_db
def test_a_change_that_could_not_be_announced_is_announced_the_next_time(monkeypatch):
    """No descriptor is free for a moment: the thread goes on, and forgets nothing."""
    change_watcher = ChangeWatcher()
    change_watcher.step()
    before = content_version.current()
    ContentChange.objects.create(machine="another", is_pending=False)
    faults = [OSError("Too many open files")]

    def fail_once():
        if faults:
            raise faults.pop()
        version.bump()

    monkeypatch.setattr(watcher, "bump", fail_once)
    with pytest.raises(OSError, match="Too many open files"):
        change_watcher.step()
    assert content_version.current() == before
    change_watcher.step()
    assert content_version.current() > before


@pytest.mark.django_db(transaction=True)
def test_values_outlive_the_second_only_while_somebody_watches_other_machines(monkeypatch):
    now = [10.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    values = iter("abc")

    def read():
        return content_version.cached("unclocked", lambda: next(values), follows_clock=False)

    thread = ChangeWatcher()
    thread.stop()
    monkeypatch.setattr(thread, "finish", lambda: read_twice(90))
    read_values = []

    def read_twice(seconds):
        read_values.append(read())
        now[0] += seconds
        read_values.append(read())

    thread.start()
    thread.join()
    assert read_values == ["a", "a"]
    read_twice(90)
    assert read_values == ["a", "a", "b", "c"]  # unwatched, each is 90 seconds old


@pytest.mark.django_db
def test_machines_with_the_same_name_see_each_others_changes(settings):
    """Containers of one image may have the same host name and the same folders."""
    names = set()
    for _ in range(2):
        version.numbers.forget()
        names |= {version.machine() for _ in range(2)}
        settings.CONTENT_VERSION_FILE.unlink()
    assert len(names) == 2
