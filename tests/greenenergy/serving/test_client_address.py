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


@pytest.mark.parametrize(
    ("header", "scheme"),
    [
        ("https,http", "https"),
        (" HTTPS , http", "https"),
        ("http,https", "http"),
        ("https", "https"),
        ("wss", "http"),
        ("", "http"),
    ],
)
def test_of_a_chain_of_proxies_the_clients_own_scheme_counts(header, scheme):
    proxies = TrustedProxies(["127.0.0.1/32"])
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": header}
    proxies.apply(environ)
    assert environ["wsgi.url_scheme"] == scheme
    scope = {"client": ("127.0.0.1", 5), "scheme": "http"}
    assert proxies.scheme_of(scope, {b"x-forwarded-proto": header.encode()}) == scheme


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"])
def test_a_proxy_that_nobody_named_is_one_line_of_the_log(header, caplog):
    for _ in range(3):
        TrustedProxies([]).apply({"REMOTE_ADDR": "10.0.0.9", "wsgi.url_scheme": "http", header: "https"})
    assert len(caplog.records) == 1
    assert caplog.records[0].getMessage().startswith("TRUSTED_PROXIES: 10.0.0.9 sends X-Forwarded-")


def test_a_named_proxy_and_a_direct_visitor_are_no_line_of_the_log(caplog):
    TrustedProxies(["10.0.0.9"]).apply(
        {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "1.2.3.4", "wsgi.url_scheme": "http"}
    )
    TrustedProxies([]).apply({"REMOTE_ADDR": "1.2.3.4", "wsgi.url_scheme": "http"})
    assert not caplog.records
