"""What staff put on the home page: banners, and links to partners' sites."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenenergy.media.fields import PictureField
from greenenergy.text.fields import CharField

from .links import check_link


class BannerQuerySet(models.QuerySet):
    def current(self, at=None):
        """Banners to show at that moment (now by default), in their order."""
        at = at or timezone.now()
        return self.filter(
            Q(starts_at=None) | Q(starts_at__lte=at), Q(ends_at=None) | Q(ends_at__gt=at), is_active=True
        )


class Banner(models.Model):
    """横幅: one slide of the home page's carousel."""

    title = CharField(_("标题"), max_length=60, help_text=_("显示在图片上；看不到图片的人听到的也是它。"))
    picture = PictureField(_("图片"), upload_to="banners/", help_text=_("横图，建议 1920×640 像素或更大。"))
    phone_picture = PictureField(
        _("手机上的图片"), upload_to="banners/", blank=True, help_text=_("建议 960×600 像素；留空则用上面那张的中间部分。")
    )  # fmt: skip
    link_url = CharField(
        _("链接地址"), max_length=500, blank=True, validators=[check_link],
        help_text=_("点图片去哪里：以 / 开头的本站地址，或 https:// 开头的外站地址；留空则不能点。"),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True)
    starts_at = models.DateTimeField(_("开始时间"), null=True, blank=True, help_text=_("留空则立刻开始。"))
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True, help_text=_("留空则一直显示。"))

    objects = BannerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("首页横幅")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="banners_end_after_their_start",
                violation_error_message=_("结束时间要在开始时间之后。"),
            )
        ]

    def __str__(self):
        return self.title


class FriendLinkQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class FriendLink(models.Model):
    """友情链接: a link at the foot of the home page."""

    name = CharField(_("名称"), max_length=50)
    url = CharField(_("网址"), max_length=500, validators=[check_link])
    order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True)

    objects = FriendLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("友情链接")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name
