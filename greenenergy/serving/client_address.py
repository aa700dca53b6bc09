"""Who asks: the client's address behind trusted proxies, found once, from right to left."""

from ipaddress import IPv6Address, ip_address, ip_network


def client_address(peer: str, forwarded_for: str, trusted) -> str:
    """The address of the client of a connection from `peer`.

    `trusted` are networks. Only a trusted peer's X-Forwarded-For is read, from right to left: each
    proxy has put the address that it saw itself at the right end, so the first one that is not
    trusted is the client, and whatever stands left of it the client may have made up. An entry that
    is no address ends the walk at the last good one.
    """
    address = peer
    for entry in reversed(forwarded_for.split(",") if forwarded_for else []):
        if not _is_trusted(address, trusted):
            break
        candidate = _without_port(entry.strip())
        try:
            ip_address(candidate)
        except ValueError:
            break
        address = candidate
    return address


def _is_trusted(address, trusted):
    try:
        ip = ip_address(address)
    except ValueError:
        return False  # a unix socket's peer has no address; nobody can list it
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in trusted)


def _without_port(entry):
    if entry.startswith("["):  # [2001:db8::1]:443
        return entry[1:].partition("]")[0]
    if entry.count(":") == 1:  # 203.0.113.7:443
        return entry.partition(":")[0]
    return entry


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address; of IPv6 the first 64 bits, which one household or phone owns."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
    return str(ip)


class TrustedProxies:
    """Puts the client's address and scheme into a WSGI environ, and takes all X-Forwarded-* out of it."""

    def __init__(self, networks):
        self._networks = [ip_network(network) for network in networks]

    def apply(self, environ: dict) -> None:
        forwarded = {key: environ.pop(key) for key in list(environ) if key.startswith("HTTP_X_FORWARDED_")}
        peer = environ.get("REMOTE_ADDR", "")
        if forwarded and _is_trusted(peer, self._networks):
            environ["REMOTE_ADDR"] = client_address(
                peer, forwarded.get("HTTP_X_FORWARDED_FOR", ""), self._networks
            )
            scheme = forwarded.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme

    def scheme_of(self, scope, headers: dict) -> str:
        """The scheme that the client of an ASGI scope used. `headers` by name, in bytes."""
        if headers.get(b"x-forwarded-proto") and _is_trusted(_peer(scope), self._networks):
            scheme = headers[b"x-forwarded-proto"].decode("latin-1").strip().lower()
            if scheme in ("http", "https"):
                return scheme
        return scope["scheme"]

    def ip_of(self, scope, headers: dict) -> str:
        """The client's address of an ASGI scope."""
        peer, forwarded_for = _peer(scope), headers.get(b"x-forwarded-for")
        if forwarded_for and _is_trusted(peer, self._networks):
            return client_address(peer, forwarded_for.decode("latin-1"), self._networks)
        return peer


def _peer(scope):
    return scope["client"][0] if scope.get("client") else ""
