"""Counted views: the rows that the journals of news/view_counter are folded into."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField


class ViewTotal(models.Model):
    """All counted views of one article, in a row of its own: counting never updates the article's row."""

    article = models.OneToOneField("Article", models.CASCADE, primary_key=True, related_name="view_total")
    views = models.PositiveBigIntegerField(default=0)


class DailyViews(models.Model):
    """Views of one article on one day in Shanghai: “most read in 7 days” is a sum of these."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="daily_views", verbose_name=_("文章"))
    day = models.DateField(_("日期"))
    views = models.PositiveIntegerField(_("阅读次数"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("每日阅读")
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="one_row_per_article_and_day")]
        indexes = [models.Index(fields=["day", "article", "views"], name="daily_views_by_day")]


class Visit(models.Model):
    """One visitor's view of one article within one clock half-hour; the unique constraint refuses repeats.

    `slot` counts half-hours since 1970. `address` (the client's network) and `visitor` are keyed hashes. Their key is
    deleted after two days, and so are the rows.
    """

    article = models.ForeignKey(
        "Article", models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    slot = models.PositiveIntegerField()
    address = CharField(max_length=16)
    visitor = CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "article", "address", "visitor"], name="one_visit_per_visitor_and_half_hour"
            )
        ]


class VisitorKey(models.Model):
    """The random key of one day's hashes. All machines share it, so that a visitor is the same on each of them."""

    day = models.DateField(unique=True)
    key = models.BinaryField(max_length=32)


class FoldedJournal(models.Model):
    """How many bytes of a journal file are folded: written in the transaction that adds their views."""

    name = CharField(max_length=40, primary_key=True)
    folded_bytes = models.PositiveBigIntegerField(default=0)
