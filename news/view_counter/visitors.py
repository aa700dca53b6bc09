"""Distinguishes visitors without storing who they are: by hashes with a random key, which is deleted after two days."""

import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from django.utils import timezone

from greenenergy.serving.client_address import network_of
from news.models import VisitorKey

SLOT_SECONDS = 1800  # one visitor counts once per article and clock half-hour
AGENT_LENGTH = 500  # bytes of a User-Agent; more would distinguish no more visitors, and fill the memory


class VisitorKeys:
    """The keys of the days, as this process has read them from the database: all machines share one key per day."""

    def __init__(self) -> None:
        self.cached: dict[date, bytes] = {}

    def of(self, day: date) -> bytes:
        """The key of a day in Shanghai, created when it is first needed."""
        key = self.cached.get(day)
        if key is None:
            row, _created = VisitorKey.objects.get_or_create(
                day=day, defaults={"key": secrets.token_bytes(32)}
            )
            key = self.cached[day] = bytes(row.key)
        return key

    def prepare(self) -> None:
        """Create the keys of today and tomorrow in advance, and delete those of the days before yesterday."""
        today = timezone.localdate()
        for day in (today, today + timedelta(days=1)):
            self.of(day)
        oldest = today - timedelta(days=1)
        VisitorKey.objects.filter(day__lt=oldest).delete()
        for day in [day for day in self.cached if day < oldest]:
            del self.cached[day]
            visitor_hashes.cache_clear()  # nothing that was made with a deleted key may stay

    def clear(self) -> None:
        self.cached.clear()


visitor_keys = VisitorKeys()


@lru_cache(64)
def day_of_hour(hour: int) -> date:
    """The day in Shanghai of an hour since 1970: Shanghai's offset is whole hours."""
    return datetime.fromtimestamp(hour * 3600, timezone.get_default_timezone()).date()


@lru_cache(4096)  # visitors often read several pages in a row
def visitor_hashes(key: bytes, ip: str, agent: str) -> bytes:
    """Network and visitor as they stand in a line of a journal: two hashes of 16 hexadecimal digits."""
    network = network_of(ip).encode()
    address = blake2b(network, key=key, digest_size=8).hexdigest()
    visitor = blake2b(network + b"\n" + agent.encode("utf-8", "replace"), key=key, digest_size=8).hexdigest()
    return f"{address} {visitor}".encode()
