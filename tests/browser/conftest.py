"""A real Chromium on the real gunicorn. Every page of a test may ask this site only, and must run without a complaint."""

import os
import shutil
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
# What Chromium says of answers that a test asked for.
EXPECTED = ("Failed to load resource: the server responded with a status of",)


@pytest.fixture(scope="package")
def chromium():
    if not CHROMIUM:
        assert os.environ.get("CI") != "true", "Chromium is missing"
        pytest.skip("no chromium on the PATH")
    # Within the package only: Playwright's event loop stays in this thread as long as it runs.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium):
    """open_browser(**options): a page of a new visitor. What went wrong in any of them fails the test."""
    contexts, complaints, hosts = [], [], set()

    def note(message):
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            complaints.append(message.text)

    def make(**options):
        context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **{**DESKTOP, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert hosts - {None} <= {"127.0.0.1"}
    assert complaints == []


@pytest.fixture
def screenshot(request):
    """screenshot(page, name): kept in SCREENSHOTS where that is set; for eyes, not for comparison."""
    folder = os.environ.get("SCREENSHOTS")

    def take(page, name, **options):
        if folder:
            page.screenshot(path=os.path.join(folder, f"{name}.png"), **options)

    return take
