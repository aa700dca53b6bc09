"""The contact page, and how often each channel is used."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from greenenergy.same_origin import same_origin_post

from ..models import Channel, ChannelClicks


@require_safe
def contact(request):
    channels = list(Channel.objects.active())
    return render(
        request,
        "contact/contact.html",
        {
            "wechats": [channel for channel in channels if channel.kind == Channel.Kind.WECHAT],
            "others": [channel for channel in channels if channel.kind != Channel.Kind.WECHAT],
        },
    )


@same_origin_post
@require_POST
def count_click(request):
    """A page's beacon: the visitor dialled, opened or copied this channel. No cookie, nothing about who."""
    number = request.POST.get("channel", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return HttpResponseBadRequest(content_type="text/plain")
    channel = Channel.objects.active().filter(pk=number).first()
    if channel:
        ChannelClicks.objects.record(channel)
    return HttpResponse(status=204)
