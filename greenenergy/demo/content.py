"""Creates the demo site's settings, sections, company pages, banners and friend links."""

from greenenergy.models import Banner, FriendLink, Section, SiteSettings

from .pictures import draw
from .texts import ABOUT_SLUG, BANNERS, FRIENDS, SECTIONS, SETTINGS


def is_empty() -> bool:
    return not (SiteSettings.objects.exists() or Section.objects.exists())


def fill() -> None:
    site = SiteSettings.objects.create(**SETTINGS)
    site.about_section = _create_sections()[ABOUT_SLUG]
    site.save()
    _create_banners()
    for order, (name, url) in enumerate(FRIENDS):
        FriendLink.objects.create(name=name, url=url, order=order)


def _create_sections() -> dict[str, Section]:
    """The sections by their slug."""
    sections: dict[str, Section] = {}
    for name, slug, order, parent_slug, values in SECTIONS:
        parent = sections[parent_slug] if parent_slug else None
        sections[slug] = Section.objects.create(name=name, slug=slug, order=order, parent=parent, **values)
    return sections


def _create_banners() -> None:
    for order, (title, link, subject, sky) in enumerate(BANNERS):
        Banner.objects.create(
            title=title,
            link_url=link,
            order=order,
            picture=draw(subject, sky, seed=order + 7, shape=1.8),
            phone_picture=draw(subject, sky, seed=order + 7),
        )
