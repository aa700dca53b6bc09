"""Notifying staff who do not look at the site: chat robots of their groups, and the outbox of texts and mails."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.serving.outgoing import ForbiddenAddress, check_host
from greenenergy.text.fields import CharField, TextField


def _check_url(url):
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise ValidationError(gettext("请粘贴群机器人的完整地址，以 https:// 开头。"))
    try:
        check_host(parts.hostname, port or 443)
    except ForbiddenAddress:
        raise ValidationError(
            gettext("这个地址在本机或内网里，不能用。请粘贴群里“机器人”给出的地址。")
        ) from None


class Robot(models.Model):
    """群机器人 of 企业微信, 钉钉 or 飞书."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")

    name = CharField(_("名称"), max_length=30)
    kind = CharField(_("类型"), max_length=10, choices=Kind.choices)
    url = CharField(_("Webhook 地址"), max_length=500, validators=[_check_url])
    secret = CharField(
        _("加签密钥"), max_length=100, blank=True, help_text=_("钉钉、飞书的机器人开了“加签”才填。")
    )
    on_waiting = models.BooleanField(_("有新访客等待时"), default=True)
    on_enquiry = models.BooleanField(_("有新留言时"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)
    last_sent_at = models.DateTimeField(_("最近发送成功"), null=True, blank=True, editable=False)
    last_fault = CharField(_("最近的错误"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("群机器人")

    def __str__(self):
        return self.name


class NotificationQuerySet(models.QuerySet):
    def due(self):
        return self.filter(sent_at=None, given_up_at=None, due_at__lte=timezone.now()).order_by("due_at")


class Notification(models.Model):
    """One text for one robot, or, where `robot` is empty, for the mail addresses of the contact settings."""

    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, related_name="notifications", verbose_name=_("群机器人")
    )
    subject = CharField(_("标题"), max_length=120)
    text = TextField(_("内容"))
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    due_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    sent_at = models.DateTimeField(_("已发送"), null=True)
    given_up_at = models.DateTimeField(_("已放弃"), null=True)
    fault = CharField(_("错误"), max_length=200, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="notifications_due",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self):
        return self.subject
