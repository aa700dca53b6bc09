"""The visitor's side of the live chat. Only the cookie identifies the visitor: no URL names a conversation."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contact import chat, enquiries
from contact.chat import files as chat_files
from contact.chat import history, limits, payloads
from contact.chat.browser_input import Location, clean_text
from contact.chat.cursor import Cursor
from contact.enquiries.forms import EnquiryForm, new_stamp
from contact.models import Channel, ChatFile, ContactSettings, Conversation, Message, PrivacyText
from greenenergy.models import LimitReached

from .channels import too_many_enquiries
from .json_api import (
    answer_json,
    client_ip,
    posted_data,
    read_client_id,
    read_text,
    visitor_post,
    whole_number,
)
from .words import visitor_words

COOKIE_PATH, COOKIE_DAYS = "/contact/chat/", 180


def _find_visitor(request):
    """The visitor that this cookie belongs to, or None."""
    return chat.find_visitor(request.COOKIES.get(chat.COOKIE, ""))


def _visitor(request):
    """The same. Raises Http404 where there is none."""
    visitor = _find_visitor(request)
    if visitor is None:
        raise Http404
    return visitor


@require_safe
def chat_state(request):
    """What the panel shows when it opens: greeting, hours, privacy notice, and the thread where there is one."""
    rules = ContactSettings.load()
    visitor = _find_visitor(request)
    opening = chat.opening_state()
    return answer_json(
        {
            **opening,
            "now": payloads.in_milliseconds(timezone.now()),
            "answer_seconds": rules.answer_seconds,
            "typing_seconds": limits.TYPING_SECONDS,
            "text_limit": chat.TEXT_LIMIT,
            "words": visitor_words(),
            "has_agreed": visitor is not None,
            "html": render_to_string(
                "contact/_chat_panel.html",
                {
                    "rules": rules,
                    "opening": opening,
                    "hotline": Channel.objects.first_hotline(),
                },
                request,
            ),
            "thread": history.opened(visitor) if visitor else None,
        }
    )


@require_safe
def opening(request):
    """Whether somebody answers now: asked again by a panel that waits."""
    return answer_json(chat.opening_state())


@require_safe
def form(request):
    """The message form of the panel."""
    rules = ContactSettings.load()
    context = {
        "rules": rules,
        "form": EnquiryForm(rules=rules, auto_id="chat-form-%s"),
        "opening": chat.opening_state(),
        "stamp": new_stamp(),
    }
    return answer_json({"html": render_to_string("contact/_chat_form.html", context, request)})


@require_safe
def unread(request):
    """What a page of a later session asks before it loads anything of the chat. The same for a browser that is not known."""
    visitor = _find_visitor(request)
    newest = Conversation.objects.newest_of(visitor) if visitor else None
    return answer_json(
        {
            "unread": history.unread(visitor) if visitor else 0,
            "is_open": newest is not None and newest.is_open,
        }
    )


@visitor_post
def send_enquiry(request):
    """The message form in the panel, linked to the visitor's conversation where there is one."""
    sent = EnquiryForm(posted_data(request), rules=ContactSettings.load())
    if not sent.is_valid():
        fields = {name: " ".join(faults) for name, faults in sent.errors.items()}
        return answer_json({"error": fields.pop("__all__", ""), "fields": fields}, 400)
    visitor = _find_visitor(request)
    try:
        enquiry = enquiries.submit(
            sent,
            ip=client_ip(request),
            conversation=Conversation.objects.newest_of(visitor) if visitor else None,
        )
    except LimitReached as limit:
        return answer_json({"error": too_many_enquiries()}, 429, Retry_After=limit.retry_after)
    return answer_json({"receipt": enquiry.receipt})


