"""The format of text/event-stream, https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import json


def event(name: str, data: dict, identity: str = "") -> bytes:
    """One event. `identity` comes back as Last-Event-ID when the browser reconnects."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))  # no line break in it
    head = f"id: {identity}\n" if identity else ""
    return f"{head}event: {name}\ndata: {text}\n\n".encode()
