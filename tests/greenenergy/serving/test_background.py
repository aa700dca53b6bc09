"""Background threads: they survive errors, and end together."""

import logging
import threading

from django.db import OperationalError
from django.db.utils import ConnectionHandler

from greenenergy.serving.background import BackgroundThread, stop_all

PATIENCE = 10  # seconds, for what happens at once


class Counting(BackgroundThread):
    """Counts its steps; the first ones raise the given errors."""

    every_seconds = retry_seconds = 0.001
    has_last_work = True
    on_fault = "the count is late"

    def __init__(self, *errors, until=5):
        super().__init__(name="counting")
        self.errors, self.until = list(errors), until
        self.steps, self.failures, self.is_finished = 0, [], False
        self.reached = threading.Event()

    def step(self):
        self.steps += 1
        if self.steps == self.until:
            self.reached.set()
        if self.errors:
            raise self.errors.pop(0)

    def failed(self, error):
        self.failures.append(error)

    def finish(self):
        self.is_finished = True


def run_to_the_end(thread):
    thread.start()
    assert thread.reached.wait(PATIENCE)
    stop_all([thread], timeout=PATIENCE)
    assert not thread.is_alive()


def test_a_thread_goes_on_after_every_kind_of_fault(caplog):
    faults = [
        OperationalError("the database is gone"),
        OSError("too many open files"),
        ZeroDivisionError("a bug"),
    ]
    thread = Counting(*faults)
    run_to_the_end(thread)
    assert thread.failures == faults
    assert thread.is_finished
    said = [(record.levelname, record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert said == [
        ("WARNING", "the count is late: the database is gone", False),
        ("ERROR", "the count is late: too many open files", False),
        ("ERROR", "the count is late", True),
    ]


def test_a_thread_closes_its_connections_after_a_fault_and_at_its_end(monkeypatch):
    closed_by = []
    monkeypatch.setattr(
        ConnectionHandler, "close_all", lambda self: closed_by.append(threading.current_thread())
    )
    thread = Counting(OperationalError("the database is gone"), until=3)
    run_to_the_end(thread)
    assert closed_by == [thread, thread]


def test_a_thread_that_hangs_delays_the_end_by_the_timeout_and_no_more():
    hanging = threading.Event()

    class Hanging(Counting):
        def step(self):
            super().step()
            hanging.wait(PATIENCE)

    hung, other = Hanging(until=1), Counting(until=1)
    for thread in (hung, other):
        thread.start()
        assert thread.reached.wait(PATIENCE)
    stop_all([hung, other], timeout=0.05)
    assert hung.is_alive()
    hanging.set()
    for thread in (hung, other):
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_threads_that_never_started_can_be_stopped():
    stop_all([Counting()], timeout=0)


def test_of_several_jobs_each_is_attempted_and_named_where_it_fails(caplog):
    done = []

    class Jobs(Counting):
        database_fault_level = logging.ERROR

        def step(self):
            self.attempt(self.fail, "mail is late")
            self.attempt(lambda: done.append(True), "reports are late")
            super().step()

        def fail(self):
            raise OperationalError("no route")

    run_to_the_end(Jobs(until=1))
    assert done
    assert (caplog.records[0].levelname, caplog.records[0].getMessage()) == (
        "ERROR",
        "mail is late: no route",
    )


def test_the_end_waits_only_for_threads_that_have_last_work():
    hanging = threading.Event()

    class Listening(Counting):
        has_last_work = False

        def step(self):
            super().step()
            hanging.wait(PATIENCE)

    thread = Listening(until=1)
    thread.start()
    assert thread.reached.wait(PATIENCE)
    stop_all([thread], timeout=PATIENCE)
    assert thread.is_alive()
    hanging.set()
    thread.join(PATIENCE)
