"""The WSGI environ of an ASGI request, whose body has been read: https://peps.python.org/pep-3333/#environ-variables"""

import sys
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from .asgi_types import Scope
from .wsgi_answer import FileWrapper


def make_environ(scope: Scope, body: IO[bytes], body_size: int) -> dict[str, Any]:
    """The values of a repeated header are joined. A chunked body gets a CONTENT_LENGTH, too."""
    path = scope.get("raw_path") or scope["path"].encode()
    host, port = (scope.get("server") or ("localhost", 0))[:2]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope["headers"]:
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key in environ:
            text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = (
        str(body_size) if body_size or scope["method"] in ("POST", "PUT", "PATCH") else ""
    )
    return environ
