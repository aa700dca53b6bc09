"""栏目: the site's tree of article lists, company pages and links, two levels deep."""

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
from greenenergy.text.fields import CharField

from .links import is_safe_link
from .redirects import Redirect

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
        """What the navigation and the footer show, in order, without the columns that they do not need."""
        return self.filter(Q(in_navigation=True) | Q(in_footer=True)).defer(
            "body", "seo_title", "seo_keywords", "seo_description"
        )


class Section(models.Model):
    """栏目: a list of articles, a company page, or a link."""

    class Kind(models.TextChoices):
        LIST = "list", _("文章列表")
        PAGE = "page", _("单页")
        LINK = "link", _("链接")

    class Layout(models.TextChoices):
        LIST = "list", _("列表")
        CARDS = "cards", _("卡片")

    name = CharField(_("名称"), max_length=50)
    english_name = CharField(
        _("英文名称"), max_length=60, blank=True, help_text=_("英文界面里用；留空则用上面的名称。")
    )
    kind = CharField(_("类型"), max_length=4, choices=Kind.choices, default=Kind.LIST)
    slug = CharField(
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
    link_url = CharField(
        _("链接地址"),
        max_length=500,
        blank=True,
        help_text=_("以 / 开头的本站地址，或 https:// 开头的外站地址。"),
    )
    on_home = models.BooleanField(
        _("在首页显示"), default=True, help_text=_("只对没有上级的文章列表有效：首页上有它的一块。")
    )
    layout = CharField(
        _("样式"), max_length=5, choices=Layout.choices, default=Layout.LIST,
        help_text=_("产品、案例这样看图的栏目适合卡片。"),
    )  # fmt: skip
    introduction = CharField(_("栏目简介"), max_length=300, blank=True)
    body = RichTextField(_("单页正文"), blank=True)
    seo_title = CharField(_("SEO 标题"), max_length=100, blank=True, help_text=_("留空则用名称。"))
    seo_keywords = CharField(_("SEO 关键词"), max_length=200, blank=True)
    seo_description = CharField(
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
    def feed_url(self):
        """The path of the feed of a list of articles."""
        return cached_reverse("news:section_feed", self.slug)

    @property
    def display_name(self):
        """The name in the language of the interface."""
        return (get_language() == "en" and self.english_name) or self.name

    def clean(self):
        self._fill_slug()
        errors = {
            "link_url": self._link_error(),
            "slug": self._slug_error(),
            "parent": self._parent_error(),
            "kind": self._kind_error(),
        }
        errors = {field: text for field, text in errors.items() if text}
        if errors:
            raise ValidationError(errors)

    def _link_error(self):
        if self.kind != self.Kind.LINK:
            return ""
        if not self.link_url:
            return gettext("类型为链接时，请填写链接地址。")
        if not is_safe_link(self.link_url):
            return gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。")
        return ""

    def _slug_error(self):
        if self.kind == self.Kind.LINK:
            return ""
        if self.slug in RESERVED_SLUGS[self.kind]:
            return gettext("“%(slug)s” 是本站保留的地址，请换一个。") % {"slug": self.slug}
        return gettext("网址别名不能只有数字，请加上字母或汉字。") if self.slug.isdecimal() else ""

    def _parent_error(self):
        if not self.parent:
            return ""
        if self.parent_id == self.pk or self.parent.parent_id:
            return gettext("导航只有两级：请选一个没有上级的栏目。")
        if self.pk and self.children.exists():
            return gettext("这个栏目下面还有栏目，不能再放到别的栏目下面。")
        return ""

    def _kind_error(self):
        if self.pk and self.kind != self.Kind.LIST and self._has_articles():
            return gettext("这个栏目里还有文章，请先把文章移到别的栏目。")
        return ""

    @property
    def is_cards(self) -> bool:
        return self.layout == self.Layout.CARDS

    @cached_property
    def description(self):
        """For search engines: the SEO description, else the introduction, else the beginning of the page."""
        return self.seo_description or self.introduction or excerpt(self.body)

    def _fill_slug(self):
        """Make a slug of the name, where none was typed and one is needed."""
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
        # This app does not import articles; any row of another app that refers to the section counts.
        return any(
            relation.related_model._default_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.related_objects
            if relation.related_model is not Section
        )
