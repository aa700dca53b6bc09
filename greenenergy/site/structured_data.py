"""Structured data for search engines, as JSON-LD: https://schema.org/BreadcrumbList, https://schema.org/Organization."""

import json

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Only these could end a script element or begin another one; JSON parsers turn the escapes back into the characters.
_ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def script(data: dict) -> SafeString:
    """A data block for the page's head. Keys without a value are left out."""
    text = _encode(_without_empty(data))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above


def organization(site) -> dict:
    """The company; `site` is the template's."""
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": site.company_name,
        "alternateName": site.short_name,
        "url": f"{site.root_url}/",
        "logo": _logo_url(site),
        "address": site.address,
        "slogan": site.slogan,
    }


def publisher(site) -> dict:
    """The company as the publisher of an article: https://developers.google.com/search/docs/appearance/structured-data/article"""
    logo = {"@type": "ImageObject", "url": _logo_url(site)}
    return {"@type": "Organization", "name": site.company_name, "url": f"{site.root_url}/", "logo": logo}


def _logo_url(site):
    """Search engines want at least 112 × 112 pixels."""
    return site.root_url + (site.logo.url if site.logo else static("img/logo.png"))


def breadcrumb(site, steps: list[tuple[str, str]]) -> dict:
    """`steps`: (name, path), the home page left out."""
    whole = [(_("首页"), "/"), *steps]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{site.root_url}{path}"}
            for position, (name, path) in enumerate(whole, start=1)
        ],
    }


def _without_empty(data):
    return {key: value for key, value in data.items() if value not in ("", None, [])}
