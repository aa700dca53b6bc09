"""Agents of the chat desk, and their canned replies."""

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.media.fields import PictureField
from greenenergy.text.fields import CharField, TextField

SEEN_EVERY_SECONDS = 5  # `seen_at` is stored at most this often
GRACE_SECONDS = 60  # after so long without a request from their desk an agent counts as gone


class AgentQuerySet(models.QuerySet["Agent"]):
    def at_desk(self) -> "AgentQuerySet":
        """Agents whose desk is open: it sends a request every few seconds."""
        since = timezone.now() - timedelta(seconds=GRACE_SECONDS)
        return self.filter(seen_at__gte=since, user__is_active=True)

    def present(self) -> "AgentQuerySet":
        """Agents at the desk who have not stepped away."""
        return self.at_desk().filter(is_away=False)

    def of(self, user: AbstractBaseUser) -> "Agent":
        """The row of a member of staff, created when it is first needed."""
        return self.select_related("user").get_or_create(user=user)[0]


class Agent(models.Model):
    """客服: a member of staff at the chat desk."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_agent", verbose_name=_("用户")
    )
    display_name = CharField(
        _("对外称呼"),
        max_length=30,
        blank=True,
        help_text=_("访客看到的名字，例如 客服小李；留空则为“客服”。"),
    )
    is_away = models.BooleanField(_("暂时离开"), default=False)
    seen_at = models.DateTimeField(_("最近在线"), null=True, blank=True, editable=False)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("客服人员")

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """What visitors read."""
        return self.display_name or gettext("客服")

    def was_seen(self) -> None:
        """Record that they are at their desk now."""
        now = timezone.now()
        if self.seen_at is None or now - self.seen_at > timedelta(seconds=SEEN_EVERY_SECONDS):
            self.seen_at = now
            self.save(update_fields=["seen_at"])

    @property
    def staff_name(self) -> str:
        """What colleagues read."""
        return self.display_name or self.user.get_full_name() or self.user.get_username()


class CannedReply(models.Model):
    """快捷回复, found by its shortcut: /价格."""

    shortcut = CharField(_("快捷词"), max_length=20, unique=True, help_text=_("在输入框里打 / 和这个词。"))
    text = TextField(
        _("内容"), max_length=1000, blank=True,
        help_text=_("可以用 {访客}、{客服}、{公司}、{热线}、{页面}，发送前换成真的。"),
    )  # fmt: skip
    picture = PictureField(_("图片"), upload_to="contact/", blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))

    class Meta:
        verbose_name = verbose_name_plural = _("快捷回复")
        ordering = ["order", "shortcut"]

    def __str__(self):
        return self.shortcut

    def clean(self):
        if not self.text.strip() and not self.picture:
            raise ValidationError(gettext("文字和图片至少要有一样。"))
        if re.search(r"[\s/]", self.shortcut):
            raise ValidationError({"shortcut": gettext("快捷词里不要有空格和斜线。")})
