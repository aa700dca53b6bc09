"""The contact page, and the counter of clicks on its channels."""

import uuid

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contact import enquiries
from contact.enquiries.forms import EnquiryForm, new_stamp
from contact.models import Channel, ChannelClicks, ContactSettings
from greenenergy.models import LimitReached
from greenenergy.serving.public_host import site_url
from greenenergy.serving.same_origin import same_origin_post

from .json_api import client_ip


@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request):
    """Channels and the message form; a sent form redirects to its receipt."""
    rules = ContactSettings.load()
    status, retry_after = 200, None
    if request.method == "POST":
        form = EnquiryForm(request.POST, rules=rules)
        if form.is_valid():
            try:
                enquiry = enquiries.submit(form, ip=client_ip(request))
                return redirect("contact:receipt", enquiry.receipt)
            except LimitReached as limit:
                status, retry_after = 429, limit.retry_after
                form.add_error(None, too_many_enquiries())
        else:
            status = 400
    else:
        form = EnquiryForm(rules=rules, initial={"page_url": _own_referrer(request)})
    channels = list(Channel.objects.active())
    response = render(
        request,
        "contact/contact.html",
        {
            "wechats": [channel for channel in channels if channel.kind == Channel.Kind.WECHAT],
            "others": [channel for channel in channels if channel.kind != Channel.Kind.WECHAT],
            "form": form,
            "rules": rules,
            "stamp": new_stamp(),
            "client_id": form.data.get("client_id") or uuid.uuid4(),
        },
        status=status,
    )
    if retry_after:
        response["Retry-After"] = retry_after
    return response


def too_many_enquiries():
    hotline = Channel.objects.hotline_in_words()
    return _(
        "这个网络刚才发来的留言太多了。您填写的内容还在，请过一会儿再提交；着急的话请拨打%(hotline)s。"
    ) % {"hotline": hotline}


def _own_referrer(request):
    """The page of this site that led the visitor to the form; '' for other sites."""
    referrer = request.headers.get("Referer", "")[:500]
    own = (f"{site_url(request)}/", f"{request.scheme}://{request.get_host()}/")
    return referrer if referrer.startswith(own) else ""


@require_safe
def receipt(request, number):
    """Shows the number and nothing else, so any number may be shown."""
    return render(request, "contact/receipt.html", {"number": number})


@same_origin_post
@require_POST
def count_click(request):
    """Sent by a page when its visitor dials, opens or copies a channel. No cookie, nothing about the visitor."""
    pk = request.POST.get("channel", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 10):
        return HttpResponseBadRequest(content_type="text/plain")
    channel = Channel.objects.active().filter(pk=pk).first()
    if channel:
        ChannelClicks.objects.record(channel)
    return HttpResponse(status=204)
