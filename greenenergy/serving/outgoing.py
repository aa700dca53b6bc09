"""Requests to addresses that staff typed: never to a machine of the own network, whose answers are not meant for them."""

import ipaddress
import socket
import urllib.request
from http.client import HTTPConnection, HTTPSConnection
from typing import Any

from django.conf import settings


class ForbiddenAddress(OSError):
    """A host that is, or whose name leads to, a loopback or private address which no setting allows."""


def check_host(host: str, port: int) -> None:
    """Raise ForbiddenAddress. A name that cannot be resolved now passes: it is checked again when it is sent to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_rest, address in found:
        _check_ip(str(address[0]))


def opener(*handlers: Any) -> urllib.request.OpenerDirector:
    """urllib's opener for such addresses. It connects to the very address that was checked."""
    return urllib.request.build_opener(_Http, _Https, *handlers)


def _check_ip(text):
    ip = ipaddress.ip_address(text.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    allowed = (ipaddress.ip_network(network) for network in settings.ENVIRONMENT.robot_networks)
    if (not ip.is_global or ip.is_multicast) and not any(ip in network for network in allowed):
        raise ForbiddenAddress(text)


def _connect(address, timeout, source_address=None):
    """As socket.create_connection(), which would resolve the name once more after a check."""
    host, port = address
    error: OSError = OSError(f"{host} has no address")
    for _family, _type, _protocol, _name, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        _check_ip(str(found[0]))
        try:
            return socket.create_connection((str(found[0]), port), timeout, source_address)
        except OSError as failed:
            error = failed
    raise error


class _HttpConnection(HTTPConnection):
    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._create_connection = _connect


class _HttpsConnection(HTTPSConnection):
    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._create_connection = _connect


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: Any) -> Any:
        return self.do_open(_HttpConnection, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: Any) -> Any:
        return self.do_open(_HttpsConnection, req)
