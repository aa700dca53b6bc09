"""Articles, and the one place that knows which of them are public."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, router, transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import content_changed
from greenenergy.images import PictureField, Renditions
from greenenergy.models import Section
from greenenergy.richtext import RichTextField
from greenenergy.row_addresses import address_of

from .. import search
from .tags import Tag
from .views import DailyViews

_NEWEST = (F("published_at").desc(), F("id").desc())
_IS_LISTED = (
    "status",
    "expires_at",
    "is_pinned",
    "pinned_until",
)  # what published() and not_pinned() look at
_ON_CARD = (
    "title", "section", "published_at", "summary", "body_excerpt", "body_picture", "cover", "cover_width", "cover_height",
    "initial_views",
)  # fmt: skip
_CLOCK_FIELDS = ("published_at", "expires_at", "pinned_until", "recommended_until", "headline_until")


class ArticleQuerySet(models.QuerySet):
    def published(self, at=None, until=None):
        """Articles a visitor may read at the given moment (now by default); published `until` then, where it is given.

        One upper bound in the query: of two SQLite's planner may take the wrong one, and read all that lies between.
        """
        at = at or timezone.now()
        newest = min(at, until) if until else at
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=newest).filter(
            Q(expires_at=None) | Q(expires_at__gt=at)
        )

    def in_section(self, section: Section, newest: int | None = None):
        """Articles of a section and of those below it; where `newest` is given, at least the newest so many.

        Each section has its own end of the index: from there its newest are read, and none is sorted that is not shown.
        """
        return self.in_sections([section, *section.children.lists()], newest)

    def in_sections(self, sections, newest: int | None = None):
        """The same for sections, or their numbers, that are known already."""
        if len(sections) == 1:
            return self.filter(section=sections[0])
        if newest is None:
            return self.filter(section__in=sections)
        newest_of_each = Q()
        for one in sections:
            newest_of_each |= Q(pk__in=self.filter(section=one).newest_first().values("pk")[:newest])
        return self.filter(newest_of_each)

    def tagged(self, tags, *, is_frequent: bool):
        """Articles that have one of the tags, rows or a query; `is_frequent` where one of them is.

        Those of a rare tag are gathered and sorted; for a frequent one the newest articles are asked, one by one,
        whether they have it.
        """
        uses = Article.tags.through.objects.filter(tag__in=tags)
        if is_frequent:
            return self.filter(Exists(uses.filter(article=OuterRef("pk"))))
        return self.filter(pk__in=uses.values("article"))

    def in_year(self, year: int):
        return self.filter(published_at__year=year)

    def published_in_month(self, year: int, month: int):
        begin, end = _first_of(year, month), _first_of(year + month // 12, month % 12 + 1)
        return self.published(until=_just_before(end)).filter(published_at__gte=begin)

    def published_years(self) -> list[int]:
        """Years that have public articles, newest first: one look at the index for each, not at all articles."""
        years, newest = [], self._newest_moment()
        while newest:
            years.append(newest.year)
            newest = self._newest_moment(until=_just_before(_first_of(newest.year, 1)))
        return years

    def published_months(self, year: int) -> list[int]:
        """Months of the year that have public articles, January first."""
        months, newest = [], self._newest_moment(until=_just_before(_first_of(year + 1, 1)))
        while newest and newest.year == year:
            months.insert(0, newest.month)
            newest = self._newest_moment(until=_just_before(_first_of(year, newest.month)))
        return months

    def _newest_moment(self, until=None):
        moments = self.published(until=until).order_by("-published_at").values_list("published_at", flat=True)
        newest = moments.first()
        return newest and timezone.localtime(newest)

    def pinned(self, at=None):
        return self.filter(_flag_is_on("pinned", at))

    def not_pinned(self, at=None):
        return self.exclude(_flag_is_on("pinned", at))

    def recommended(self, at=None):
        return self.filter(_flag_is_on("recommended", at))

    def headlines(self, at=None):
        return self.filter(_flag_is_on("headline", at))

    def newest_first(self):
        return self.order_by("-published_at", "-id")

    def most_read(self, days: int, count: int) -> list["Article"]:
        """The `count` most read of the last `days` days, today included; with `recent_views`.

        Views are summed up first, by themselves: few articles are read in a week, however many there are.
        """
        first_day = timezone.localdate() - timedelta(days=days - 1)
        views = DailyViews.objects.filter(day__gte=first_day).values("article").order_by()
        sums = views.annotate(sum=Sum("views")).order_by("-sum", "-article").values_list("article", "sum")
        found = []
        # Some of them may not be public any more.
        for begin, end in ((0, count * 5), (count * 5, count * 100)):
            recent = dict(sums[begin:end])
            for article in self.filter(pk__in=recent):
                article.recent_views = recent[article.pk]
                found.append(article)
            if len(found) >= count or len(recent) < end - begin:
                break
        found.sort(key=lambda article: (article.recent_views, article.published_at, article.pk), reverse=True)
        return found[:count]

    def matching(self, query: search.Query, newest: int = 10_000):
        """Articles that hold every term of the query in title, summary or body; none for an empty query.

        Of a frequent word only the newest so many are looked at.
        """
        return self.filter(pk__in=search.matches(query, self.db, newest)) if query else self.none()

    def best_first(self, query: search.Query, most: int) -> list[int]:
        """The numbers of the newest `most` of these: those with every term in the title, then the others."""
        numbers = list(self.newest_first().values_list("pk", flat=True)[:most])
        in_title = search.numbers_in_title(query, numbers, self.db)
        return sorted(numbers, key=lambda number: number not in in_title)

    def year_span(self) -> range:
        """The years from the newest article's down to the oldest one's."""
        dated = self.filter(published_at__isnull=False)
        ends = [
            dated.order_by(f"{sign}published_at").values_list("published_at", flat=True).first()
            for sign in ("-", "")
        ]
        if ends[0] is None:
            return range(0)
        last, first = (timezone.localtime(moment).year for moment in ends)
        return range(last, first - 1, -1)

    def for_cards(self):
        """Only what a list card shows, 人气 and section included.

        Sections are a query of their own: joined, SQLite's planner may begin with them and sort a million articles.
        """
        shown = self.only(*_ON_CARD, "view_total__views")
        return shown.select_related("view_total").prefetch_related("section")

    def for_cards_alone(self):
        """The same of the article's own row: a model of thirty fields costs three times as much as one of ten."""
        return self.only(*_ON_CARD)

    def for_results(self):
        """What a card shows, and the text that the snippet is cut from."""
        return self.for_cards().only(*_ON_CARD, "view_total__views", "body_text")

    def for_search_engines(self):
        """Those that may be indexed, with what a sitemap says of them."""
        return self.filter(is_unlisted=False).only(
            "id",
            "title",
            "updated_at",
            "published_at",
            "cover",
            "cover_width",
            "cover_height",
            "body_picture",
        )

    def for_feed(self):
        return self.defer("body_text").prefetch_related("section")

    def older_than(self, article: "Article"):
        """Newest first, beginning right behind the article."""
        return self.filter(
            Q(published_at__lt=article.published_at) | Q(published_at=article.published_at, id__lt=article.pk)
        ).newest_first()

    def newer_than(self, article: "Article"):
        """Oldest first, beginning right before the article."""
        return (
            self.filter(published_at__gte=article.published_at)
            .filter(
                Q(published_at__gt=article.published_at)
                | Q(published_at=article.published_at, id__gt=article.pk)
            )
            .order_by("published_at", "id")
        )

    def next_change(self, now):
        """When the clock next changes what visitors see: publication, expiry, the end of a place at the top."""
        first, *others = (
            self.filter(**{f"{field}__gt": now}).order_by().values_list(field, flat=True)
            for field in _CLOCK_FIELDS
        )
        return min(first.union(*others, all=True), default=None)

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(using=self.db):  # the new version begins with the rows, not before them
            content_changed()
            articles = super().bulk_create(objs, *args, **kwargs)
            search.index_articles([article for article in articles if article.pk], self.db)
        return articles

    def update(self, **values):
        """bulk_update() comes this way too."""
        with transaction.atomic(using=self.db):
            content_changed()
            if not search.INDEXED_FIELDS & values.keys():
                return super().update(**values)
            numbers = list(self.values_list("pk", flat=True))
            count = super().update(**values)
            search.index_articles(Article.objects.using(self.db).filter(pk__in=numbers), self.db)
        return count

    bulk_create.alters_data = update.alters_data = True


