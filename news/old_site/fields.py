"""An OldPage's fields as an article's: what is too long is cut or left out, and noted."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article
from news.models.tag_names import MAX_LENGTH, MAX_TAGS, normalize_name

from .pages import OldPage

_check_url = URLValidator(schemes=["http", "https"])


def article_of(page: OldPage) -> Article:
    """The unsaved article, without body and section. Raises ValidationError for a title that is too long."""
    if len(page.title) > 200:
        raise ValidationError(_("标题太长：%(length)d 个字，最多 200 个。") % {"length": len(page.title)})
    moment = page.published_at
    if moment and not moment.tzinfo:
        moment = timezone.make_aware(moment)
    article = Article(title=page.title, published_at=moment, initial_views=page.views or 0)
    for name in ("summary", "source", "author", "editor"):
        field = Article._meta.get_field(name)
        text = getattr(page, name)
        if len(text) > field.max_length:
            page.notes.append(
                _("%(field)s太长，只留前 %(limit)d 个字")
                % {"field": field.verbose_name, "limit": field.max_length}
            )
        setattr(article, name, text[: field.max_length])
    if page.source_url:
        try:
            _check_url(page.source_url)
        except ValidationError:
            page.notes.append(_("来源网址不是网址，没有保留"))
        else:
            article.source_url = page.source_url
    return article


def tag_names_of(page: OldPage) -> list[str]:
    """Those of the page's tags that an article can have."""
    names = list(dict.fromkeys(filter(None, map(normalize_name, page.tags))))
    fitting = [name for name in names if len(name) <= MAX_LENGTH][:MAX_TAGS]
    if len(fitting) < len(names):
        page.notes.append(_("%(count)d 个标签太长或太多，没有保留") % {"count": len(names) - len(fitting)})
    return fitting
