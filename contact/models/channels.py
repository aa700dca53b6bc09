"""Ways to reach the company."""

import re
import unicodedata
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.media.fields import PictureField
from greenenergy.text.fields import CharField


class ChannelQuerySet(models.QuerySet["Channel"]):
    def active(self) -> "ChannelQuerySet":
        return self.filter(is_active=True)

    def first_hotline(self) -> "Channel | None":
        return self.active().filter(kind=Channel.Kind.HOTLINE).first()

    def hotline_in_words(self) -> str:
        """服务热线 400-123-4567, for a sentence that sends somebody to the telephone; without a number where there is none."""
        hotline = self.first_hotline()
        return f"{hotline.name} {hotline.value}" if hotline else gettext("服务热线")

    def with_recent_clicks(self) -> "ChannelQuerySet":
        """Annotates `recent_clicks`: of the last 30 days, including today."""
        since = timezone.localdate() - timedelta(days=29)
        return self.annotate(
            recent_clicks=Coalesce(Sum("clicks__clicks", filter=Q(clicks__day__gte=since)), 0),
        )


class Channel(models.Model):
    """联系渠道: a hotline, a WeChat QR code, a QQ number or an e-mail address."""

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("服务热线")
        WECHAT = "wechat", _("微信")
        QQ = "qq", _("QQ")
        EMAIL = "email", _("电子邮箱")

    kind = CharField(_("类型"), max_length=10, choices=Kind.choices)
    label = CharField(
        _("名称"),
        max_length=30,
        blank=True,
        help_text=_("显示在号码前面，例如 售后热线；留空则用类型的名称。"),
    )
    value = CharField(
        _("号码或账号"),
        max_length=100,
        blank=True,
        help_text=_("电话号码、微信号、QQ 号或邮箱；照原样显示。"),
    )
    qr_code = PictureField(
        _("二维码"), upload_to="contact/", blank=True, width_field="qr_code_width", height_field="qr_code_height",
        help_text=_("微信二维码图片，至少 300×300 像素，手机上长按就能识别。"),
    )  # fmt: skip
    qr_code_width = models.PositiveIntegerField(null=True, editable=False)
    qr_code_height = models.PositiveIntegerField(null=True, editable=False)
    hours = CharField(_("服务时间"), max_length=40, blank=True, help_text=_("例如 工作日 8:30—18:00。"))
    region = CharField(_("服务地区"), max_length=40, blank=True, help_text=_("例如 华东地区、全国。"))
    note = CharField(_("说明"), max_length=60, blank=True, help_text=_("例如 电站故障请拨这里。"))
    order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("联系渠道")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="") | ~Q(qr_code=""), name="channels_say_how_to_reach_us"
            )
        ]

    def __str__(self):
        return f"{self.name} {self.value}".strip()

    def clean(self):
        value = self.value.strip()
        if self.kind == self.Kind.WECHAT:
            if not self.qr_code:
                raise ValidationError({"qr_code": gettext("请上传微信二维码图片。")})
        elif not value:
            raise ValidationError({"value": gettext("请填写号码或账号。")})
        if self.kind == self.Kind.HOTLINE and not re.search(r"\d{3,}", self.dial_number):
            raise ValidationError({"value": gettext("请填写能拨打的电话号码，例如 400-123-4567。")})
        if self.kind == self.Kind.QQ and not re.fullmatch(r"[1-9]\d{4,11}", value):
            raise ValidationError({"value": gettext("QQ 号是 5 到 12 位数字。")})
        if self.kind == self.Kind.EMAIL:
            try:
                validate_email(value)
            except ValidationError:
                raise ValidationError(
                    {"value": gettext("请填写完整的邮箱地址，例如 info@example.com。")}
                ) from None

    @property
    def name(self) -> str:
        return self.label or self.get_kind_display()

    @property
    def facts(self) -> str:
        """The line below the number."""
        return " · ".join(text for text in (self.hours, self.region, self.note) if text)

    @property
    def dial_number(self) -> str:
        """What a phone dials: digits and a leading +, then a comma (a pause) and the extension after 转.

        RFC 3966 allows visual separators, but not all dialers accept them, so there are none.
        """
        number, _extension, extension = unicodedata.normalize("NFKC", self.value).partition("转")
        plus = "+" if number.strip().startswith("+") else ""
        pause = "," if extension else ""
        return plus + re.sub(r"[^0-9]", "", number) + pause + re.sub(r"[^0-9]", "", extension)


class ChannelClicksQuerySet(models.QuerySet):
    def record(self, channel: Channel) -> None:
        """One more click today, exact under concurrency."""
        today = self.filter(channel=channel, day=timezone.localdate())
        if today.update(clicks=F("clicks") + 1):
            return
        self.bulk_create([self.model(channel=channel, day=timezone.localdate())], ignore_conflicts=True)
        today.update(clicks=F("clicks") + 1)


class ChannelClicks(models.Model):
    """How often a channel was dialled, opened or copied on one day; nothing about by whom."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="clicks")
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)

    objects = ChannelClicksQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "day"], name="one_row_per_channel_and_day")]

    def __str__(self):
        return f"{self.channel_id} {self.day}: {self.clicks}"
