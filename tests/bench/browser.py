"""A keep-alive HTTP connection over asyncio, for measurements in which workers are killed."""

import asyncio
import random

ATTEMPT_SECONDS = 15


class Cut(Exception):
    """No complete answer: the connection was closed, or the site was busy."""


class Browser:
    """One connection, closed after about `requests` requests, so that each worker gets its share."""

    def __init__(self, site, requests=60):
        self._site, self._requests = site, requests
        self._reader = self._writer = None
        self._left = 0

    async def request(self, method, path, headers):
        """(status, headers with lower-case names, body). Raises Cut."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                if self._left <= 0:
                    await self._connect()
                self._left -= 1
                lines = [f"{method} {path} HTTP/1.1", f"Host: {self._site.host}", *headers, "", ""]
                self._writer.write("\r\n".join(lines).encode())
                answer = await self._read(method)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise Cut from error
        if answer[1].get("connection") == "close":
            self.close()
        if answer[0] == 503:
            raise Cut
        return answer

    async def _connect(self):
        self.close()
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._site.port)
        self._left = random.randrange(self._requests // 2, self._requests + 1) if self._requests > 1 else 1

    async def _read(self, method):
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in head[1:] if row)}
        if method == "HEAD" or status in (204, 304):
            return status, headers, b""
        if "content-length" in headers:
            return status, headers, await self._reader.readexactly(int(headers["content-length"]))
        body = b""
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return status, headers, body

    def close(self):
        if self._writer is not None:
            self._writer.close()
        self._writer, self._left = None, 0
