"""How work is gathered for the reader."""

import threading
import time

from contact.transport.work_queue import WorkQueue


def test_the_same_knock_twice_is_read_once():
    work = WorkQueue()
    for conversation, visitor in ((7, 3), (8, 4), (7, 3)):
        work.put_due(conversation, visitor)
    assert work.gather(1, 0).due == {(7, 3), (8, 4)}


def test_nothing_is_found_after_the_given_time():
    found = WorkQueue().gather(0.01, 0)
    assert (found.due, found.admissions) == (set(), [])


def test_a_stop_wakes_the_reader_at_once():
    work, found = WorkQueue(), []
    reader = threading.Thread(target=lambda: found.append(work.gather(60, 0)))
    reader.start()
    work.wake()
    reader.join(10)
    assert len(found) == 1


def test_knocks_of_a_busy_moment_wait_to_be_read_together():
    work = WorkQueue()
    work.put_due(7, 3)
    start = time.monotonic()
    work.gather(1, not_before=start + 0.05)
    assert time.monotonic() - start >= 0.05
