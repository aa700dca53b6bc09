"""The most that the server can do: a fixed answer, and a bare Django view behind our WSGI bridge.

FLOOR_FILE is a file with the body of the answer, FLOOR_HEADERS its headers as JSON; FLOOR=bare sets Django up. pages.py
runs it in the same kind of worker as the site.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from greenenergy.serving.wsgi_bridge import WsgiBridge

BODY = Path(os.environ["FLOOR_FILE"]).read_bytes()
HEADERS = [(name.encode(), value.encode()) for name, value in json.loads(os.environ["FLOOR_HEADERS"])]


async def fixed(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="x" * 50,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
urlpatterns = [path("", lambda request: HttpResponse(BODY))]


def make_bare():
    bridge = WsgiBridge(get_wsgi_application(), threads=6, wait_seconds=10, trusted_proxies=(), busy_page=b"")

    async def bare(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            bridge.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await bridge(scope, receive, send)

    return bare


bare = make_bare() if os.environ.get("FLOOR") == "bare" else None
