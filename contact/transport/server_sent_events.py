"""The format of text/event-stream, https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import json
from typing import Any


def event(name: str, data: dict[str, Any], event_id: str = "") -> bytes:
    """One event. The browser sends `event_id` as Last-Event-ID when it reconnects."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))  # no line break in it
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {text}\n\n".encode()
