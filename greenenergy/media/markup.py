"""HTML for pictures: an <img> of a known size, with its renditions to choose from.

The fetch priority is "high", "low" or "" for the browser's default. The largest picture of the first
screen has "high" and is loaded at once. All others are loaded when they come near the viewport, and
those with "low" after it.
"""

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .renditions import Renditions

BANNER_SIZES = "(min-width: 1160px) 1128px, calc(100vw - 32px)"
NARROW_BANNER_SIZES = "calc(100vw - 32px)"
NARROW = "(max-width: 599px)"


def picture(
    url: str,
    *,
    sizes: str,
    alt: str = "",
    width: int | str | None = None,
    height: int | str | None = None,
    css_class: str = "",
    priority: str = "low",
) -> SafeString:
    """An <img>, in a <picture> where it has renditions.

    `sizes` is the attribute of <source>. Where width and height are not two numbers, those of the picture's name are used.
    """
    img = _img(url, alt, width, height, css_class, priority)
    source = _source(url, sizes)
    return format_html("<picture>{}{}</picture>", source, img) if source else img


def banner_picture(url: str, narrow_url: str, *, alt: str, is_first: bool) -> SafeString:
    """The picture of a banner: on narrow screens that of `narrow_url`, unless it is ''."""
    img = _img(url, alt, None, None, "carousel__picture", "high" if is_first else "low")
    narrow = _source(narrow_url, NARROW_BANNER_SIZES, media=NARROW) if narrow_url else ""
    return format_html("<picture>{}{}{}</picture>", narrow, _source(url, BANNER_SIZES), img)


def _img(
    url: str, alt: str, width: int | str | None, height: int | str | None, css_class: str, priority: str
) -> SafeString:
    renditions = Renditions.of(url)
    if renditions and not (str(width).isdecimal() and str(height).isdecimal()):
        width, height = renditions.width, renditions.height
    pairs = [("src", url), ("alt", alt), ("width", width), ("height", height), ("class", css_class)]
    pairs += [("fetchpriority", priority), ("loading", "" if priority == "high" else "lazy")]
    attributes = (f' {name}="{escape(value)}"' for name, value in pairs if value or name in ("src", "alt"))
    return mark_safe(f"<img{''.join(attributes)}>")  # noqa: S308  each value is escaped


def _source(url: str, sizes: str, media: str = "") -> str:
    """A <source> with the renditions, or '' where there are none. Its type keeps WebP from old WebViews."""
    renditions = Renditions.of(url)
    if not renditions or not renditions.sources:
        return ""
    srcset = ", ".join(f"{source} {width}w" for source, width in renditions.sources)
    condition = f' media="{escape(media)}"' if media else ""
    source = f'<source{condition} type="image/webp" srcset="{escape(srcset)}" sizes="{escape(sizes)}">'
    return mark_safe(source)  # noqa: S308  each value is escaped
