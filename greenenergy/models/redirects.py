"""Old URLs of this site: where each leads now, or that it is gone."""

from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.text.fields import CharField

from .links import MAX_LENGTH, is_safe_link
from .missing_pages import MissingPage
from .old_urls import normal_form, old_path


class RedirectQuerySet(models.QuerySet):
    def moved(self, old: str, new: str) -> None:
        """Redirect `old`, and whatever led to it, to `new`. A redirect from `new` is deleted: the page exists."""
        path = old_path(old)
        if path == old_path(new):
            return
        with transaction.atomic():
            self.filter(old_path=old_path(new)).delete()
            self.filter(target__in=_spellings(old)).update(target=new)
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
        self.filter(target__in=_spellings(old)).update(target="")
        self.update_or_create(old_path=path, defaults={"target": "", "is_automatic": True})

    def find(self, path: bytes, query: bytes) -> "Redirect | None":
        """The redirect of a requested URL, with its query or without. The feed of a moved section is redirected with it.

        The path is decoded from percent-encoding, the query is as the browser sent it.
        """
        return self._find(normal_form(path, query))

    def find_url(self, url: str) -> "Redirect | None":
        """The redirect of a URL as it is written."""
        return self._find(old_path(url))

    def _find(self, whole):
        path = whole.partition("?")[0]
        found = {
            row.old_path: row for row in self.filter(old_path__in={whole, path, path.removesuffix("/feed")})
        }
        row = found.get(whole) or found.get(path)
        if row is None and path.endswith("/feed"):
            section = found.get(path.removesuffix("/feed"))
            if section and not section.target:
                return section
            if section and section.target.startswith("/") and section.target.endswith("/"):
                return self.model(old_path=path, target=f"{section.target}feed/")
        leads_here = row is not None and row.target.startswith("/") and old_path(row.target) == whole
        return None if leads_here else row


def _spellings(url):
    """The ways in which a target may be written that leads to this path of the site."""
    return {url, unquote(url), old_path(url), f"{old_path(url)}/"}


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
        MissingPage.objects.found(self.old_path)

    def clean(self):
        self.old_path = old_path(self.old_path)
        self.target = _without_own_host(self.target)
        if not self.target:
            return
        if not is_safe_link(self.target) or not self.target.startswith(("/", "http")):
            raise ValidationError(
                {"target": gettext("请填写以 / 开头的本站地址，或 https:// 开头的外站地址。")}
            )
        self._check_for_loop()

    def _check_for_loop(self):
        """Raise ValidationError where the redirects from `target` on lead back here."""
        others, seen, target = Redirect.objects.exclude(pk=self.pk), set(), self.target
        while target.startswith("/"):
            place = old_path(target)
            if self.old_path in (place, place.partition("?")[0]):
                raise ValidationError(
                    {"target": gettext("这样会绕圈子：“%(path)s” 又会跳回来。") % {"path": place}}
                )
            following = others.find_url(target)
            if following is None or following.pk in seen:
                return
            seen.add(following.pk)
            target = following.target


def _without_own_host(url):
    """The path of a URL of this site, any other link as it is."""
    try:
        parts = urlsplit(url)
        hosts = {(urlsplit(site).hostname, urlsplit(site).port) for site in settings.SITE_URLS}
        is_own = (parts.hostname, parts.port) in {*hosts, *_with_default_ports(hosts)}
    except ValueError:  # no such port
        return url
    if not is_own or parts.scheme not in ("http", "https"):
        return url
    return "/" + urlunsplit(("", "", parts.path, parts.query, parts.fragment)).lstrip("/")


def _with_default_ports(hosts):
    """http or https, with the port written out or not: all of them are redirected to SITE_URL's."""
    return {(host, port) for host, own in hosts if own is None for port in (80, 443)}
