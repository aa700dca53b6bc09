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
