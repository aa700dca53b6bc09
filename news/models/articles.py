"""Articles: what staff write, and what pages, lists and search engines show of it."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, router, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import content_changed
from greenenergy.media.fields import PictureField
from greenenergy.media.renditions import Renditions
from greenenergy.models import Section
from greenenergy.richtext.field import RichTextField
from greenenergy.serving.reverse_cache import cached_reverse
from greenenergy.text.fields import CharField, TextField, URLField
from news import search

from .article_queryset import CLOCK_FIELDS, FLAGS, ArticleQuerySet
from .tags import Tag

_NEWEST = (F("published_at").desc(), F("id").desc())
_IS_LISTED = "status expires_at is_pinned pinned_until".split()  # conditions of published() and not_pinned()


class Article(models.Model):
    """One article. Its URL is its primary key, so that the title may change."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("发布")

    class State(models.TextChoices):
        """What visitors see of an article now: its status, and what the clock makes of it."""

        DRAFT = "draft", _("草稿")
        SCHEDULED = "scheduled", _("定时")
        PUBLIC = "public", _("已发布")
        EXPIRED = "expired", _("已到期")

    title = CharField(_("标题"), max_length=200)
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        verbose_name=_("栏目"),
        related_name="articles",
        limit_choices_to={"kind": Section.Kind.LIST},
    )
    status = CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("发布时间"), null=True, blank=True,
        help_text=_("留空则为发布的那一刻；填将来的时间，到时自动出现。"),
    )  # fmt: skip
    expires_at = models.DateTimeField(
        _("到期时间"), null=True, blank=True, help_text=_("到时自动从网站上消失；留空则一直显示。")
    )
    body = RichTextField(
        _("正文"), blank=True,
        text_field="body_text", excerpt_field="body_excerpt", picture_field="body_picture",
    )  # fmt: skip
    body_text = TextField(editable=False, default="", blank=True)
    body_excerpt = CharField(max_length=121, editable=False, default="", blank=True)
    body_picture = CharField(max_length=500, editable=False, default="", blank=True)
    summary = CharField(
        _("摘要"),
        max_length=300,
        blank=True,
        help_text=_("列表里标题下面的那段话；留空则取正文的前 120 个字。"),
    )
    cover = PictureField(
        _("封面"), upload_to="covers/%Y/%m/", blank=True, width_field="cover_width", height_field="cover_height",
        help_text=_("列表里的图片；留空则用正文的第一张图片。"),
    )  # fmt: skip
    cover_width = models.PositiveIntegerField(null=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, editable=False)
    tags = models.ManyToManyField(Tag, verbose_name=_("标签"), blank=True, related_name="articles")
    related = models.ManyToManyField(
        "self", verbose_name=_("相关文章"), blank=True, symmetrical=False, related_name="related_from",
        help_text=_("手工挑选的排在前面，其余按相同标签补足。"),
    )  # fmt: skip

    source = CharField(_("来源"), max_length=100, blank=True)
    source_url = URLField(
        _("原文网址"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    author = CharField(_("作者"), max_length=50, blank=True)
    editor = CharField(_("责任编辑"), max_length=50, blank=True)
    initial_views = models.PositiveIntegerField(
        _("人气起始值"), default=0, help_text=_("页面上的人气 = 起始值 + 网站数到的阅读次数。")
    )

    is_pinned = models.BooleanField(_("置顶"), default=False)
    pinned_until = models.DateTimeField(_("置顶到"), null=True, blank=True, help_text=_("留空则一直置顶。"))
    is_recommended = models.BooleanField(_("推荐"), default=False)
    recommended_until = models.DateTimeField(
        _("推荐到"), null=True, blank=True, help_text=_("留空则一直推荐。")
    )
    is_headline = models.BooleanField(_("头条"), default=False)
    headline_until = models.DateTimeField(
        _("头条到"), null=True, blank=True, help_text=_("留空则一直是头条。")
    )

    seo_title = CharField(_("SEO 标题"), max_length=200, blank=True, help_text=_("留空则用标题。"))
    seo_keywords = CharField(_("SEO 关键词"), max_length=200, blank=True, help_text=_("留空则用标签。"))
    seo_description = CharField(_("SEO 描述"), max_length=300, blank=True, help_text=_("留空则用摘要。"))

    # Whether visitors could read it before: then its URL answers 410 once it is gone, otherwise 404.
    was_public = models.BooleanField(default=False, editable=False)
    is_unlisted = models.BooleanField(
        _("不让搜索引擎收录"), default=False, help_text=_("读者照样能看到；搜索引擎不收录，网站地图里没有。")
    )
    # null, not '': it must be unique where it is set
    import_key = CharField(max_length=64, unique=True, null=True, editable=False)
    # Of an imported article's title and text: another import of the same text is no other article.
    import_text = CharField(max_length=64, editable=False, default="", blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("文章")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),  # Status is not visible here
                name="published_articles_have_a_time",
                violation_error_message=_("发布的文章要有发布时间。"),
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(published_at=None) | Q(expires_at__gt=F("published_at")),
                name="articles_expire_after_publication",
                violation_error_message=_("到期时间要在发布时间之后。"),
            ),
        ]
        indexes = [
            # Lists skip the rows before their page within the index; reading the rows would read their bodies.
            models.Index(*_NEWEST, *_IS_LISTED, name="article_newest"),
            models.Index("section", *_NEWEST, *_IS_LISTED, name="article_newest_in_section"),
            models.Index(fields=["updated_at"], name="article_updated_at"),  # for the sitemap's date
            models.Index(fields=["import_text"], name="article_import_text", condition=~Q(import_text="")),
            # Few articles have a flag, and few flags an end: next_change() finds these moments here.
            *(
                models.Index(
                    fields=["published_at"], name=f"article_{flag}", condition=Q(**{f"is_{flag}": True})
                )
                for flag in FLAGS
            ),
            *(
                models.Index(
                    fields=[field], name=f"article_{field}", condition=Q(**{f"{field}__isnull": False})
                )
                for field in CLOCK_FIELDS[1:]
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self._fill_published_at()
        fields = kwargs.get("update_fields")
        if fields is not None and "body" in fields:
            kwargs["update_fields"] = {*fields, *self._meta.get_field("body").derived_fields}
        self.was_public = self.was_public or getattr(self, "had_been_public", False)
        if fields is not None and "status" in fields:
            kwargs["update_fields"] = {*kwargs["update_fields"], "was_public"}
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(Article, instance=self)):
            super().save(*args, **kwargs)
            if fields is None or search.INDEXED_FIELDS & set(fields):
                search.index_articles([self], self._state.db)
        self.had_been_public = self.has_been_public

    def get_absolute_url(self) -> str:
        return cached_reverse("news:article", self.pk)

    @property
    def qr_code_url(self) -> str:
        return cached_reverse("news:article_qr_code", self.pk)

    @classmethod
    def from_db(cls, db, field_names, values):
        article = super().from_db(db, field_names, values)
        # As loaded: at a withdrawal save() needs to know whether visitors could read the article until now.
        if {"status", "published_at", "was_public"} <= set(field_names):
            article.had_been_public = article.has_been_public
        return article

    def clean(self):
        self._fill_published_at()
        if self.status == self.Status.PUBLISHED and not self.body.strip():
            raise ValidationError({"body": gettext("正文还是空的，写好再发布，或先存为草稿。")})
        if self.expires_at and self.published_at and self.expires_at <= self.published_at:
            raise ValidationError({"expires_at": gettext("到期时间要在发布时间之后。")})

    @property
    def state(self) -> State:
        now = timezone.now()
        if self.status == self.Status.DRAFT:
            return self.State.DRAFT
        if self.published_at > now:
            return self.State.SCHEDULED
        if self.expires_at and self.expires_at <= now:
            return self.State.EXPIRED
        return self.State.PUBLIC

    @property
    def is_public(self) -> bool:
        """Whether visitors may read it now: the rule of `published()`, for one row."""
        return self.state == self.State.PUBLIC

    def has_flag(self, name: str, at: datetime | None = None) -> bool:
        """Whether it is "pinned", "recommended" or "headline" at that moment: the rule of `pinned()` …, for one row."""
        until = getattr(self, f"{name}_until")
        return getattr(self, f"is_{name}") and (until is None or until > (at or timezone.now()))

    @property
    def has_been_public(self) -> bool:
        """Whether visitors can read it now, or could before."""
        return self.was_public or (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def views(self) -> int:
        """人气: the starting value plus counted views."""
        return self.initial_views + self.counted_views

    @property
    def counted_views(self) -> int:
        """Compiled queries annotate the number as `counted`; others fetch the row `view_total`, or cost a query here."""
        if "counted" in self.__dict__:
            return self.counted or 0
        total = getattr(self, "view_total", None)
        return total.views if total else 0

    def set_section(self, section: Section) -> None:
        """Set `self.section` to a row that is loaded already, which saves the query for it."""
        self._meta.get_field("section").set_cached_value(self, section)

    @property
    def excerpt(self) -> str:
        return self.summary or self.body_excerpt

    @property
    def cover_url(self) -> str:
        """URL of the cover, else of the first picture of the body, else ''."""
        return self.cover.url if self.cover else self.body_picture

    @cached_property
    def tag_names(self) -> list[str]:
        return [tag.name for tag in Tag.objects.of_article(self)]

    def set_tags(self, tags: Sequence[Tag]) -> None:
        """Give a stored article these tags, in this order."""
        if list(Tag.objects.of_article(self)) == list(tags):
            return
        link = self.tags.through
        with transaction.atomic():
            link.objects.filter(article=self).delete()
            link.objects.bulk_create(link(article=self, tag=tag) for tag in tags)
            content_changed()
        self.__dict__.pop("tag_names", None)

    @property
    def title_for_search(self) -> str:
        return self.seo_title or self.title

    @property
    def keywords(self) -> str:
        return self.seo_keywords or ",".join(self.tag_names)

    @property
    def changed_at(self) -> datetime:
        """When visitors last got something new: the publication, or a later change."""
        return max(self.updated_at, self.published_at)

    @property
    def share_picture(self) -> str:
        """URL of the cover where it is large enough for a link preview (300 × 300 pixels), else ''."""
        url = self.cover_url
        size = url and Renditions.of(url)
        return url if size and min(size.width, size.height) >= 300 else ""

    @property
    def description(self) -> str:
        return self.seo_description or self.excerpt

    def _fill_published_at(self):
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
