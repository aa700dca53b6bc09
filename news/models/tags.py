"""Tags: short names that join articles across sections."""

import math
import re
import time
import unicodedata
from collections import Counter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.content_version import cached
from greenenergy.models import Redirect
from greenenergy.serving.reverse_cache import cached_reverse

MAX_LENGTH = 30
MAX_TAGS = 20
MOST_USES = 50_000  # articles of one tag that are counted; one of more is frequent, whatever is asked
COUNTED = 100  # articles of one tag, for the overview
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

    def with_public_articles(self) -> list["Tag"]:
        """Tags that have something to show, most used first, with `article_count`.

        Articles are counted up to COUNTED; a tag of more has that number and `has_more`. Of those, the tags that most
        of the newest articles have stand first.
        """
        tags = list(self)
        if not all(_is_known(tag) for tag in tags):
            _look_at_all()
        lately, few, many = _tags_of_newest_articles(), [], []
        for tag in tags:
            tag.has_more, tag.article_count = tag.uses > COUNTED, COUNTED
            (many if tag.has_more else few).append(tag)
        counts, public = _count_public_articles(few), _with_a_public_article(many, lately)
        for tag in few:
            tag.article_count = counts.get(tag.pk, 0)
        shown = [tag for tag in tags if (tag.pk in public if tag.has_more else tag.article_count)]
        return sorted(shown, key=lambda tag: (-tag.article_count, -lately[tag.pk], tag.name))


def _tags_of_newest_articles():
    from .articles import Article  # tags stand below articles

    newest = Article.objects.published().newest_first().values_list("pk", flat=True)[:LATELY]
    uses = Article.tags.through.objects.filter(article__in=list(newest))
    return Counter(uses.values_list("tag", flat=True))


def _count_public_articles(tags):
    """By tag. Its uses are few: they are gone through, and each article is looked at."""
    from .articles import Article

    uses = Article.tags.through.objects.filter(tag__in=[tag.pk for tag in tags])
    pairs, public = list(uses.values_list("tag", "article")), set()
    articles = list({article for _tag, article in pairs})
    for begin in range(0, len(articles), 500):
        rows = Article.objects.published().filter(pk__in=articles[begin : begin + 500])
        public.update(rows.values_list("pk", flat=True))
    return Counter(tag for tag, article in pairs if article in public)


def _with_a_public_article(tags, lately):
    """Their numbers: of a tag's many articles one is public, or they are all drafts, say of an import."""
    from .articles import Article

    numbers = {tag.pk for tag in tags}
    of_one = Article.objects.published().filter(pk=OuterRef("article"))
    uses = Article.tags.through.objects.filter(Exists(of_one), tag=OuterRef("pk"))
    # With a limit, PostgreSQL looks tag by tag, and does not join all uses of all tags.
    others = Tag.objects.filter(pk__in=numbers - lately.keys()).annotate(
        public=Subquery(uses.values("article")[:1])
    )
    return numbers & lately.keys() | set(others.filter(public__isnull=False).values_list("pk", flat=True))


_uses: dict[
    int, tuple[int, float]
] = {}  # of each tag, and when that was seen; little depends on it but speed


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
        return cached_reverse("news:tag", self.name)

    def clean(self):
        self.name = normalize_name(self.name)
        if not self.name:
            raise ValidationError({"name": gettext("请填写标签的名称。")})

    @property
    def uses(self) -> int:
        """By how many articles, drafts included, up to MOST_USES; looked up once an hour."""
        if not _is_known(self):
            uses = self.articles.through.objects.filter(tag=self)[:MOST_USES].count()
            _uses[self.pk] = uses, time.monotonic()
        return _uses[self.pk][0]

    def is_frequent(self, newest: int) -> bool:
        """Whether its `newest` articles are found sooner among the newest of all than among its own.

        Its own are `uses`, all to be looked at; of all articles, newest × all ÷ uses have to be asked.
        """
        return self.uses >= MOST_USES or self.uses**2 > newest * _number_of_articles()


def _number_of_articles():
    """The highest number there is: no article is counted."""
    from .articles import Article

    return cached(
        "articles", lambda: Article.objects.aggregate(Max("pk"))["pk__max"] or 0, follows_clock=False
    )


def _is_known(tag):
    _uses_then, seen_at = _uses.get(tag.pk, (0, -math.inf))
    return time.monotonic() - seen_at <= LOOK_EVERY_SECONDS


def _look_at_all():
    """The same for all tags, in one query."""
    now = time.monotonic()
    uses = dict.fromkeys(Tag.objects.values_list("pk", flat=True), 0)
    uses |= dict(Tag.articles.rel.through.objects.values_list("tag").annotate(models.Count("pk")).order_by())
    for pk, count in uses.items():
        _uses[pk] = min(count, MOST_USES), now
