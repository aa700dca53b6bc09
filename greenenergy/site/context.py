"""`site` in every template: settings and navigation, read from the database only where they are used."""

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from greenenergy.content_version import cached
from greenenergy.models import Banner, FriendLink, Section, SiteSettings
from greenenergy.page_cache.variants import is_in_care
from greenenergy.serving.public_host import site_url

from .rows import shared_settings


class Site:
    def __init__(self, request):
        self._request = request

    @cached_property
    def settings(self) -> SiteSettings:
        return shared_settings()

    @cached_property
    def navigation(self) -> list[Section]:
        """Top-level sections with their shown children in `section.entries`."""
        return cached("navigation", _read_navigation, follows_clock=False)[0]

    @property
    def place(self) -> str:
        """The page's place in the navigation: pages with the same place show the same navigation."""
        path = self._request.path
        urls = cached("navigation URLs", self._navigation_urls, follows_clock=False)
        return path if path in urls else " ".join(url for url in urls if path.startswith(url) and url != "/")

    def _navigation_urls(self):
        sections = [one for section in self.navigation for one in (section, *section.entries)]
        return dict.fromkeys(["/", *(section.get_absolute_url() for section in sections)])

    @cached_property
    def footer_sections(self) -> list[Section]:
        return cached("navigation", _read_navigation, follows_clock=False)[1]

    @cached_property
    def banners(self) -> list[Banner]:
        return cached("banners", lambda: list(Banner.objects.current()))

    @cached_property
    def friend_links(self) -> list[FriendLink]:
        return cached("friend links", lambda: list(FriendLink.objects.active()))

    @cached_property
    def is_in_care(self) -> bool:
        return is_in_care(self._request)

    @cached_property
    def company_name(self) -> str:
        return self.settings.display_name

    @cached_property
    def short_name(self) -> str:
        return self.settings.short_name if get_language() == settings.LANGUAGE_CODE else ""

    @cached_property
    def language_tag(self) -> str:
        """The interface's language, as HTML's lang attribute names it."""
        return {"zh-hans": "zh-Hans"}.get(get_language(), get_language())

    @cached_property
    def content_lang(self) -> str:
        """A lang attribute for what staff wrote, if the interface is in another language."""
        return "" if get_language() == settings.LANGUAGE_CODE else mark_safe(' lang="zh-Hans"')

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        return [(code, name) for code, name in settings.LANGUAGES if code != get_language()]

    @cached_property
    def share_picture_url(self) -> str:
        """The picture of a link's preview where the page has none of its own."""
        return self.root_url + cached("share picture", self._share_picture, follows_clock=False)

    def _share_picture(self):
        own = self.settings.share_picture
        return own.url if own else static("img/share.png")

    @cached_property
    def css_classes(self) -> str:
        """Of the root element, for the look of the whole page."""
        return " ".join(["care"] * self.is_in_care + ["is-grey"] * self.settings.is_grey_now)

    @cached_property
    def root_url(self) -> str:
        """Scheme and host of this site, without a slash at the end."""
        return site_url(self._request)

    @property
    def year(self) -> str:
        return str(timezone.localdate().year)

    def __getattr__(self, name):
        """{{ site.icp_number }}: the fields of the settings are available directly."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.settings, name)


def _read_navigation():
    """The top level of the navigation, each with its children; and the footer's sections. One query."""
    sections = list(Section.objects.for_navigation())
    shown = [section for section in sections if section.in_navigation]
    for section in shown:
        section.entries = [child for child in shown if child.parent_id == section.pk]
    top = [section for section in shown if section.parent_id is None]
    return top, [section for section in sections if section.in_footer]


def site(request):
    return {"site": Site(request)}
