"""Rate limits that hold across processes, machines and restarts: stored in the database."""

import hashlib
import hmac
import time

from django.conf import settings
from django.db import models, transaction

from greenenergy.text.fields import CharField


class LimitReached(Exception):
    """Too many uses in too short a time; `retry_after` is the number of seconds until the next is allowed."""

    def __init__(self, retry_after: int):
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class RateLimitQuerySet(models.QuerySet):
    def spend(self, kind: str, subject: str, *, limit: int, seconds: int) -> None:
        """Record one use by `subject`, where `limit` are allowed in any `seconds`; or raise LimitReached.

        The subject is stored as a keyed hash. A transaction that is rolled back takes the record back.
        """
        now = time.time()
        with transaction.atomic():
            row, _created = self.select_for_update().get_or_create(
                kind=kind, subject=_keyed_hash(kind, subject)
            )
            used = [moment for moment in row.moments if moment > now - seconds]
            if len(used) >= limit:
                raise LimitReached(max(1, int(used[-limit] + seconds - now) + 1))
            row.moments, row.expires_at = [*used, now][-limit:], int(now + seconds) + 1
            row.save(update_fields=["moments", "expires_at"])

    def give_back(self, kind: str, subject: str) -> None:
        """Take the newest record back: what was counted has turned out to be no abuse."""
        with transaction.atomic():
            row = self.select_for_update().filter(kind=kind, subject=_keyed_hash(kind, subject)).first()
            if row and row.moments:
                row.moments = row.moments[:-1]
                row.save(update_fields=["moments"])

    def forget_expired(self) -> int:
        """Delete the rows whose window has passed, and return their number."""
        return self.filter(expires_at__lt=time.time()).delete()[0]


class RateLimit(models.Model):
    """When one subject did one kind of thing, within the window of the limit."""

    kind = CharField(max_length=20)
    subject = CharField(max_length=32)
    moments = models.JSONField(default=list)  # seconds since 1970, the oldest first
    expires_at = models.PositiveBigIntegerField(default=0, db_index=True)

    objects = RateLimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_row_per_kind_and_subject")
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"


def _keyed_hash(kind, subject):
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}\0{subject}".encode(), hashlib.sha256).hexdigest()[
        :32
    ]
