"""Tags: short names that join articles across sections."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.models import Redirect
from greenenergy.serving.reverse_cache import cached_reverse
from greenenergy.text.fields import CharField

from .tag_names import MAX_LENGTH, checked_names, normalize_name


class TagQuerySet(models.QuerySet):
    def for_names(self, names: Iterable[str]) -> list["Tag"]:
        """The tags of these names in the given order; missing ones are created.

        Upper and lower case are one tag; the spelling that was first stays.
        Raises ValidationError for a name that is too long.
        """
        wanted = checked_names(names)
        if not wanted:
            return []
        found = self._by_lower_name(wanted)
        missing = [Tag(name=name) for key, name in wanted.items() if key not in found]
        if missing:
            # A concurrent request may create the same tag: its row is used.
            self.bulk_create(missing, ignore_conflicts=True)
            found = self._by_lower_name(wanted)
        return [found[key] for key in wanted]

    def of_article(self, article) -> "TagQuerySet":
        """The tags of an article, given as a row or its primary key, in the order in which they were typed."""
        links = self.model.articles.through.objects.filter(article=article, tag=models.OuterRef("pk"))
        placed = self.filter(articles=article).annotate(place=models.Subquery(links.values("pk")[:1]))
        return placed.order_by("place")

    def _by_lower_name(self, wanted):
        tags = self.alias(lower_name=Lower("name")).filter(
            models.Q(lower_name__in=list(wanted)) | models.Q(name__in=list(wanted.values()))
        )
        return {tag.name.lower(): tag for tag in tags}


class Tag(models.Model):
    """A tag; its name is its URL: /news/tags/光伏/."""

    name = CharField(_("名称"), max_length=MAX_LENGTH)

    objects = TagQuerySet.as_manager()

    # For the overview: tags_with_public_articles() sets them.
    article_count: int
    has_more: bool

    class Meta:
        verbose_name = verbose_name_plural = _("标签")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="one_tag_per_name", violation_error_message=_("已有这个标签。")
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = normalize_name(self.name)
        before = Tag.objects.filter(pk=self.pk).first() if self.pk else None
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before:
                Redirect.objects.moved(before.get_absolute_url(), self.get_absolute_url())

    def get_absolute_url(self) -> str:
        return cached_reverse("news:tag", self.name)

    def clean(self):
        self.name = normalize_name(self.name)
        if not self.name:
            raise ValidationError({"name": gettext("请填写标签的名称。")})
