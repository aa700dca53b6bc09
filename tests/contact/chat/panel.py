"""What the visitor's panel sends, for Django's test client."""

import json
import uuid

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


def post(client, path, data=None, **headers):
    return client.post(
        f"/contact/chat/{path}/", json.dumps(data or {}), "application/json", **{**ORIGIN, **headers}
    )


def start(client, token="t" * 40, **data):
    return post(client, "start", {"token": token, "consent": 1, **data})


def send(client, text="您好", client_id=None, **data):
    return post(client, "messages", {"id": str(client_id or uuid.uuid4()), "text": text, **data})


def send_file(client, upload):
    return client.post("/contact/chat/messages/", {"id": str(uuid.uuid4()), "file": upload}, **ORIGIN)
