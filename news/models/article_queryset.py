"""Which articles, in which order, with which fields. The rule of what is public stands here and nowhere else."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Least
from django.utils import timezone

from greenenergy.content_version import content_changed
from greenenergy.models import Section
from news import search

from .view_counts import DailyViews

_ON_CARD = (
    "title", "section", "published_at", "summary", "body_excerpt", "body_picture", "cover", "cover_width", "cover_height",
    "initial_views",
)  # fmt: skip
FLAGS = ("pinned", "recommended", "headline")  # is_…, and …_until where it ends by itself
CLOCK_FIELDS = ("published_at", "expires_at", "pinned_until", "recommended_until", "headline_until")


class ArticleQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None, until: datetime | None = None) -> Self:
        """Articles a visitor may read at the given moment (now by default); published `until` then, where it is given.

        The query has one upper bound: of two, SQLite's planner may use the larger one and read all rows in between.
        Of a compiled query the moments are not known yet, and the database takes the earlier one.
        """
        at = at or timezone.now()
        if until is None:
            return self._published(at, at)
        are_known = isinstance(at, datetime) and isinstance(until, datetime)
        return self._published(at, min(at, until) if are_known else Least(at, until))

    def published_from(self, at: datetime, moment: datetime, pk: int) -> Self:
        """The same, from one article of newest_first() on: its `published_at`, which is before `at`, and primary key."""
        return self._published(at, moment).filter(Q(published_at__lt=moment) | Q(pk__lte=pk))

    def _published(self, at, newest):
        due = self.published_at_any_time().filter(published_at__lte=newest)
        return due.filter(Q(expires_at=None) | Q(expires_at__gt=at))

    def published_at_any_time(self) -> Self:
        """With status PUBLISHED: scheduled and expired articles too. Visitors may read those with `is_public`."""
        return self.filter(status=self.model.Status.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(status=self.model.Status.DRAFT)

    def scheduled(self) -> Self:
        """Published in the future."""
        return self.published_at_any_time().filter(published_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.published_at_any_time().filter(expires_at__lte=timezone.now())

    def in_section(self, section: Section, newest: int | None = None) -> Self:
        """Articles of a section and of those below it; where `newest` is given, at least that many of the newest.

        With `newest`, the newest of each section are read from its end of the index, and no others are sorted.
        """
        return self.in_sections([section, *section.children.lists()], newest)

    def in_sections(self, sections: Sequence[Section | int], newest: int | None = None) -> Self:
        """The same for the given sections, or their primary keys."""
        if len(sections) == 1:
            return self.filter(section=sections[0])
        if newest is None:
            return self.filter(section__in=sections)
        newest_of_each = Q()
        for one in sections:
            newest_of_each |= Q(pk__in=self.filter(section=one).newest_first().values("pk")[:newest])
        return self.filter(newest_of_each)

    def tagged(self, tags: Iterable, *, is_frequent: bool) -> Self:
        """Articles that have one of the tags, given as rows or a subquery; `is_frequent` where one of them is.

        A rare tag's articles are all read and sorted. For a frequent one the newest articles are checked, one by one,
        whether they have it.
        """
        is_one = isinstance(tags, list) and len(tags) == 1
        uses = self.model.tags.through.objects.filter(**({"tag": tags[0]} if is_one else {"tag__in": tags}))
        if is_frequent:
            return self.filter(Exists(uses.filter(article=OuterRef("pk"))))
        return self.filter(pk__in=uses.values("article"))

    def in_year(self, year: int) -> Self:
        return self.filter(published_at__year=year)

    def published_in_month(self, year: int, month: int) -> Self:
        begin, end = _first_of(year, month), _first_of(year + month // 12, month % 12 + 1)
        return self.published(until=_just_before(end)).filter(published_at__gte=begin)

    def published_years(self) -> list[int]:
        """Years that have public articles, newest first: one index lookup for each year."""
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

    def pinned(self, at: datetime | None = None) -> Self:
        return self.filter(_flag_is_on("pinned", at))

    def not_pinned(self, at: datetime | None = None) -> Self:
        return self.exclude(_flag_is_on("pinned", at))

    def with_flag(self, name: str) -> Self:
        """Those that are "pinned", "recommended" or "headline" now."""
        return self.filter(_flag_is_on(name, None))

    def with_ended_flag(self, name: str) -> Self:
        return self.filter(**{f"is_{name}": True, f"{name}_until__lte": timezone.now()})

    def without_flag(self, name: str) -> Self:
        return self.filter(**{f"is_{name}": False})

    def recommended(self, at: datetime | None = None) -> Self:
        return self.filter(_flag_is_on("recommended", at))

    def headlines(self, at: datetime | None = None) -> Self:
        return self.filter(_flag_is_on("headline", at))

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")

    def most_read(self, days: int, count: int) -> list:
        """The `count` most read of the last `days` days, today included; with `recent_views`.

        Views are summed first, without a join: few articles are read in a week, however many there are.
        """
        first_day = timezone.localdate() - timedelta(days=days - 1)
        views = DailyViews.objects.filter(day__gte=first_day).values("article").order_by()
        sums = views.annotate(sum=Sum("views")).order_by("-sum", "-article").values_list("article", "sum")
        found = []
        # Some of the most read may not be public any more: a second, larger batch is read only then.
        for begin, end in ((0, count * 5), (count * 5, count * 100)):
            recent = dict(sums[begin:end])
            for article in self.filter(pk__in=recent):
                article.recent_views = recent[article.pk]
                found.append(article)
            if len(found) >= count or len(recent) < end - begin:
                break
        found.sort(key=lambda article: (article.recent_views, article.published_at, article.pk), reverse=True)
        return found[:count]

    def matching(self, query: search.Query, newest: int = 10_000) -> Self:
        """Articles that contain every term of the query in title, summary or body; none for an empty query.

        At most the `newest` of all that match, public or not.
        """
        return self.filter(pk__in=search.matches(query, self.db, newest)) if query else self.none()

    def best_first(self, query: search.Query, most: int) -> list[int]:
        """Primary keys of the newest `most` of these: those with every term in the title, then the others."""
        pks = list(self.newest_first().values_list("pk", flat=True)[:most])
        in_title = search.pks_in_title(query, pks, self.db)
        return sorted(pks, key=lambda pk: pk not in in_title)

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

    def for_cards(self) -> Self:
        """Only the fields of a list card, with 人气 and section.

        Sections are fetched by a second query: in a join, SQLite's planner may begin with them and sort a million articles.
        """
        shown = self.only(*_ON_CARD, "view_total__views")
        return shown.select_related("view_total").prefetch_related("section")

    def for_cards_alone(self) -> Self:
        """The same without related rows. A model of thirty fields takes three times as long to make as one of ten."""
        return self.only(*_ON_CARD)

    def for_results(self) -> Self:
        """The fields of a card, and the text that the snippet is cut from."""
        return self.for_cards().only(*_ON_CARD, "view_total__views", "body_text")

    def for_search_engines(self) -> Self:
        """Those that search engines may index, with the fields of a sitemap."""
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

    def for_feed(self) -> Self:
        return self.defer("body_text").prefetch_related("section")

    def older_than(self, article) -> Self:
        """Those after this one in newest_first()."""
        return self.filter(
            Q(published_at__lt=article.published_at) | Q(published_at=article.published_at, id__lt=article.pk)
        ).newest_first()

    def newer_than(self, article) -> Self:
        """Those before this one in newest_first(), the nearest first."""
        return (
            self.filter(published_at__gte=article.published_at)
            .filter(
                Q(published_at__gt=article.published_at)
                | Q(published_at=article.published_at, id__gt=article.pk)
            )
            .order_by("published_at", "id")
        )

    def next_change(self, now: datetime) -> datetime | None:
        """The next moment at which time alone changes what visitors see: a publication, an expiry, the end of a flag."""
        first, *others = (
            self.filter(**{f"{field}__gt": now}).order_by().values_list(field, flat=True)
            for field in CLOCK_FIELDS
        )
        return min(first.union(*others, all=True), default=None)

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(using=self.db):  # rows and content version become visible together
            content_changed()
            articles = super().bulk_create(objs, *args, **kwargs)
            search.index_articles([article for article in articles if article.pk], self.db)
        return articles

    def update(self, **values):
        """bulk_update() calls this too."""
        with transaction.atomic(using=self.db):
            content_changed()
            if not search.INDEXED_FIELDS & values.keys():
                return super().update(**values)
            pks = list(self.values_list("pk", flat=True))
            count = super().update(**values)
            search.index_articles(self.model.objects.using(self.db).filter(pk__in=pks), self.db)
        return count

    bulk_create.alters_data = update.alters_data = True


def _first_of(year, month):
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())


def _just_before(moment):
    return moment - timedelta.resolution


def _flag_is_on(name, at):
    at = at or timezone.now()
    return Q(**{f"is_{name}": True}) & (Q(**{f"{name}_until": None}) | Q(**{f"{name}_until__gt": at}))
