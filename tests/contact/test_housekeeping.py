"""The periodic work of the chat, and how often it is done."""

import threading

import pytest

from contact import chat, housekeeping, notifications
from contact.notifications import waiting
from contact.privacy import retention


@pytest.fixture
def done(monkeypatch):
    """The names of the jobs, in the order in which they ran."""
    names = []
    for module, name in (
        (waiting, "announce"),
        (notifications, "send_due"),
        (chat, "release_lost"),
        (retention, "purge_once_a_day"),
    ):
        monkeypatch.setattr(module, name, lambda name=name: names.append(name))
    return names


def rounds(count):
    """Call so many steps in a thread of their own, as in a worker: with database connections of its own."""
    housekeeper = housekeeping.HousekeepingThread()
    thread = threading.Thread(target=lambda: [housekeeper.step() for _ in range(count)])
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


def test_notifications_go_out_each_second_and_the_rest_less_often(done):
    rounds(605)
    assert [done.count(name) for name in ("announce", "send_due", "release_lost", "purge_once_a_day")] == [
        605,
        605,
        121,
        2,
    ]


def test_a_job_that_fails_holds_up_no_other(done, monkeypatch, caplog):
    def fail():
        raise ValueError("a bug")

    monkeypatch.setattr(notifications, "send_due", fail)
    rounds(5)
    assert done == [*["announce"] * 5, "release_lost", "purge_once_a_day"]
    assert "ValueError: a bug" in caplog.text


def test_what_the_daily_purge_deleted_is_logged(done, monkeypatch, caplog):
    monkeypatch.setattr(retention, "purge_once_a_day", lambda: retention.Purged(conversations=3))
    with caplog.at_level("INFO", "contact.housekeeping"):
        rounds(5)
    assert "purged: conversations 3, files 0" in caplog.text
