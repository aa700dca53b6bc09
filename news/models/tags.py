"""Tags: short names that join articles across sections."""

import math
import re
import time
import unicodedata
from collections import Counter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.models import Redirect

MAX_LENGTH = 30
MAX_TAGS = 20
FREQUENT = 10_000  # articles
LATELY = 500  # articles, the newest, that tell which frequent tags come first
LOOK_EVERY_SECONDS = 3600
_SEPARATORS = re.compile(r"[，、；,;\r\n]")


def split_tags(text: str) -> list[str]:
    """Split an editor's tag line into names, in typed order, without repeats.

    Separators are ， 、 ； , ; and line breaks; a space inside a name stays.
    """
    names = {}
    for part in _SEPARATORS.split(text):
        name = normalize_name(part)
        if name:
            names.setdefault(name.lower(), name)
    return list(names.values())


def normalize_name(text: str) -> str:
    """One spelling per tag: half-width letters, single spaces, no # around, and no / (it would split the address)."""
    name = unicodedata.normalize("NFKC", text)
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    return " ".join(name.split()).strip(" .#").replace("/", "／").replace("\\", "＼")


class TagQuerySet(models.QuerySet):
    def for_names(self, names) -> list["Tag"]:
        """The tags of these names in the given order, made where they are missing.

        Upper and lower case are one tag; the spelling that was first stays.
        Raises ValidationError for a name that is too long.
        """
        wanted = {}
        for name in map(normalize_name, names):
            if len(name) > MAX_LENGTH:
                raise ValidationError(
                    gettext("标签“%(name)s”太长，最多 %(limit)d 个字。") % {"name": name, "limit": MAX_LENGTH}
                )
            if name:
                wanted.setdefault(name.lower(), name)
        if not wanted:
            return []
        found = self._by_lower_name(wanted)
        missing = [Tag(name=name) for key, name in wanted.items() if key not in found]
        if missing:
            # Somebody else may make the same tag at this moment: theirs is as good.
            self.bulk_create(missing, ignore_conflicts=True)
            found = self._by_lower_name(wanted)
        return [found[key] for key in wanted]

    def _by_lower_name(self, wanted):
        tags = self.alias(lower_name=Lower("name")).filter(
            models.Q(lower_name__in=list(wanted)) | models.Q(name__in=list(wanted.values()))
        )
        return {tag.name.lower(): tag for tag in tags}

    def public(self):
        """Tags that have something to show."""
        from .articles import Article  # tags stand below articles

        return self.filter(models.Exists(Article.objects.published().filter(tags=models.OuterRef("pk"))))

    def with_public_articles(self) -> list["Tag"]:
        """Tags that have something to show, most used first, with `article_count`.

        A frequent tag is not counted: its number is FREQUENT, "so many and more", and those that most of the
        newest articles have stand first.
        """
        from .articles import Article  # tags stand below articles

        shown = list(self.public())
        if not all(_is_known(tag) for tag in shown):
            _look_at_all()
        frequent = [tag for tag in shown if tag.is_frequent]
        newest = Article.objects.published().newest_first().values_list("pk", flat=True)[:LATELY]
        lately = Counter(
            Article.tags.through.objects.filter(article__in=list(newest)).values_list("tag", flat=True)
            if frequent
            else ()
        )
        for tag in frequent:
            tag.article_count = FREQUENT
        public = models.Q(articles__in=Article.objects.published())
        others = (
            self.exclude(pk__in=[tag.pk for tag in frequent])
            .annotate(article_count=models.Count("articles", filter=public))
            .filter(article_count__gt=0)
        )
        return sorted([*frequent, *others], key=lambda tag: (-tag.article_count, -lately[tag.pk], tag.name))


_frequent: dict[int, tuple[bool, float]] = {}  # of each tag, and when that was seen; only speed depends on it


class Tag(models.Model):
    """A tag; its name is its address: /news/tags/光伏/."""

    name = models.CharField(_("名称"), max_length=MAX_LENGTH)

    objects = TagQuerySet.as_manager()

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

    def get_absolute_url(self):
        return reverse("news:tag", args=[self.name])

    def clean(self):
        self.name = normalize_name(self.name)
        if not self.name:
            raise ValidationError({"name": gettext("请填写标签的名称。")})

    @property
    def is_frequent(self) -> bool:
        """Whether more than 10,000 articles have it; looked up once an hour."""
        if not _is_known(self):
            uses = self.articles.through.objects.filter(tag=self)[: FREQUENT + 1].count()
            _frequent[self.pk] = uses > FREQUENT, time.monotonic()
        return _frequent[self.pk][0]


def _is_known(tag):
    _answer, seen_at = _frequent.get(tag.pk, (False, -math.inf))
    return time.monotonic() - seen_at <= LOOK_EVERY_SECONDS


def _look_at_all():
    """The same for all tags, in one query."""
    uses = Tag.articles.rel.through.objects.values_list("tag").annotate(models.Count("pk")).order_by()
    now = time.monotonic()
    for pk, count in uses:
        _frequent[pk] = count > FREQUENT, now
