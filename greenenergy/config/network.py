"""The settings about hosts and networks: the site's public URLs, where gunicorn listens, which proxies are trusted."""

import ipaddress
from urllib.parse import urlsplit

from .values import SettingError, Variables, is_host, is_ip, short


def read_site_urls(env: Variables, port: int) -> tuple[str, ...]:
    """The canonical URL first, in lower case and without a slash at the end."""
    text = env.get("SITE_URL", "").strip()
    if not text:
        return (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    urls = [_checked_url(part.strip().rstrip("/")) for part in text.split(",")]
    if len({urlsplit(url).scheme for url in urls}) > 1:
        raise SettingError("SITE_URL", "http and https are mixed.", "Use https for all of them.")
    return tuple(urls)


def _checked_url(url):
    remedy = "Use for example https://www.example.com, several separated by commas."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingError("SITE_URL", f"'{short(url)}' is not an address.", remedy) from None
    if parts.username or parts.password:
        raise SettingError("SITE_URL", "an address holds a user name or password.", remedy)
    if parts.scheme not in ("http", "https") or not host or not is_host(host):
        raise SettingError("SITE_URL", f"'{short(url)}' is not an address.", remedy)
    if parts.path or parts.query or parts.fragment:
        raise SettingError("SITE_URL", f"'{short(url)}' has more than scheme and host.", remedy)
    default_port = {"http": ":80", "https": ":443"}[parts.scheme]
    return url.lower().removesuffix(default_port)  # browsers leave it out, in Origin as well


def read_bind(env: Variables) -> str:
    text = env.get("BIND", "").strip() or "127.0.0.1"
    if text != "localhost" and not is_ip(text):
        raise SettingError(
            "BIND",
            f"'{short(text)}' is not an address of this machine.",
            "Use 127.0.0.1, or 0.0.0.0 for all.",
        )
    return text


def read_robot_networks(env: Variables) -> tuple[str, ...]:
    """Networks; a single IP address becomes a network of one address."""
    return tuple(str(network) for _text, network in _networks(env, "ROBOT_NETWORKS"))


def _networks(env, name):
    """(as written, network) for each of a setting."""
    for part in env.get(name, "").split(","):
        text = part.strip()
        if not text:
            continue
        try:
            yield text, ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise SettingError(
                name, f"'{short(text)}' is not an address.", "Use for example 127.0.0.1,10.0.0.0/8."
            ) from None


def read_trusted_proxies(env: Variables) -> tuple[str, ...]:
    """Networks; a single IP address becomes a network of one address."""
    proxies = []
    for text, network in _networks(env, "TRUSTED_PROXIES"):
        if network.prefixlen < (8 if network.version == 4 else 16) and not network.is_private:
            raise SettingError(
                "TRUSTED_PROXIES",
                f"'{short(text)}' is half the world, and anybody could claim any address.",
                "Name your proxies, for example 127.0.0.1,10.0.0.0/8.",
            )
        proxies.append(str(network))
    return tuple(proxies)
