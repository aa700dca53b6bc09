"""An object store for MEDIA_STORAGE_URL."""

import http.client
import re
import secrets
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from .ports import free_port
from .waiting import wait_for


class ObjectStore:
    """moto, which speaks like S3, on a free port; `log` holds a line for each request that it answered."""

    def __init__(self, folder: Path):
        self.port, self.log = free_port(), folder / "moto.log"
        self.endpoint = f"http://127.0.0.1:{self.port}"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-p", str(self.port)], stdout=log, stderr=log
            )
        wait_for(lambda: self.ask("GET", "/moto-api/").status == 200, 20, self.log.read_text)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            return connection.getresponse()
        except OSError as error:
            return SimpleNamespace(status=None, error=error)
        finally:
            connection.close()

    def make_bucket(self) -> str:
        """MEDIA_STORAGE_URL of a new, empty bucket."""
        name = f"site-{secrets.token_hex(6)}"
        assert self.ask("PUT", f"/{name}").status == 200
        return f"s3://key:S3cret-pw@{name}?endpoint={self.endpoint}"

    def requests(self) -> list[str]:
        """Method, path and status of each request so far, but for those to moto's own API."""
        found = re.findall(
            r'"(?:\x1b\[\d+m)*([A-Z]+ \S+) HTTP/1\.1(?:\x1b\[0m)?" (\d+)', self.log.read_text()
        )
        return [f"{request} {status}" for request, status in found if "moto-api" not in request]


@pytest.fixture(scope="session")
def object_store(tmp_path_factory):
    store = ObjectStore(tmp_path_factory.mktemp("object-store"))
    yield store
    store.process.kill()
    store.process.wait()
