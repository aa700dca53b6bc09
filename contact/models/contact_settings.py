"""How the company answers: one row for the chat, the message form and the days of retention."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField, TextField

PRIVACY_NOTICE = (
    "为了回答您的问题，我们会保存您发送的内容、联系方式和您看过的本站页面：聊天 {聊天保留天数} 天，留言 {留言保留天数} 天，"
    "到期自动删除；您输入时客服能看到正在输入的文字。"
)


def _validate_addresses(text):
    for address in ContactSettings.split_lines(text):
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError(gettext("“%(address)s”不是邮箱地址。") % {"address": address}) from None


def _days(text, default, help_text):
    return models.PositiveIntegerField(
        text, default=default, validators=[MinValueValidator(1), MaxValueValidator(3650)], help_text=help_text
    )


class ContactSettings(models.Model):
    """One row; the defaults hold while there is none."""

    is_chat_on = models.BooleanField(
        _("启用在线客服"), default=True, help_text=_("关闭后，在线客服直接打开留言表。")
    )
    greeting = CharField(
        _("问候语"),
        max_length=200,
        default="您好，请问有什么可以帮您？",
        help_text=_("访客打开在线客服时看到的第一句话。"),
    )
    answer_seconds = models.PositiveIntegerField(
        _("等待多久后请访客留言"), default=120, validators=[MinValueValidator(10), MaxValueValidator(3600)],
        help_text=_("秒。营业时间里这么久没有人接待，就请访客留下联系方式。"),
    )  # fmt: skip
    privacy_notice = CharField(
        _("隐私提示"), max_length=300, default=PRIVACY_NOTICE,
        help_text=_(
            "访客勾选同意的那段话；{聊天保留天数}、{留言保留天数} 会换成下面的天数。改动之后版本号加一，旧的同意仍然记着旧的版本。"
        ),
    )  # fmt: skip
    privacy_version = models.PositiveIntegerField(_("隐私提示的版本"), default=1, editable=False)
    privacy_page = models.ForeignKey(
        "greenenergy.Section", models.SET_NULL, verbose_name=_("隐私政策页面"), null=True, blank=True,
        related_name="+", limit_choices_to={"kind": "page"},
    )  # fmt: skip
    topics = TextField(
        _("留言的事由"),
        default="产品与项目\n合作与加盟\n售后与运维\n其他",
        help_text=_("每行一个，留言时选。"),
    )
    mail_to = TextField(
        _("新留言发到这些邮箱"), blank=True, validators=[_validate_addresses],
        help_text=_("每行一个；服务器要设置 EMAIL_URL 才能发信。"),
    )  # fmt: skip
    conversation_days = _days(
        _("聊天记录保留天数"), 365, _("从结束的那天算起，到期自动删除，文件也一起删除。")
    )
    enquiry_days = _days(_("留言保留天数"), 1095, _("从处理完的那天算起。"))

    class Meta:
        verbose_name = verbose_name_plural = _("客服设置")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="contact_settings_have_one_row")]

    def __str__(self):
        return gettext("客服设置")

    def save(self, *args, **kwargs):
        self.pk = 1
        before = type(self).objects.filter(pk=1).values_list("privacy_notice", "privacy_version").first()
        if before:
            self.privacy_version = before[1] + (before[0] != self.privacy_notice)
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> "ContactSettings":
        return cls.objects.select_related("privacy_page").filter(pk=1).first() or cls(pk=1)

    @property
    def days_in_texts(self) -> dict[str, str]:
        """What {聊天保留天数} and {留言保留天数} in a text stand for."""
        return {"聊天保留天数": str(self.conversation_days), "留言保留天数": str(self.enquiry_days)}

    @property
    def shown_notice(self) -> str:
        """The privacy notice as visitors read it."""
        notice = self.privacy_notice
        for name, days in self.days_in_texts.items():
            notice = notice.replace(f"{{{name}}}", days)
        return notice

    @staticmethod
    def split_lines(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    @property
    def topic_names(self) -> list[str]:
        return self.split_lines(self.topics)

    @property
    def mail_addresses(self) -> list[str]:
        return self.split_lines(self.mail_to)
