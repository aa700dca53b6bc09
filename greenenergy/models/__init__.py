from .content_changes import ContentChange
from .home import Banner, FriendLink
from .links import is_safe_link
from .missing_pages import MissingPage
from .rate_limits import LimitReached, RateLimit
from .redirects import Redirect
from .sections import RESERVED_SLUGS, Section, SectionQuerySet
from .site_settings import SiteSettings

__all__ = [
    "RESERVED_SLUGS",
    "Banner",
    "ContentChange",
    "FriendLink",
    "LimitReached",
    "MissingPage",
    "RateLimit",
    "Redirect",
    "Section",
    "SectionQuerySet",
    "SiteSettings",
    "is_safe_link",
]
