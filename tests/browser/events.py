"""Playwright's events in a test: routes, dialogs, requests."""

from tests.servers import wait_for


def wait_for_events(page, condition, seconds=10):
    """Like `wait_for`: Playwright calls the handlers of events only while the page is asked something."""
    return wait_for(lambda: page.evaluate("true") and condition(), seconds)
