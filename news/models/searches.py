"""What visitors search for: texts and counts, nothing about the visitor."""

import re

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField

MAX_ROWS = 5000
# A phone number, an identity card number, an e-mail address: typed by mistake, and not to be stored.
_PERSONAL = re.compile(r"[0-9]{7,}|@")


class SearchedWordQuerySet(models.QuerySet):
    def record(self, text: str, found: int) -> None:
        """Count one search. Beyond MAX_ROWS different texts, the oldest of the rare ones are deleted."""
        text = text.lower()
        if _PERSONAL.search(re.sub(r"[\s-]", "", text)):
            return
        now = timezone.now()
        counted = self.filter(text=text).update(searches=F("searches") + 1, found=found, last_searched_at=now)
        if counted:
            return
        row = self.model(text=text, searches=1, found=found, last_searched_at=now)
        self.bulk_create([row], ignore_conflicts=True)  # a concurrent search may have stored the same text
        if self.count() > MAX_ROWS:
            rare = self.order_by("searches", "last_searched_at").values_list("pk", flat=True)
            self.filter(pk__in=list(rare[: MAX_ROWS // 10])).delete()


class SearchedWord(models.Model):
    """One text that was searched for, how often, and how many articles the last search found."""

    text = CharField(_("搜索的词"), max_length=50, unique=True)
    searches = models.PositiveIntegerField(_("次数"), default=0)
    found = models.PositiveIntegerField(_("最近一次找到的篇数"), default=0)
    last_searched_at = models.DateTimeField(_("最近一次"))

    objects = SearchedWordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("访客搜索的词")
        ordering = ["-searches", "-last_searched_at"]

    def __str__(self):
        return self.text


def erase_phone_number(sender, digits, **kwargs):
    """Receiver of personal_data_erased: delete the texts that contain the number; record() skips most of them."""
    return {"searches": SearchedWord.objects.filter(text__contains=digits).delete()[0]}
