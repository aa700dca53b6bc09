"""Short error pages, sent without Django."""

from .asgi_types import Headers, Send


async def send_page(
    send: Send, status: int, page: bytes, headers: Headers | None = None, *, close: bool = False
) -> None:
    """Send a page of HTML that no cache stores; `close` ends the connection after it."""
    all_headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        *(headers or ()),
    ]
    if close:
        all_headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": page})


def make_page(title: str, text: str) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    ).encode()
