"""The pool of threads: one works as long as the queue moves, others join when it is stalled."""

import threading
import time
from concurrent.futures import Future

import pytest

from greenenergy.serving import request_threads
from greenenergy.serving.request_threads import STALLED_AFTER_SECONDS, Job, QueueFull, RequestThreads
from tests.servers import wait_for


@pytest.fixture
def pool():
    pool = RequestThreads(3, queue_limit=10)
    pool.start()
    wait_for(lambda: pool.idle == 3)
    yield pool
    pool.stop()
    wait_for(lambda: not [t for t in threading.enumerate() if t.name.startswith("request-")])


def submit(pool, work) -> Future:
    """Its result is the name of the thread that did the work."""
    done = Future()

    def run():
        work()
        done.set_result(threading.current_thread().name)

    pool.submit(Job(run))
    return done


def slow_query():
    """Lets other threads run for 2 ms, which is less than a stalled queue needs to wake one of them."""
    threading.Event().wait(STALLED_AFTER_SECONDS / 10)


def fill_queue(pool, work) -> int:
    """How many jobs are accepted until the queue is full."""
    for accepted in range(100):
        try:
            submit(pool, work)
        except QueueFull:
            return accepted
    raise AssertionError("the queue has no end")


def let_others_join(pool, until, seconds=2):
    """What the event loop does while requests wait."""
    wait_for(lambda: until() or (not pool.let_another_join() and until()), seconds)


def test_one_thread_works_through_a_queue_that_moves(pool, monkeypatch):
    monkeypatch.setattr(request_threads, "STALLED_AFTER_SECONDS", 5)  # longer than any job, on any machine
    names = set()
    for _ in range(3):
        jobs = [submit(pool, slow_query) for _ in range(8)]
        let_others_join(pool, lambda: all(job.done() for job in jobs))  # noqa: B023
        names |= {job.result() for job in jobs}
        wait_for(lambda: pool.idle == 3)
    assert len(names) == 1


def test_another_thread_joins_where_one_hangs(pool):
    hang = threading.Event()
    stuck = [submit(pool, hang.wait) for _ in range(2)]
    begin = time.monotonic()
    quick = [submit(pool, lambda: None) for _ in range(8)]
    let_others_join(pool, lambda: all(job.done() for job in quick))
    assert time.monotonic() - begin < 0.5
    assert len({job.result() for job in quick}) == 1
    assert not any(job.done() for job in stuck)
    assert fill_queue(pool, hang.wait) == 10
    hang.set()
    assert len({job.result(5) for job in stuck}) == 2


def test_a_job_that_no_thread_has_taken_can_be_taken_back(pool):
    hang = threading.Event()
    stuck = [submit(pool, hang.wait) for _ in range(3)]
    let_others_join(pool, lambda: pool.working == 3)
    waiting = Job(lambda: None)
    assert pool.submit(waiting) is False
    assert pool.take_back(waiting) is True
    assert pool.take_back(waiting) is False
    hang.set()
    assert all(job.result(5) for job in stuck)


def test_queued_jobs_are_done_before_the_threads_end(pool):
    hang = threading.Event()
    jobs = [submit(pool, hang.wait) for _ in range(5)]
    pool.stop()
    hang.set()
    assert all(job.result(5) for job in jobs)
