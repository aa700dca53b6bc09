from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from .models import Channel, ChannelClicks


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


@csrf_exempt  # a beacon carries no token; the Origin check below stands in its place
@require_POST
def count_click(request):
    """A page's beacon: the visitor dialled, opened or copied this channel. No cookie, nothing about who."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return HttpResponseForbidden(content_type="text/plain")
    number = request.POST.get("channel", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return HttpResponseBadRequest(content_type="text/plain")
    channel = Channel.objects.active().filter(pk=number).first()
    if channel:
        ChannelClicks.objects.record(channel)
    return HttpResponse(status=204)
