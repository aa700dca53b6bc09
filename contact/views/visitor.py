"""The visitor's side of the live chat. Whose conversation it is, the cookie alone says: no address names one."""

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
from contact.chat import payloads
from contact.chat.browser_input import Page, clean_text
from contact.enquiries.forms import EnquiryForm, new_stamp
from contact.models import Agent, ChatFile, ContactSettings, Message, Timetable, in_words
from contact.transport.streams import COOKIE
from greenenergy.models import LimitReached

from .channels import too_many_enquiries
from .json_api import answer_json, posted_data, read_client_id, visitor_post, whole_number

COOKIE_PATH, COOKIE_DAYS = "/contact/chat/", 180
LINES_AT_FIRST = 100


def _visitor(request):
    """Whoever this cookie belongs to. Raises Http404."""
    visitor = chat.find_visitor(request.COOKIES.get(COOKIE, ""))
    if visitor is None:
        raise Http404
    return visitor


@require_safe
def chat_state(request):
    """What the opened panel shows first: greeting, hours, privacy notice, and the thread where there is one."""
    rules = ContactSettings.load()
    visitor = chat.find_visitor(request.COOKIES.get(COOKIE, ""))
    conversation = chat.current_conversation(visitor) if visitor else None
    opening = opening_state()
    return answer_json(
        {
            "state": opening["state"],
            "answer_seconds": rules.answer_seconds,
            "has_agreed": visitor is not None,
            "html": render_to_string(
                "contact/_chat_panel.html",
                {
                    "rules": rules,
                    "form": EnquiryForm(rules=rules, auto_id="chat-form-%s"),
                    "opening": opening,
                    "stamp": new_stamp(),
                    "words": _words(),
                },
                request,
            ),
            "thread": _thread(conversation) if conversation else None,
        }
    )


def _words():
    """What the panel's script says, in the visitor's language."""
    return {
        "sending": _("发送中"),
        "delivered": _("已送达"),
        "read": _("已读"),
        "failed": _("未发送"),
        "retry": _("重试"),
        "discard": _("删除"),
        "connected": _("已连接"),
        "broken": _("未连接"),
        "connecting": _("正在连接…"),
        "offline": _("网络断开了，正在重连。写好的话会自动发出。"),
        "typing": _("对方正在输入…"),
        "waiting": _("已通知客服，请稍候。"),
        "agree": _("请先阅读隐私提示并勾选同意。"),
        "new": _("新消息"),
        "file": _("文件"),
        "confirm": _("结束对话，并从这台设备上清除聊天记录？"),
        "thanks": _("谢谢您的评价。"),
        "failure": _("服务器暂时没有回应，请稍后再试。"),
        "divider": _("新的对话"),
        "sound_on": _("提示音：开"),
        "sound_off": _("提示音：关"),
    }


@visitor_post
def send_enquiry(request):
    """The message form in the panel, linked to the visitor's conversation where there is one."""
    form = EnquiryForm(posted_data(request), rules=ContactSettings.load())
    if not form.is_valid():
        fields = {name: " ".join(faults) for name, faults in form.errors.items()}
        return answer_json({"error": fields.pop("__all__", ""), "fields": fields}, 400)
    visitor = chat.find_visitor(request.COOKIES.get(COOKIE, ""))
    try:
        enquiry = enquiries.submit(
            form,
            address=request.META.get("REMOTE_ADDR", ""),
            conversation=chat.current_conversation(visitor) if visitor else None,
        )
    except LimitReached as limit:
        return answer_json({"error": too_many_enquiries()}, 429, Retry_After=limit.retry_after)
    return answer_json({"receipt": enquiry.receipt})


def opening_state() -> dict:
    """online, away (open, but nobody there) or closed; and in words when somebody is back."""
    now, timetable = timezone.now(), Timetable.load()
    if not timetable.is_open(now):
        opening = timetable.opens_next(now)
        back = _("%(when)s 上班") % {"when": in_words(opening, now)} if opening else ""
        return {"state": "closed", "back": back}
    return {"state": "online" if Agent.objects.present().exists() else "away", "back": ""}


