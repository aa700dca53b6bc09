"""Requests for article pages as a site gets them: readers, repeats, crowds, crawlers, prefetches, staff."""

import random
from collections import deque
from ipaddress import ip_network
from typing import NamedTuple

PHONE = "Mozilla/5.0 (Linux; Android 13; V{}) AppleWebKit/537.36 MicroMessenger/8.0 Mobile"
CRAWLERS = (
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
)
PREFETCHES = ("Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Moz: prefetch")
# Percent of the requests.
SHARES = {
    "person": 55, "repeat": 17, "crowd": 2, "conditional": 6,
    "crawler": 8, "HEAD": 4, "prefetch": 4, "staff": 2, "missing": 2,
}  # fmt: skip
COUNTED = {"person", "repeat", "crowd", "conditional"}
CROWD_IP = "198.51.100.7"


class Request(NamedTuple):
    kind: str  # a key of SHARES
    article: int
    network: str  # an IPv4 address, or the first 64 bits of an IPv6 one
    agent: str

    def headers(self, session, etag) -> list[str]:
        """Its headers; the session's key goes with requests of staff, the ETag with half of the conditional ones."""
        headers = [f"X-Forwarded-For: {_forwarded_for(self.network)}", f"User-Agent: {self.agent}"]
        if random.random() < 0.95:  # the number is read in the others, which come uncompressed
            headers.append("Accept-Encoding: gzip")
        if self.kind == "conditional":
            headers.append(f"If-None-Match: {etag if random.random() < 0.5 else '*'}")
        elif self.kind == "prefetch":
            headers.append(random.choice(PREFETCHES))
        elif self.kind == "staff":
            headers.append(f"Cookie: sessionid={session}")
        return headers


class Plan:
    """An endless sequence of requests; the same seed makes the same ones."""

    def __init__(self, articles, draft, seed=7):
        self._random = random.Random(seed)
        self._articles, self._draft = articles, draft
        self._weights = [1 / (rank + 1) for rank in range(len(articles))]
        self._people = deque(maxlen=4000)
        self._networks = 0

    def next(self):
        kind = self._random.choices(list(SHARES), SHARES.values())[0]
        article = self._random.choices(self._articles, self._weights)[0]
        if kind == "repeat" and self._people:
            return self._random.choice(self._people)._replace(kind="repeat")
        if kind == "crawler":
            return Request(kind, article, self._new_network(), self._random.choice(CRAWLERS))
        if kind == "missing":
            article = self._random.choice([self._draft, self._draft + 1000])
        if kind == "crowd":
            return Request(kind, article, CROWD_IP, PHONE.format(self._random.randrange(500)))
        person = self.person(article, kind)
        if kind == "person":
            self._people.append(person)
        return person

    def person(self, article, kind="person"):
        """Somebody new; one in ten shares the network of the person before, with another telephone."""
        if self._people and self._random.random() < 0.1:
            network = self._people[-1].network
        else:
            network = self._new_network()
        return Request(kind, article, network, PHONE.format(1000 + self._random.randrange(1_000_000)))

    def _new_network(self):
        self._networks += 1
        number = self._networks
        if number % 5 == 0:
            return f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::/64"
        return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def _forwarded_for(network):
    """The header as a proxy sends it: entries that the client has invented come first."""
    ip = network
    if ":" in network:  # IPv6 privacy extensions: a new address of the same network each time
        ip = str(ip_network(network)[random.getrandbits(63) + 1])
    return f"203.0.113.{random.randrange(256)}, {ip}" if random.random() < 0.2 else ip
