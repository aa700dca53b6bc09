"""The settings of the site that staff edit: one row, which every page uses."""

import re
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.media.fields import PictureField
from greenenergy.text.fields import CharField, TextField

from .links import check_link

ICP_URL = "https://beian.miit.gov.cn/"
POLICE_URL = "https://beian.mps.gov.cn/#/query/webSearch?code="


def _is_between(begin, end):
    now = timezone.now()
    return (begin is None or begin <= now) and (end is None or now < end)


class SiteSettings(models.Model):
    """The only row. A field left empty is not shown."""

    company_name = CharField(_("公司名称"), max_length=100)
    short_name = CharField(
        _("简称"), max_length=30, blank=True, help_text=_("手机上和浏览器标题里用；留空则用全称。")
    )
    english_name = CharField(
        _("公司英文名称"), max_length=100, blank=True, help_text=_("英文界面里用；留空则用中文全称。")
    )
    greeting = CharField(
        _("欢迎语"),
        max_length=100,
        blank=True,
        help_text=_("页面最上面的一句话；留空则为“您好，欢迎访问〈公司名称〉”。"),
    )
    slogan = CharField(_("一句话介绍"), max_length=100, blank=True)
    logo = PictureField(_("标志"), upload_to="site/", blank=True)
    address = CharField(_("地址"), max_length=200, blank=True)
    icp_number = CharField(
        _("ICP 备案号"),
        max_length=60,
        blank=True,
        help_text=_("照原样显示在页脚，例如 闽ICP备12345678号-1。"),
    )
    police_number = CharField(
        _("公安联网备案号"),
        max_length=60,
        blank=True,
        help_text=_("照原样显示在页脚，例如 闽公网安备35020302000000号。"),
    )
    copyright = CharField(
        _("版权说明"), max_length=200, blank=True, help_text=_("留空则为“© 年份 〈公司名称〉 版权所有”。")
    )
    seo_title = CharField(_("首页标题"), max_length=100, blank=True, help_text=_("留空则为公司名称。"))
    seo_keywords = CharField(_("首页关键词"), max_length=200, blank=True)
    seo_description = CharField(
        _("首页描述"), max_length=300, blank=True, help_text=_("搜索结果里的那段话。")
    )

    share_picture = PictureField(
        _("分享图片"), upload_to="site/", blank=True,
        help_text=_("把没有图片的页面分享到微信时显示的图片，至少 300×300 像素。"),
    )  # fmt: skip
    robots = TextField(
        _("robots.txt"), blank=True,
        help_text=_("告诉搜索引擎哪些地址不要看；留空则只挡住后台和搜索结果。网站地图的地址会自动加在最后。"),
    )  # fmt: skip
    about_section = models.ForeignKey(
        "Section", models.SET_NULL, verbose_name=_("首页的公司介绍"), null=True, blank=True, related_name="+",
        limit_choices_to={"kind": "page"}, help_text=_("首页上显示这一单页的简介，并链接到它。"),
    )  # fmt: skip
    is_grey = models.BooleanField(_("灰度"), default=False, help_text=_("整个网站变成灰色，用于公祭和哀悼。"))
    grey_from = models.DateTimeField(_("灰度从"), null=True, blank=True, help_text=_("留空则立刻开始。"))
    grey_until = models.DateTimeField(
        _("灰度到"), null=True, blank=True, help_text=_("留空则一直到关掉为止。")
    )
    notice = CharField(_("公告条"), max_length=200, blank=True, help_text=_("每一页最上面的一句话。"))
    notice_url = CharField(_("公告条的链接"), max_length=500, blank=True, validators=[check_link])
    notice_from = models.DateTimeField(_("公告从"), null=True, blank=True, help_text=_("留空则立刻开始。"))
    notice_until = models.DateTimeField(_("公告到"), null=True, blank=True, help_text=_("留空则一直显示。"))

    class Meta:
        verbose_name = verbose_name_plural = _("站点设置")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="site_settings_have_one_row")]

    def __str__(self):
        return self.company_name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> "SiteSettings":
        """The row, or an unsaved one with a placeholder name while there is none."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, company_name=gettext("公司名称"))

    @property
    def display_name(self) -> str:
        """The company's name in the language of the interface."""
        return (get_language() == "en" and self.english_name) or self.company_name

    @property
    def is_grey_now(self) -> bool:
        return self.is_grey and _is_between(self.grey_from, self.grey_until)

    @property
    def notice_now(self) -> str:
        """The notice during its time, or ''."""
        return self.notice if _is_between(self.notice_from, self.notice_until) else ""

    @property
    def name(self):
        return self.short_name or self.company_name

    @property
    def greeting_text(self):
        """The greeting that staff wrote is Chinese; interfaces in other languages have a standard one."""
        own = self.greeting if get_language() == settings.LANGUAGE_CODE else ""
        return own or gettext("您好，欢迎访问%(company)s") % {"company": self.display_name}

    @property
    def police_url(self):
        """The public-security site looks a filing up by the digits of its number."""
        return POLICE_URL + quote("".join(re.findall(r"[0-9]+", self.police_number)))

    @property
    def icp_url(self):
        return ICP_URL
