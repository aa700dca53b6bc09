"""Rows that many pages show: the settings and the sections, read once per content version.

All callers share the same objects and must not change them.
"""

from datetime import datetime

from greenenergy.content_version import cached
from greenenergy.models import Banner, Section, SiteSettings


def shared_settings() -> SiteSettings:
    return cached("settings", _read_settings, follows_clock=False)


def shared_sections() -> dict[int, Section]:
    """Every section by its primary key, in the order of the navigation, each with its parent."""
    return cached("sections", _read_sections, follows_clock=False)


def find_list(slug: str) -> Section | None:
    """The section of articles at /news/<slug>/."""
    found = (one for one in shared_sections().values() if one.kind == Section.Kind.LIST and one.slug == slug)
    return next(found, None)


def lists_below(section: Section) -> list[Section]:
    """The section itself and the sections of articles below it."""
    below = (one for one in shared_sections().values() if one.parent_id == section.pk)
    return [section, *(one for one in below if one.kind == Section.Kind.LIST)]


def lists_on_home() -> list[Section]:
    """The sections of articles that have a block on the home page."""
    top = (one for one in shared_sections().values() if one.parent_id is None and one.on_home)
    return [one for one in top if one.kind == Section.Kind.LIST]


def next_change(now: datetime) -> datetime | None:
    """The next moment at which a banner, the notice or the grey mode begins or ends by itself, or None."""
    moments = [moment for row in Banner.objects.values_list("starts_at", "ends_at") for moment in row]
    settings = shared_settings()
    moments += [settings.grey_from, settings.grey_until, settings.notice_from, settings.notice_until]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _read_settings():
    settings = SiteSettings.load()
    settings.about_section  # noqa: B018  read now: the row is cached, and every home page shows it
    return settings


def _read_sections():
    return {section.pk: section for section in Section.objects.select_related("parent")}
