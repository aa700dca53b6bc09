"""留言: what a visitor leaves for later, and how staff deal with it."""

import re
import secrets
import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField, TextField

_RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which are easily confused


def new_receipt() -> str:
    return f"{timezone.localdate():%m%d}-" + "".join(secrets.choice(_RECEIPT_LETTERS) for _ in range(6))


def plain_phone(text: str) -> str:
    """A phone number as plain digits, with a leading + where it has one; blanks and dashes are dropped."""
    text = unicodedata.normalize("NFKC", text).strip()
    return ("+" if text.startswith("+") else "") + re.sub(r"[^0-9]", "", text)


class EnquiryQuerySet(models.QuerySet):
    def unanswered(self) -> "EnquiryQuerySet":
        return self.filter(status__in=[Enquiry.Status.NEW, Enquiry.Status.IN_HAND])


class Enquiry(models.Model):
    """One filled-in message form."""

    class Status(models.TextChoices):
        NEW = "new", _("新留言")
        IN_HAND = "in_hand", _("处理中")
        ANSWERED = "answered", _("已回复")
        SPAM = "spam", _("垃圾")

    receipt = CharField(_("回执号"), max_length=12, unique=True, default=new_receipt, editable=False)
    client_id = models.UUIDField(null=True, unique=True, editable=False)
    name = CharField(_("称呼"), max_length=30)
    phone = CharField(_("电话"), max_length=60, blank=True, db_index=True)
    wechat = CharField(_("微信号"), max_length=40, blank=True)
    company = CharField(_("单位"), max_length=80, blank=True)
    topic = CharField(_("事由"), max_length=40, blank=True)
    text = TextField(_("内容"), max_length=2000)
    page_url = CharField(_("来自页面"), max_length=500, blank=True)
    page_title = CharField(_("页面标题"), max_length=200, blank=True)
    conversation = models.ForeignKey(
        "Conversation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("会话"),
    )
    consent_text = CharField(_("同意的隐私提示"), max_length=300)
    consent_version = models.PositiveIntegerField(_("隐私提示的版本"))
    created_at = models.DateTimeField(_("留言于"), default=timezone.now, db_index=True)

    status = CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="enquiries",
        verbose_name=_("负责人"),
    )  # fmt: skip
    done_at = models.DateTimeField(_("处理完于"), null=True, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("留言")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(wechat=""), name="enquiries_say_how_to_answer")
        ]

    def __str__(self):
        return f"{self.receipt} {self.name}"

    def save(self, *args, **kwargs):
        is_done = self.status in (self.Status.ANSWERED, self.Status.SPAM)
        self.done_at = (self.done_at or timezone.now()) if is_done else None
        super().save(*args, **kwargs)


class EnquiryNote(models.Model):
    """处理记录: what was done about an enquiry, by whom and when."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    author_name = CharField(_("记录人"), max_length=60, editable=False)
    text = TextField(_("备注"), max_length=1000)
    created_at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("处理记录")
        ordering = ["id"]

    def __str__(self):
        return f"{self.author_name} {self.created_at:%Y-%m-%d %H:%M}"
