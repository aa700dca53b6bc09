"""The client's IP address: X-Forwarded-* is believed only from a trusted proxy."""

from ipaddress import ip_network

import pytest

from greenenergy.serving.client_address import TrustedProxies, client_ip

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("127.0.0.1"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),  # not a proxy: it may claim anything
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the left one was made up
        ("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),  # two proxies
        ("127.0.0.1", "10.2.2.2, 10.1.1.1", "10.2.2.2"),  # a client of our own network
        ("127.0.0.1", "1.2.3.4, rubbish", "127.0.0.1"),
        ("127.0.0.1", "rubbish, 1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        ("127.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("fd00::1", "1.2.3.4", "1.2.3.4"),
        ("", "1.2.3.4", ""),  # a unix socket
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_trusted_proxy(peer, forwarded, client):
    assert client_ip(peer, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    ("peer", "ip", "scheme"), [("127.0.0.1", "1.2.3.4", "https"), ("203.0.113.9", "203.0.113.9", "http")]
)
def test_the_scheme_is_the_trusted_proxys_and_no_forwarded_header_is_left(peer, ip, scheme):
    environ = {
        "REMOTE_ADDR": peer,
        "wsgi.url_scheme": "http",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.example",
    }
    TrustedProxies(["127.0.0.1/32"]).apply(environ)
    assert environ == {"REMOTE_ADDR": ip, "wsgi.url_scheme": scheme}
