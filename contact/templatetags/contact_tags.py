from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from contact import notifications
from contact.models import Channel, ContactSettings, fill_in
from greenenergy.content_version import cached
from greenenergy.serving.reverse_cache import cached_reverse

register = template.Library()


def _channels(*kinds):
    channels = cached("channels", lambda: list(Channel.objects.active()))
    return [channel for channel in channels if not kinds or channel.kind in kinds]


def _cached_html(template_name, make_context, variant=""):
    """Rendered once for each content version, language and variant: it is the same on all those pages."""
    name = f"{template_name} {get_language()} {variant}"
    return cached(name, lambda: render_to_string(template_name, make_context()))


@register.simple_tag(takes_context=True)
def contact_bar(context):
    """The floating bar of every page: 在线客服, 服务热线, 微信咨询, 返回顶部.

    On the contact page 微信咨询 jumps to the QR code of the page: only one code is on the screen at a time.
    """
    is_on_contact_page = context["request"].path == cached_reverse("contact:contact")
    return _cached_html(
        "contact/_bar.html",
        lambda: {
            "company_name": context["site"].company_name,
            "hotlines": _channels(Channel.Kind.HOTLINE),
            "wechats": _channels(Channel.Kind.WECHAT),
            "is_on_contact_page": is_on_contact_page,
            "is_chat_on": cached("contact settings", ContactSettings.load).is_chat_on,
        },
        is_on_contact_page,
    )


@register.simple_tag
def contact_strip():
    """The first hotline, for the line above the header."""
    return _cached_html("contact/_strip.html", lambda: {"hotlines": _channels(Channel.Kind.HOTLINE)})


@register.filter
def filled_in(clean_html):
    """A rich text with {公司}, {聊天保留天数} and the like replaced: see contact/models/privacy_texts.py."""
    return (
        fill_in(clean_html, cached("contact settings", ContactSettings.load))
        if "{" in clean_html
        else clean_html
    )


@register.simple_tag
def notification_faults():
    """(name, fault) of the robots and mails that do not work, for the first page of the admin."""
    return notifications.faults()


@register.inclusion_tag("contact/_card.html")
def contact_card():
    """A short list of all channels, for the home page."""
    return {"channels": _channels()}
