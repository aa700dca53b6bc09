"""Old URLs of this site: where each leads now, or that it is gone."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField

from .links import MAX_LENGTH, is_safe_link
from .missing_pages import MissingPage


def old_path(url: str) -> str:
    """How a URL of this site is stored: decoded, without scheme, host and fragment; the query stays."""
    parts = urlsplit(url.strip())
    path = unquote(parts.path) or "/"
    return (path + (f"?{parts.query}" if parts.query else "")).replace("\x00", "")[:MAX_LENGTH]


class RedirectQuerySet(models.QuerySet):
    def moved(self, old: str, new: str) -> None:
        """Redirect `old`, and whatever led to it, to `new`. A redirect from `new` is deleted: the page exists."""
        if old == new:
            return
        path = old_path(old)
        with transaction.atomic():
            self.filter(old_path=old_path(new)).delete()
            self.filter(target__in={old, path}).update(target=new)
            self.update_or_create(old_path=path, defaults={"target": new, "is_automatic": True})

    def add_if_missing(self, old: str, new: str) -> bool:
        """Redirect a URL of the old site, with or without its host, to `new`; False if it has a redirect already."""
        path = old_path(old)
        if path == "/" or path == old_path(new) or not path.startswith("/"):
            return False
        return self.get_or_create(old_path=path, defaults={"target": new, "is_automatic": True})[1]

    def gone(self, old: str) -> None:
        """Answer `old`, and whatever led to it, with 410: it is gone for good."""
        path = old_path(old)
        self.filter(target__in={old, path}).update(target="")
        self.update_or_create(old_path=path, defaults={"target": "", "is_automatic": True})

    def find(self, path: str, query: str) -> "Redirect | None":
        """The redirect of a URL, with its query or without. The feed of a moved section is redirected with it."""
        whole = f"{path}?{query}" if query else path
        candidates = {whole[:MAX_LENGTH], path[:MAX_LENGTH], path.removesuffix("feed/")[:MAX_LENGTH]}
        found = {row.old_path: row for row in self.filter(old_path__in=candidates)}
        row = found.get(whole) or found.get(path)
        if row is None and path.endswith("/feed/"):
            section = found.get(path.removesuffix("feed/"))
            if section and section.target.startswith("/") and section.target.endswith("/"):
                return self.model(old_path=path, target=f"{section.target}feed/")
        return row


class Redirect(models.Model):
    """One old URL: it redirects to `target` (301), or is gone where that is empty (410)."""

    old_path = CharField(
        _("旧网址"), max_length=MAX_LENGTH, unique=True,
        help_text=_("本站的旧地址，以 / 开头，例如 /about.html 或 /show.php?id=12；粘贴整个网址也可以。"),
    )  # fmt: skip
    target = CharField(
        _("跳转到"), max_length=MAX_LENGTH, blank=True,
        help_text=_("以 / 开头的本站地址，或 https:// 开头的外站地址。留空表示页面已经删除，不会再有（410）。"),
    )  # fmt: skip
    is_automatic = models.BooleanField(_("自动记录"), default=False, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("旧网址")
        ordering = ["-id"]

    def __str__(self):
        return self.old_path

    def save(self, *args, **kwargs):
        self.old_path = old_path(self.old_path)
        super().save(*args, **kwargs)
        MissingPage.objects.filter(path=self.old_path).delete()

    def clean(self):
        self.old_path = old_path(self.old_path)
        if not self.target:
            return
        if not is_safe_link(self.target) or not self.target.startswith(("/", "http")):
            raise ValidationError(
                {"target": gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。")}
            )
        self._check_for_loop()

    def _check_for_loop(self):
        """Raise ValidationError where the redirects from `target` on lead back here."""
        seen, place = {self.old_path}, self.target
        while place.startswith("/"):
            place = old_path(place)
            if place in seen:
                raise ValidationError(
                    {"target": gettext("这样会绕圈子：“%(path)s” 又会跳回来。") % {"path": place}}
                )
            seen.add(place)
            following = Redirect.objects.filter(old_path=place).exclude(pk=self.pk).first()
            place = following.target if following else ""
