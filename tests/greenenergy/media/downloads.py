"""What a browser downloads from /media/."""

CONTENT = bytes(range(256)) * 40  # 10,240 bytes


def download(client, name="pictures/a.jpg", **headers):
    """The response, its content in `body`. Headers are given as if_range="…"."""
    response = client.get(f"/media/{name}", headers={k.replace("_", "-"): v for k, v in headers.items()})
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response