def _first_of(year, month):
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())


def _just_before(moment):
    return moment - timedelta.resolution


def _flag_is_on(name, at):
    at = at or timezone.now()
    return Q(**{f"is_{name}": True}) & (Q(**{f"{name}_until": None}) | Q(**{f"{name}_until__gt": at}))


class Article(models.Model):
    """One article. Its address is its number, so that a title may change."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("发布")

    title = models.CharField(_("标题"), max_length=200)
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        verbose_name=_("栏目"),
        related_name="articles",
        limit_choices_to={"kind": Section.Kind.LIST},
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("发布时间"),
        null=True,
        blank=True,
        help_text=_("留空则为发布的那一刻；填将来的时间，到时自动出现。"),
    )
    expires_at = models.DateTimeField(
        _("到期时间"), null=True, blank=True, help_text=_("到时自动从网站上消失；留空则一直显示。")
    )
    body = RichTextField(
        _("正文"),
        blank=True,
        text_field="body_text",
        excerpt_field="body_excerpt",
        picture_field="body_picture",
    )
    body_text = models.TextField(editable=False, default="", blank=True)
    body_excerpt = models.CharField(max_length=121, editable=False, default="", blank=True)
    body_picture = models.CharField(max_length=500, editable=False, default="", blank=True)
    summary = models.CharField(
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

    source = models.CharField(_("来源"), max_length=100, blank=True)
    source_url = models.URLField(
        _("原文网址"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    author = models.CharField(_("作者"), max_length=50, blank=True)
    editor = models.CharField(_("责任编辑"), max_length=50, blank=True)
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

    seo_title = models.CharField(_("SEO 标题"), max_length=200, blank=True, help_text=_("留空则用标题。"))
    seo_keywords = models.CharField(
        _("SEO 关键词"), max_length=200, blank=True, help_text=_("留空则用标签。")
    )
    seo_description = models.CharField(
        _("SEO 描述"), max_length=300, blank=True, help_text=_("留空则用摘要。")
    )

    was_public = models.BooleanField(
        default=False, editable=False
    )  # once read by visitors: its address is not 404
    is_unlisted = models.BooleanField(
        _("不让搜索引擎收录"), default=False, help_text=_("读者照样能看到；搜索引擎不收录，网站地图里没有。")
    )
    # null, not '': it is unique where there is one
    import_key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("文章")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
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
            # Lists skip what stands before their page within the index: a row is as long as its body.
            models.Index(*_NEWEST, *_IS_LISTED, name="article_newest"),
            models.Index("section", *_NEWEST, *_IS_LISTED, name="article_newest_in_section"),
            models.Index(fields=["updated_at"], name="article_updated_at"),  # the sitemap's date
            # Few articles stand at the top, and few have an end of it: for next_change().
            *(
                models.Index(
                    fields=["published_at"], name=f"article_{flag}", condition=Q(**{f"is_{flag}": True})
                )
                for flag in ("pinned", "recommended", "headline")
            ),
            *(
                models.Index(
                    fields=[field], name=f"article_{field}", condition=Q(**{f"{field}__isnull": False})
                )
                for field in _CLOCK_FIELDS[1:]
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self._fill_published_at()
        fields = kwargs.get("update_fields")
        if fields is not None and "body" in fields:
            kwargs["update_fields"] = {*fields, *self._meta.get_field("body").derived_fields}
        self.was_public = self.was_public or getattr(self, "_was_public", False)
        if fields is not None and "status" in fields:
            kwargs["update_fields"] = {*kwargs["update_fields"], "was_public"}
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(Article, instance=self)):
            super().save(*args, **kwargs)
            if fields is None or search.INDEXED_FIELDS & set(fields):
                search.index_articles([self], self._state.db)
        self._was_public = self.has_been_public

    def get_absolute_url(self):
        return address_of("news:article", self.pk)

    @property
    def qr_code_address(self):
        return address_of("news:article_qr_code", self.pk)

    @classmethod
    def from_db(cls, db, field_names, values):
        article = super().from_db(db, field_names, values)
        # As it was when it was read: whoever withdraws it later takes something public away.
        if {"status", "published_at", "was_public"} <= set(field_names):
            article._was_public = article.has_been_public
        return article

    def clean(self):
        self._fill_published_at()
        if self.status == self.Status.PUBLISHED and not self.body.strip():
            raise ValidationError({"body": gettext("正文还是空的，写好再发布，或先存为草稿。")})
        if self.expires_at and self.published_at and self.expires_at <= self.published_at:
            raise ValidationError({"expires_at": gettext("到期时间要在发布时间之后。")})

    @property
    def is_public(self) -> bool:
        """Whether visitors may read it now; the same rule as `published()`, for a row at hand."""
        now = timezone.now()
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    @property
    def has_been_public(self) -> bool:
        """Whether visitors could ever read it, now or before."""
        return self.was_public or (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def views(self) -> int:
        """人气: starting value and counted views. Lists and pages fetch the total along with the article."""
        return self.initial_views + self.counted_views

    @property
    def counted_views(self) -> int:
        """Lists and pages that are prepared fetch the number alone, as `counted`."""
        if "counted" in self.__dict__:
            return self.counted or 0
        total = getattr(self, "view_total", None)
        return total.views if total else 0

    def set_section(self, section: Section) -> None:
        """What `self.section` would read: the row is at hand."""
        self._meta.get_field("section").set_cached_value(self, section)

    @property
    def excerpt(self) -> str:
        return self.summary or self.body_excerpt

    @property
    def cover_url(self) -> str:
        """The cover, or the first picture of the body, or ''."""
        return self.cover.url if self.cover else self.body_picture

    @cached_property
    def tag_names(self) -> list[str]:
        return [tag.name for tag in self.tags.all()]

    @property
    def title_for_search(self):
        return self.seo_title or self.title

    @property
    def keywords(self):
        return self.seo_keywords or ",".join(self.tag_names)

    @property
    def changed_at(self):
        """When readers could last see something new: changed before its publication, it is new then."""
        return max(self.updated_at, self.published_at)

    @property
    def share_picture(self) -> str:
        """The cover where it is large enough for a link's preview (300 × 300), or ''."""
        url = self.cover_url
        size = url and Renditions.of(url)
        return url if size and min(size.width, size.height) >= 300 else ""

    @property
    def description(self):
        return self.seo_description or self.excerpt

    def _fill_published_at(self):
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
