"""Waiting in tests: for a condition, never for a number of seconds."""

import time


def wait_for(condition, seconds=10, explain=lambda: "", pause=0.05):
    """Call the condition until its result is true, every `pause` seconds; returns the result."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {explain()}")


def wait_until(moment):
    """Return within milliseconds after this time (of `time.time()`): for what happens by the clock."""
    wait_for(lambda: time.time() >= moment, moment - time.time() + 1, pause=0.002)


def stays(condition, seconds, explain=lambda: ""):
    """Look every 50 ms that the condition holds all that time: for what must not happen, now or a little later."""
    deadline = time.monotonic() + seconds

    def is_over():
        assert condition(), explain()
        return time.monotonic() >= deadline

    wait_for(is_over, seconds + 10)
