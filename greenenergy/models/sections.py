"""栏目: the site's one tree of lists, company pages and links."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.richtext.excerpts import excerpt
from greenenergy.richtext.field import RichTextField
from greenenergy.serving.reverse_cache import cached_reverse

from .addresses import Redirect, is_safe_link

RESERVED_SLUGS = {
    "list": {"tags", "archive", "feed"},
    "page": {
        "news", "search", "contact", "admin", "static", "media", "healthz", "readyz", "i18n", "sitemap", "robots",
        "favicon",
    },
}  # fmt: skip


class SectionQuerySet(models.QuerySet):
    def lists(self):
        return self.filter(kind=Section.Kind.LIST)

    def pages(self):
        return self.filter(kind=Section.Kind.PAGE)

    def for_navigation(self):
        """Only what the navigation and the footer show, in order, without the pages' texts."""
        return self.filter(Q(in_navigation=True) | Q(in_footer=True)).defer(
            "body", "seo_title", "seo_keywords", "seo_description"
        )


class Section(models.Model):
    """栏目: an entry of the site's tree, which is a list of articles, a company page, or a link."""

    class Kind(models.TextChoices):
        LIST = "list", _("文章列表")
        PAGE = "page", _("单页")
        LINK = "link", _("链接")

    class Layout(models.TextChoices):
        LIST = "list", _("列表")
        CARDS = "cards", _("卡片")

    name = models.CharField(_("名称"), max_length=50)
    english_name = models.CharField(
        _("英文名称"), max_length=60, blank=True, help_text=_("英文界面里用；留空则用上面的名称。")
    )
    kind = models.CharField(_("类型"), max_length=4, choices=Kind.choices, default=Kind.LIST)
    slug = models.CharField(
        _("网址别名"),
        max_length=60,
        blank=True,
        validators=[validate_unicode_slug],
        help_text=_("网址里的名字，例如 industry；可以用汉字，留空则由名称生成。类型为链接时不需要。"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("上级栏目"),
        null=True,
        blank=True,
        related_name="children",
        limit_choices_to={"parent": None},
        help_text=_("导航有两级：上级栏目自己不能再有上级。"),
    )
    order = models.PositiveSmallIntegerField(_("排序"), default=0, help_text=_("小的在前。"))
    in_navigation = models.BooleanField(_("在导航中显示"), default=True)
    in_footer = models.BooleanField(_("在页脚显示"), default=False, help_text=_("例如 隐私政策、法律声明。"))
    link_url = models.CharField(
        _("链接地址"),
        max_length=500,
        blank=True,
        help_text=_("以 / 开头的本站地址，或 https:// 开头的外站地址。"),
    )
    on_home = models.BooleanField(
        _("在首页显示"), default=True, help_text=_("只对没有上级的文章列表有效：首页上有它的一块。")
    )
    layout = models.CharField(
        _("样式"), max_length=5, choices=Layout.choices, default=Layout.LIST,
        help_text=_("产品、案例这样看图的栏目适合卡片。"),
    )  # fmt: skip
    introduction = models.CharField(_("栏目简介"), max_length=300, blank=True)
    body = RichTextField(_("单页正文"), blank=True)
    seo_title = models.CharField(_("SEO 标题"), max_length=100, blank=True, help_text=_("留空则用名称。"))
    seo_keywords = models.CharField(_("SEO 关键词"), max_length=200, blank=True)
    seo_description = models.CharField(
        _("SEO 描述"), max_length=300, blank=True, help_text=_("留空则用栏目简介或单页正文的开头。")
    )
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("栏目")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"], condition=~Q(kind="link"), name="one_section_per_kind_and_slug",
                violation_error_message=_("已有同类栏目用了这个网址别名。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="link") | ~Q(slug=""), name="sections_but_links_have_a_slug",
                violation_error_message=_("网址别名不能为空。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="link") | ~Q(link_url=""), name="links_have_an_address",
                violation_error_message=_("类型为链接时，请填写链接地址。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self._fill_slug()
        before = (
            Section.objects.filter(pk=self.pk).only("kind", "slug", "link_url").first() if self.pk else None
        )
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before and before.kind != self.Kind.LINK and self.kind != self.Kind.LINK:
                Redirect.objects.moved(before.get_absolute_url(), self.get_absolute_url())

    def get_absolute_url(self):
        if self.kind == self.Kind.LINK:
            return self.link_url
        if self.kind == self.Kind.PAGE:
            return cached_reverse("page", self.slug)
        return cached_reverse("news:section", self.slug)

    @property
    def feed_address(self):
        """Of a section of articles."""
        return cached_reverse("news:section_feed", self.slug)

    @property
    def display_name(self):
        """The name in the interface's language."""
        return (get_language() == "en" and self.english_name) or self.name

    def clean(self):
        self._fill_slug()
        errors = {}
        if self.kind == self.Kind.LINK:
            if not self.link_url:
                errors["link_url"] = gettext("类型为链接时，请填写链接地址。")
            elif not is_safe_link(self.link_url):
                errors["link_url"] = gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。")
        elif self.slug in RESERVED_SLUGS[self.kind]:
            errors["slug"] = gettext("“%(slug)s” 是本站保留的地址，请换一个。") % {"slug": self.slug}
        elif self.slug.isdecimal():
            errors["slug"] = gettext("网址别名不能只有数字，请加上字母或汉字。")
        if self.parent:
            if self.parent_id == self.pk or self.parent.parent_id:
                errors["parent"] = gettext("导航只有两级：请选一个没有上级的栏目。")
            elif self.pk and self.children.exists():
                errors["parent"] = gettext("这个栏目下面还有栏目，不能再放到别的栏目下面。")
        if self.pk and self.kind != self.Kind.LIST and self._has_articles():
            errors["kind"] = gettext("这个栏目里还有文章，请先把文章移到别的栏目。")
        if errors:
            raise ValidationError(errors)

    @property
    def is_cards(self) -> bool:
        return self.layout == self.Layout.CARDS

    @cached_property
    def description(self):
        """For search engines: what staff wrote for them, else the introduction, else how the page begins."""
        return self.seo_description or self.introduction or excerpt(self.body)

    def _fill_slug(self):
        """A slug from the name, where none was typed and one is needed."""
        if self.kind == self.Kind.LINK:
            self.slug = ""
        elif not self.slug:
            slug = slugify(self.name, allow_unicode=True)[:50] or "section"
            taken = slug.isdecimal() or slug in RESERVED_SLUGS[self.kind]
            base, number = (f"{slug}-1", 1) if taken else (slug, 1)
            slug = base
            others = Section.objects.filter(kind=self.kind).exclude(pk=self.pk)
            while others.filter(slug=slug).exists():
                number += 1
                slug = f"{base}-{number}"
            self.slug = slug

    def _has_articles(self):
        # The ground floor does not know articles; whatever points here with PROTECT keeps the kind.
        return any(
            relation.related_model._default_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.related_objects
            if relation.related_model is not Section
        )
