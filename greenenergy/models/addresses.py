"""Addresses that were: where they lead now, and what visitors looked for in vain."""

import re
import time
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 500
MAX_MISSING = 2000
RECORDS_PER_MINUTE = 60  # of one process: a scanner's thousand guesses are not a thousand writes

_is_url = URLValidator(schemes=["http", "https"])


def is_safe_link(address: str) -> bool:
    """An address of this site (/…), a place on the page (#…), a web address, tel: or mailto:."""
    if address.startswith(("/", "#")):
        return not re.match(r"/[\\/]", address) and not re.search(r"[\x00-\x20\\]", address)
    if re.match(r"(tel|mailto):[^\s]+$", address):
        return True
    try:
        _is_url(address)
    except ValidationError:
        return False
    return True


def old_path(address: str) -> str:
    """How an address of this site is kept: decoded, without scheme, host and fragment; the query stays."""
    parts = urlsplit(address.strip())
    path = unquote(parts.path) or "/"
    return (path + (f"?{parts.query}" if parts.query else "")).replace("\x00", "")[:MAX_LENGTH]


class RedirectQuerySet(models.QuerySet):
    def moved(self, old: str, new: str) -> None:
        """`old` leads to `new` from now on, and so does whatever led to `old`. `new` itself is alive."""
        if old == new:
            return
        path = old_path(old)
        with transaction.atomic():
            self.filter(old_path=old_path(new)).delete()
            self.filter(target__in={old, path}).update(target=new)
            self.update_or_create(old_path=path, defaults={"target": new, "is_automatic": True})

    def learn(self, old: str, new: str) -> bool:
        """An old site's address, with or without its host, leads to `new`; False where it is known already."""
        path = old_path(old)
        if path == "/" or path == old_path(new) or not path.startswith("/"):
            return False
        return self.get_or_create(old_path=path, defaults={"target": new, "is_automatic": True})[1]

    def gone(self, old: str) -> None:
        """Nothing stands at `old` any more, and nothing will: 410."""
        path = old_path(old)
        self.filter(target__in={old, path}).update(target="")
        self.update_or_create(old_path=path, defaults={"target": "", "is_automatic": True})

    def find(self, path: str, query: str) -> "Redirect | None":
        """What is known of an address, with its query or without; a section's feed follows its section."""
        whole = f"{path}?{query}" if query else path
        asked = {whole[:MAX_LENGTH], path[:MAX_LENGTH], path.removesuffix("feed/")[:MAX_LENGTH]}
        known = {row.old_path: row for row in self.filter(old_path__in=asked)}
        row = known.get(whole) or known.get(path)
        if row is None and path.endswith("/feed/"):
            section = known.get(path.removesuffix("feed/"))
            if section and section.target.startswith("/") and section.target.endswith("/"):
                return self.model(old_path=path, target=f"{section.target}feed/")
        return row


class Redirect(models.Model):
    """One old address: it leads to `target` (301), or is gone where there is none (410)."""

    old_path = models.CharField(
        _("旧网址"), max_length=MAX_LENGTH, unique=True,
        help_text=_("本站的旧地址，以 / 开头，例如 /about.html 或 /show.php?id=12；粘贴整个网址也可以。"),
    )  # fmt: skip
    target = models.CharField(
        _("跳转到"), max_length=MAX_LENGTH, blank=True,
        help_text=_("以 / 开头的本站地址，或 https:// 开头的外站地址。留空表示页面已经删除，不会再有（410）。"),
    )  # fmt: skip
    is_automatic = models.BooleanField(_("自动记录"), default=False, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("旧网址")
        ordering = ["-id"]

    def __str__(self):
        return self.old_path

    def save(self, *args, **kwargs):
        self.old_path = old_path(self.old_path)
        super().save(*args, **kwargs)
        MissingPage.objects.filter(path=self.old_path).delete()

    def clean(self):
        self.old_path = old_path(self.old_path)
        if not self.target:
            return
        if not is_safe_link(self.target) or not self.target.startswith(("/", "http")):
            raise ValidationError(
                {"target": gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。")}
            )
        seen, place = {self.old_path}, self.target
        while place.startswith("/"):
            place = old_path(place)
            if place in seen:
                raise ValidationError(
                    {"target": gettext("这样会绕圈子：“%(path)s” 又会跳回来。") % {"path": place}}
                )
            seen.add(place)
            following = Redirect.objects.filter(old_path=place).exclude(pk=self.pk).first()
            place = following.target if following else ""


_recorded_at: list[float] = []  # of this process, within the last minute


class MissingPageQuerySet(models.QuerySet):
    def record(self, path: str) -> None:
        """Count one visit in vain; beyond 2,000 addresses the oldest of the rare ones make room."""
        moment = time.monotonic()
        _recorded_at[:] = [at for at in _recorded_at if moment - at < 60]
        if len(_recorded_at) >= RECORDS_PER_MINUTE:
            return
        _recorded_at.append(moment)
        path, now = path[:MAX_LENGTH], timezone.now()
        if self.filter(path=path).update(visits=F("visits") + 1, last_visited_at=now):
            return
        self.bulk_create([self.model(path=path, visits=1, last_visited_at=now)], ignore_conflicts=True)
        if self.count() > MAX_MISSING:
            rare = self.order_by("visits", "last_visited_at").values_list("pk", flat=True)
            self.filter(pk__in=list(rare[: MAX_MISSING // 10])).delete()


class MissingPage(models.Model):
    """An address that visitors asked for and that is not there: how often, and when last. Not who."""

    path = models.CharField(_("网址"), max_length=MAX_LENGTH, unique=True)
    visits = models.PositiveIntegerField(_("次数"), default=0)
    last_visited_at = models.DateTimeField(_("最近一次"))

    objects = MissingPageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("找不到的网址")
        ordering = ["-visits", "-last_visited_at"]

    def __str__(self):
        return self.path


def forget_number(sender, digits, **kwargs):
    """A person is to be forgotten: addresses asked for in vain that hold their phone number."""
    return {"missing pages": MissingPage.objects.filter(path__contains=digits).delete()[0]}