def _thread(conversation, after=None):
    lines = conversation.messages.for_visitor().select_related("file")
    newest = lines.order_by("-sequence")[:LINES_AT_FIRST]
    return payloads.visitor_update(
        conversation, list(reversed(newest) if after is None else lines.after(after))
    )


@visitor_post
def start_chat(request):
    """Consent. The browser makes the token itself, so that a retry after a lost answer is the same visitor."""
    data = posted_data(request)
    token, rules = str(data.get("token", "")), ContactSettings.load()
    if not re.fullmatch(r"[A-Za-z0-9_-]{32,64}", token):
        raise ValidationError(_("没有看懂发来的内容，请刷新页面再试。"))
    if str(data.get("consent")) != str(rules.privacy_version):
        raise ValidationError(_("请先阅读并同意隐私提示；它刚刚有改动，请重新打开在线客服。"))
    chat.start(
        token,
        name=data.get("name", ""),
        user_agent=request.headers.get("User-Agent", ""),
        consent_version=rules.privacy_version,
        address=request.META.get("REMOTE_ADDR", ""),
    )
    response = answer_json({"has_agreed": True})
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_DAYS * 24 * 3600, path=COOKIE_PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@visitor_post
def post_message(request):
    """One line or one file. The answer comes after the commit; sent again it is the same."""
    visitor, data = _visitor(request), posted_data(request)
    client_id = read_client_id(data)
    upload = request.FILES.get("file")
    # A picture is not worked on again for a retry; of a text post_from_visitor itself sees that it is one.
    message = chat.find_line(visitor, client_id) if upload else None
    if message is None:
        text = clean_text(data.get("text", ""))
        if len(text) > chat.TEXT_LIMIT:
            raise ValidationError(_("一次最多发 %(limit)d 个字，请分几次发。") % {"limit": chat.TEXT_LIMIT})
        if not text and not upload:
            raise ValidationError(_("还没有写内容。"))
        message = chat.post_from_visitor(
            visitor,
            client_id,
            text,
            file=chat_files.check(upload) if upload else None,
            page=Page.from_browser(data.get("page")),
            address=request.META.get("REMOTE_ADDR", ""),
        )
    return answer_json({"conversation": message.conversation_id, "message": payloads.line(message)})


@require_safe
def updates(request):
    """Polling: everything after ?after=<conversation>-<number>, as a stream would say it."""
    visitor = _visitor(request)
    conversation = chat.current_conversation(visitor)
    if conversation is None:
        return answer_json({"conversation": None, "messages": []})
    match = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,9})", request.GET.get("after", ""))
    held = int(match[2]) if match and int(match[1]) == conversation.pk else 0
    return answer_json(_thread(conversation, held))


@require_safe
def no_stream(request):
    """Here no stream can be opened (runserver, a plain WSGI server): 204 tells the browser to poll."""
    return HttpResponse(status=204)


@visitor_post
def mark_read(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_has_read(visitor, whole_number(data.get("sequence")))
    return HttpResponse(status=204)


@visitor_post
def tell_typing(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_types(visitor, clean_text(data.get("text", "")))
    return HttpResponse(status=204)


@visitor_post
def tell_page(request):
    visitor, data = _visitor(request), posted_data(request)
    chat.visitor_has_moved(visitor, Page.from_browser(data))
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
    """结束, and with {"forget": true} 并清除: this browser opens the conversations no more."""
    visitor, data = _visitor(request), posted_data(request)
    chat.end(visitor)
    response = HttpResponse(status=204)
    if data.get("forget"):
        chat.forget_browser(visitor)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response


@require_safe
def transcript(request):
    """What was said, as a text to keep."""
    visitor = _visitor(request)
    lines = (
        Message.objects.for_visitor()
        .filter(conversation__visitor=visitor)
        .select_related("file")
        .order_by("conversation_id", "sequence")
    )
    text = render_to_string("contact/transcript.txt", {"lines": lines, "now": timezone.now()}, request)
    response = HttpResponse("\ufeff" + text.replace("\n", "\r\n"), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chat.txt"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def chat_file(request, key):
    """A picture or PDF, for its visitor and for staff who answer chats; 404 for everybody else."""
    stored = get_object_or_404(ChatFile.objects.select_related("conversation"), key=key)
    visitor = chat.find_visitor(request.COOKIES.get(COOKIE, ""))
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