@visitor_post
def start_chat(request):
    """Consent. The browser chooses the token, so that a retry after a lost answer is the same visitor."""
    data = posted_data(request)
    token, rules = str(data.get("token", "")), ContactSettings.load()
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,64}", token):
        raise ValidationError(_("没有看懂发来的内容，请刷新页面再试。"))
    if str(data.get("consent")) != str(rules.privacy_version):
        notice = {"version": rules.privacy_version, "text": rules.shown_notice}
        error = _("隐私提示刚刚有改动，请看一下，再勾选同意；写好的话随后发出。")
        return answer_json({"error": error, "notice": notice}, 400)
    PrivacyText.objects.keep(rules)
    known = _find_visitor(request)
    if known:  # this browser has agreed in another tab meanwhile: both go on as the same visitor
        chat.agree_again(known, rules.privacy_version)
        return answer_json({"has_agreed": True})
    chat.start(
        token,
        name=data.get("name", ""),
        user_agent=request.headers.get("User-Agent", ""),
        consent_version=rules.privacy_version,
        ip=client_ip(request),
    )
    response = answer_json({"has_agreed": True})
    response.set_cookie(
        chat.COOKIE, token, max_age=COOKIE_DAYS * 24 * 3600, path=COOKIE_PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@visitor_post
def post_message(request):
    """One line or one file. The answer comes after the commit, and is the same for a retry."""
    visitor, data = _visitor(request), posted_data(request)
    client_id = read_client_id(data)
    upload = request.FILES.get("file")
    # A retry must not re-encode its picture. For a text, post_from_visitor finds the stored line by itself.
    message = chat.find_line(visitor, client_id) if upload else None
    if message is None:
        message = chat.post_from_visitor(
            visitor,
            client_id,
            read_text(data, is_needed=not upload),
            file=chat_files.check(upload) if upload else None,
            location=Location.from_browser(data.get("page")),
            ip=client_ip(request),
        )
    return answer_json({"conversation": message.conversation_id, "message": payloads.line(message)})


@require_safe
def updates(request):
    """Polling: everything after ?after=<conversation>-<number>, as a stream would send it; or what is ?before= it."""
    visitor = _visitor(request)
    if "before" in request.GET:
        return answer_json(history.older(visitor, Cursor.parse(request.GET["before"])))
    return answer_json(history.since(visitor, Cursor.parse(request.GET.get("after", ""))))


@require_safe
def no_stream(request):
    """Django itself cannot serve streams (under runserver or a plain WSGI server): 204 makes the browser poll."""
    return HttpResponse(status=204)


@visitor_post
def mark_read(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_has_read(visitor, Cursor.parse(str(data.get("cursor", ""))))
    return HttpResponse(status=204)


@visitor_post
def record_typing(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_types(visitor, clean_text(data.get("text", "")))
    return HttpResponse(status=204)


@visitor_post
def record_page(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_has_moved(visitor, Location.from_browser(data))
    return HttpResponse(status=204)


@visitor_post
def rate(request):
    visitor, data = _visitor(request), posted_data(request)
    stars = whole_number(data.get("stars"))
    if not 1 <= stars <= 5:
        raise ValidationError(_("请选一到五颗星。"))
    chat.rate(visitor, stars, str(data.get("comment", "")))
    return HttpResponse(status=204)


@visitor_post
def end_chat(request):
    """结束; with {"forget": true} 并清除: this browser can no longer open the conversations."""
    visitor, data = _visitor(request), posted_data(request)
    chat.end(visitor)
    response = HttpResponse(status=204)
    if data.get("forget"):
        chat.forget_browser(visitor)
        response.delete_cookie(chat.COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response


@require_safe
def transcript(request):
    """All conversations of this visitor, as a text file to download."""
    lines = Message.objects.of_visitor(_visitor(request)).for_visitor().select_related("file")
    lines = lines.order_by("conversation_id", "sequence")
    text = render_to_string("contact/transcript.txt", {"lines": lines, "now": timezone.now()}, request)
    response = HttpResponse("\ufeff" + text.replace("\n", "\r\n"), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chat.txt"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def chat_file(request, key):
    """A picture or PDF, for its visitor and for staff who answer chats; 404 for everybody else."""
    stored = get_object_or_404(ChatFile.objects.select_related("conversation"), key=key)
    visitor = _find_visitor(request)
    is_own = visitor is not None and stored.conversation.visitor_id == visitor.pk
    if not is_own and not chat.may_answer_chats(request.user):
        raise Http404
    try:
        file = stored.file.open()
    except FileNotFoundError:
        raise Http404 from None
    is_picture = stored.content_type.startswith("image/")
    response = FileResponse(
        file, content_type=stored.content_type, as_attachment=not is_picture, filename=stored.name
    )
    response["Cache-Control"] = "private, max-age=86400"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
