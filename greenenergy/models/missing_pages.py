"""Paths that visitors requested and that do not exist, for staff to redirect."""

import threading
import time
from collections import deque
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField

from .links import MAX_LENGTH

MAX_ROWS = 2000


class WritesPerMinute:
    """Lets at most `limit` writes through in a minute of this process: a scanner's thousand guesses cost 60 writes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._written_at: deque[float] = deque()

    def allow(self) -> bool:
        """Whether one more may be written now; it counts as written."""
        now = time.monotonic()
        with self._lock:
            while self._written_at and now - self._written_at[0] >= 60:
                self._written_at.popleft()
            if len(self._written_at) >= self.limit:
                return False
            self._written_at.append(now)
            return True

    def reset(self) -> None:
        self._written_at.clear()


writes = WritesPerMinute(60)


class MissingPageQuerySet(models.QuerySet):
    def record(self, path: str) -> None:
        """Count one visit. Beyond MAX_ROWS the least visited, oldest tenth is deleted."""
        if not writes.allow():
            return
        path, now = path[:MAX_LENGTH], timezone.now()
        if self.filter(path=path).update(visits=F("visits") + 1, last_visited_at=now):
            return
        self.bulk_create([self.model(path=path, visits=1, last_visited_at=now)], ignore_conflicts=True)
        if self.count() > MAX_ROWS:
            rare = self.order_by("visits", "last_visited_at").values_list("pk", flat=True)
            self.filter(pk__in=list(rare[: MAX_ROWS // 10])).delete()

    def found(self, path: str) -> None:
        """Forget a path that has a redirect now; one without a query also with every query."""
        with_queries = Q() if "?" in path else Q(path__startswith=f"{path}?")
        self.filter(Q(path=path) | with_queries).delete()


class MissingPage(models.Model):
    """A path that does not exist: how often it was requested, and when last. Not by whom."""

    path = CharField(_("网址"), max_length=MAX_LENGTH, unique=True)
    visits = models.PositiveIntegerField(_("次数"), default=0)
    last_visited_at = models.DateTimeField(_("最近一次"))

    objects = MissingPageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("找不到的网址")
        ordering = ["-visits", "-last_visited_at"]

    def __str__(self):
        return self.path


def erase_phone_number(sender: Any, digits: str, **kwargs: Any) -> dict[str, int]:
    """Receiver of personal_data_erased: delete the paths that contain the number."""
    return {"missing pages": MissingPage.objects.filter(path__contains=digits).delete()[0]}
