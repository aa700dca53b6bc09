from django import template
from django.utils.translation import get_language

from greenenergy.content_version import cached
from greenenergy.media import markup
from greenenergy.operations.first_steps import first_steps_of
from greenenergy.richtext import display
from greenenergy.site import structured_data

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context, url):
    """aria-current of a link: "page" for the page that is shown, "true" for the part of the site that it belongs to."""
    path = context["request"].path
    if path == url:
        return "page"
    return "true" if url not in ("", "/") and path.startswith(url) else "false"


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """The URL of another page of this list, with the same search parameters."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    if number > 1:
        query["page"] = number
    return f"?{query.urlencode()}" if query else context["request"].path


class CachedNode(template.Node):
    child_nodelists = ()  # a cached piece contains no block, so {% extends %} need not search it

    def __init__(self, name, values, nodelist):
        self.name, self.values, self.nodelist = name, values, nodelist

    def render(self, context):
        values = [value.resolve(context) for value in self.values]
        key = (self.name, get_language(), *values)
        return cached(key, lambda: self.nodelist.render(context), follows_clock=False)


@register.tag(name="cached")
def cached_tag(parser, token):
    """{% cached "card" article.pk %} … {% endcached %}: whole elements, rendered once in a content version.

    They may depend on the content, the language and the given values only: not on the page, the host, 关怀版 or the
    clock, unless given as a value. tests/greenenergy/site/test_cached_pieces.py renders each piece both ways.
    """
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endcached",))
    parser.delete_first_token()
    return CachedNode(name.strip('"'), [parser.compile_filter(value) for value in values], nodelist)


@register.inclusion_tag("_icon.html")
def icon(name):
    return {"name": name}


@register.simple_tag(name="picture")
def picture_tag(url, sizes, alt="", width="", height="", is_first=False):
    """{% picture article.cover_url sizes="112px" %}: the rendition that fits, of a known size."""
    priority = "high" if is_first else "low"
    return markup.picture(url, sizes=sizes, alt=alt, width=width, height=height, priority=priority)


@register.filter(expects_localtime=True)
def iso(moment):
    """ISO 8601: 2026-11-25T08:00:00+08:00. Takes a third of the time of |date."""
    return moment.isoformat(timespec="seconds") if moment else ""


@register.filter(expects_localtime=True)
def day(moment):
    """2026-11-25, in every language."""
    return moment.strftime("%Y-%m-%d") if moment else ""


@register.filter
def present(clean_html):
    """A rich text as a page shows it: `.html`, and `.headings` for a contents list."""
    return display.present(clean_html)


@register.simple_tag
def banner_picture(banner, is_first):
    """A banner's picture, and its picture for phones if it has one."""
    phone_url = banner.phone_picture.url if banner.phone_picture else ""
    return markup.banner_picture(banner.picture.url, phone_url, alt=banner.title, is_first=is_first)


@register.simple_tag(takes_context=True)
def first_steps(context):
    """What the logged-in admin of a new site has to do; empty once it is done."""
    return first_steps_of(context["request"].user)


@register.simple_tag(takes_context=True)
def organization_data(context):
    return structured_data.script(structured_data.organization(context["site"]))


@register.simple_tag(takes_context=True)
def breadcrumb_data(context, section=None, title=""):
    """The same steps as _breadcrumb.html shows."""
    steps = []
    if section:
        steps = [(step.display_name, step.get_absolute_url()) for step in (section.parent, section) if step]
    if title:
        steps.append((str(title), context["request"].path))
    return structured_data.script(structured_data.breadcrumb(context["site"], steps))
