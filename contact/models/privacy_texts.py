"""What visitors agreed to: each version of the privacy notice, with the policy page as it was shown beside it."""

import re

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import content_changed
from greenenergy.models import SiteSettings
from greenenergy.text.fields import TextField

from .channels import Channel
from .contact_settings import ContactSettings


def fill_in(text: str, rules: ContactSettings, *, is_html: bool = True) -> str:
    """The text with {公司}, {热线}, {邮箱}, {聊天保留天数} and {留言保留天数} replaced; any other {…} stays."""
    if "{" not in text:
        return text
    channels = list(Channel.objects.active())

    def first(kind: Channel.Kind) -> str:
        return next((channel.value for channel in channels if channel.kind == kind), "")

    values = {
        "公司": SiteSettings.load().company_name,
        "热线": first(Channel.Kind.HOTLINE) or gettext("联系我们页面上的电话"),
        "邮箱": first(Channel.Kind.EMAIL) or gettext("联系我们页面上的邮箱"),
        **rules.days_in_texts,
    }
    return re.sub(
        r"\{([^{}]{1,10})\}",
        lambda name: (
            (escape(values[name[1]]) if is_html else values[name[1]]) if name[1] in values else name[0]
        ),
        text,
    )


class PrivacyTextQuerySet(models.QuerySet["PrivacyText"]):
    def keep(self, rules: ContactSettings) -> None:
        """Somebody agrees to the present version: store its texts, unless they are stored already."""
        self.get_or_create(version=rules.privacy_version, defaults=PrivacyText.texts_of(rules))

    def begin_version_if_changed(self) -> None:
        """After the texts may have changed: a new version, where somebody has agreed to other texts under this one."""
        rules = ContactSettings.objects.select_related("privacy_page").filter(pk=1).first()
        kept = rules and self.filter(version=rules.privacy_version).first()
        if rules and kept and {"notice": kept.notice, "policy": kept.policy} != PrivacyText.texts_of(rules):
            ContactSettings.objects.filter(pk=1).update(privacy_version=F("privacy_version") + 1)
            content_changed()


class PrivacyText(models.Model):
    """One version, kept as long as a consent may refer to it."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    notice = TextField(_("隐私提示"))
    policy = TextField(_("隐私政策页面"), blank=True)  # HTML
    created_at = models.DateTimeField(_("第一次有人同意"), default=timezone.now)

    objects = PrivacyTextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("同意过的隐私文字")
        ordering = ["-version"]

    def __str__(self):
        return gettext("第 %(version)d 版") % {"version": self.version}

    @staticmethod
    def texts_of(rules: ContactSettings) -> dict[str, str]:
        """`notice` and `policy` as visitors see them now."""
        page = rules.privacy_page
        return {"notice": rules.shown_notice, "policy": fill_in(page.body, rules) if page else ""}
