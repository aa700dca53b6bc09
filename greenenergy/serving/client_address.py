"""The client's IP address and scheme behind trusted proxies."""

import logging
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from .asgi_types import Scope
from .server_warnings import warn_once

logger = logging.getLogger(__name__)

Networks = Sequence[IPv4Network | IPv6Network]


def client_ip(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """The IP address of the client of a connection from `peer`.

    Only a trusted peer's X-Forwarded-For is read, from right to left: each proxy appends the IP
    address that it saw itself, so the first one that is not trusted is the client's, and the client
    may have made up everything to the left of it. An entry that is no IP address ends the search at
    the last good one.
    """
    ip = peer
    for entry in reversed(forwarded_for.split(",") if forwarded_for else []):
        if not _is_trusted(ip, trusted):
            break
        candidate = _without_port(entry.strip())
        try:
            ip_address(candidate)
        except ValueError:
            break
        ip = candidate
    return ip


def _is_trusted(text, trusted):
    try:
        ip = ip_address(text)
    except ValueError:
        return False  # the peer of a unix socket has no IP address, and nobody can list it
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in trusted)


def _without_port(entry):
    if entry.startswith("["):  # [2001:db8::1]:443
        return entry[1:].partition("]")[0]
    if entry.count(":") == 1:  # 203.0.113.7:443
        return entry.partition(":")[0]
    return entry


def network_of(ip: str) -> str:
    """What limits count as one client: an IPv4 address; the first 64 bits of IPv6, which one household or phone owns."""
    try:
        parsed = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


class TrustedProxies:
    """The networks of TRUSTED_PROXIES, whose X-Forwarded-For and X-Forwarded-Proto are believed."""

    def __init__(self, networks: Iterable[str]):
        self._networks = [ip_network(network) for network in networks]

    def apply(self, environ: dict[str, Any]) -> None:
        """Put the client's IP address and scheme into a WSGI environ, and take all X-Forwarded-* out of it."""
        forwarded = {key: environ.pop(key) for key in list(environ) if key.startswith("HTTP_X_FORWARDED_")}
        peer = environ.get("REMOTE_ADDR", "")
        if forwarded and _is_trusted(peer, self._networks):
            environ["REMOTE_ADDR"] = client_ip(
                peer, forwarded.get("HTTP_X_FORWARDED_FOR", ""), self._networks
            )
            scheme = _scheme(forwarded.get("HTTP_X_FORWARDED_PROTO", ""))
            environ["wsgi.url_scheme"] = scheme or environ["wsgi.url_scheme"]
        elif "HTTP_X_FORWARDED_FOR" in forwarded or "HTTP_X_FORWARDED_PROTO" in forwarded:
            _warn_of_untrusted(peer)

    def scheme_of(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """The scheme that the client of an ASGI request used."""
        if headers.get(b"x-forwarded-proto") and _is_trusted(_peer(scope), self._networks):
            scheme = _scheme(headers[b"x-forwarded-proto"].decode("latin-1"))
            return scheme or scope["scheme"]
        return scope["scheme"]

    def ip_of(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """The IP address of the client of an ASGI request."""
        peer, forwarded_for = _peer(scope), headers.get(b"x-forwarded-for")
        if forwarded_for and _is_trusted(peer, self._networks):
            return client_ip(peer, forwarded_for.decode("latin-1"), self._networks)
        return peer


def _scheme(forwarded_proto):
    """The client's own scheme; empty where the header holds none. A chain of proxies writes `https,http`."""
    scheme = forwarded_proto.partition(",")[0].strip().lower()
    return scheme if scheme in ("http", "https") else ""


def _warn_of_untrusted(peer):
    warn_once(
        "proxy",
        logger,
        "TRUSTED_PROXIES: %s sends X-Forwarded-… headers, and is not believed: behind a proxy all visitors count as "
        "one, and with an https SITE_URL every page redirects to itself. If it is your proxy, name it there.",
        peer or "a unix socket",
    )


def _peer(scope):
    return scope["client"][0] if scope.get("client") else ""
