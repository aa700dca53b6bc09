"""The chat desk: what staff see and do, below /admin/chat/. Normal sessions, normal CSRF tokens."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contact import chat
from contact.chat import files as chat_files
from contact.chat import payloads
from contact.chat.browser_input import clean_text
from contact.models import Agent, CannedReply, Channel, Conversation, Label, Message
from greenenergy.models import SiteSettings

from .json_api import answer_json, answers_in_json, posted_data, read_client_id, whole_number

LINES_AT_ONCE = 200
FOUND_LIMIT = 50


def for_agents(view):
    """Members of staff who may answer chats. A page leads to the log-in; JSON says 403, so that the desk can tell."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not chat.may_answer_chats(request.user):
            return answer_json({"error": _("登录已失效，请重新登录。"), "is_logged_out": True}, 403)
        return answers_in_json(view)(request, *args, **kwargs)

    return checked


@admin.site.admin_view
@require_safe
def desk(request):
    """The page itself; everything on it is asked for by admin-desk.js."""
    if not chat.may_answer_chats(request.user):
        raise PermissionDenied
    agent = Agent.objects.of(request.user)
    return render(
        request,
        "admin/contact/desk.html",
        {
            **admin.site.each_context(request),
            "title": _("客服工作台"),
            "agent": agent,
            "words": _words(),
            "is_nav_sidebar_enabled": False,
        },
    )


def _words():
    """What admin-desk.js says."""
    return {
        "waiting": _("排队中"),
        "mine": _("我的会话"),
        "nobodyWaits": _("现在没有人排队。"),
        "noChats": _("还没有接待的会话。"),
        "nothingFound": _("没有找到。"),
        "more": _("只显示最近的 50 个，请把词写得更具体。"),
        "found": _("找到的会话"),
        "waits": _("已等"),
        "minute": _("分"),
        "second": _("秒"),
        "sending": _("发送中"),
        "delivered": _("已送达"),
        "read": _("已读"),
        "failed": _("未发送"),
        "retry": _("重试"),
        "discard": _("删除"),
        "types": _("正在输入："),
        "note": _("内部备注"),
        "me": _("我"),
        "visitor": _("访客"),
        "file": _("文件"),
        "online": _("已连接"),
        "connecting": _("正在连接…"),
        "offline": _("连接断开，正在重连"),
        "unreachable": _("网络断开了，请稍后再试。"),
        "notYours": _("这个会话现在不由您接待，写好的话还没有发出。要回复访客，请先接待或重新打开。"),
        "loggedOut": _("登录已失效，写好的话还在。请在新窗口登录，然后回到这里。"),
        "login": _("去登录"),
        "newVisitor": _("有新访客在等待"),
        "newMessage": _("新消息"),
        "handedOver": _("同事转来一个会话"),
        "older": _("更早的消息"),
        "noPages": _("没有"),
        "direct": _("直接打开"),
        "answeredBy": _("接待："),
        "rating": _("评价"),
        "confirmBlock": _("拉黑后这个浏览器不能再发消息，同一个办公室的其他人不受影响。确定吗？"),
        "confirmClose": _("结束这个会话？"),
        "rename": _("访客的称呼"),
        "noColleague": _("没有别的同事在线。"),
        "away": _("暂时离开"),
        "back": _("恢复接待"),
        "chats": _("个会话"),
        "sound_on": _("提示音：开"),
        "sound_off": _("提示音：关"),
        "notify": _("桌面通知：开启"),
        "notify_on": _("桌面通知：已开"),
        "notify_off": _("桌面通知：浏览器不允许"),
        "failure": _("服务器暂时没有回应，请稍后再试。"),
    }


@require_safe
@for_agents
def lists(request):
    """Who waits, my chats, the colleagues; and what the desk needs once: labels and canned replies."""
    me = Agent.objects.of(request.user)
    return answer_json(
        {
            **payloads.desk_lists(request.user),
            "me": {"id": request.user.pk, "name": me.staff_name, "is_away": me.is_away},
            "labels": [{"id": label.pk, "name": label.name} for label in Label.objects.all()],
            "canned": [
                {
                    "id": reply.pk,
                    "shortcut": reply.shortcut,
                    "text": reply.text,
                    "picture": reply.picture.url if reply.picture else None,
                }
                for reply in CannedReply.objects.all()
            ],
            "variables": _variables(),
        }
    )


def _variables():
    """What {公司} and {热线} in a canned reply stand for; the others the desk knows by itself."""
    hotline = Channel.objects.active().filter(kind=Channel.Kind.HOTLINE).first()
    return {"公司": SiteSettings.load().company_name, "热线": hotline.value if hotline else ""}


@require_safe
@for_agents
def thread(request, pk):
    """One conversation: its lines after ?after=N, or the last ones before ?before=N, and all about the visitor."""
    conversation = get_object_or_404(payloads.conversations_for_desk(), pk=pk)
    lines = conversation.messages.select_related("file")
    if "after" in request.GET:
        found = list(lines.after(whole_number(request.GET["after"]))[:LINES_AT_ONCE])
    else:
        if "before" in request.GET:
            lines = lines.filter(sequence__lt=whole_number(request.GET["before"]))
        found = list(reversed(lines.order_by("-sequence")[:LINES_AT_ONCE]))
    visitor = conversation.visitor
    earlier = Conversation.objects.filter(visitor=visitor).exclude(pk=pk)[:20]
    return answer_json(
        {
            "conversation": payloads.summary(conversation),
            "messages": [payloads.line(message) for message in found],
            "about": {
                "referrer": conversation.referrer,
                "pages": conversation.pages,
                "started_at": payloads.in_milliseconds(conversation.created_at),
                "since": payloads.in_milliseconds(visitor.consent_at),
                "name": visitor.name,
                "rating_comment": conversation.rating_comment,
                "labels": list(conversation.labels.values_list("pk", flat=True)),
                "earlier": [
                    {
                        "id": row.pk,
                        "at": payloads.in_milliseconds(row.created_at),
                        "status": row.get_status_display(),
                        "rating": row.rating,
                    }
                    for row in earlier
                ],
                "enquiries": [
                    {"id": row.pk, "receipt": row.receipt, "status": row.get_status_display()}
                    for row in conversation.enquiries.all()
                ],
            },
        }
    )


@require_POST  # a name or a number that is looked for stands in no address, and in no log
@for_agents
def search(request):
    """Old threads: by words in them or by the visitor's name; the newest first."""
    text = clean_text(posted_data(request).get("q", ""))[:50]
    rows = payloads.conversations_for_desk().order_by("-id")
    if text:
        rows = rows.mentioning(text)
    found = [payloads.summary(row) for row in rows[: FOUND_LIMIT + 1]]
    return answer_json({"conversations": found[:FOUND_LIMIT], "has_more": len(found) > FOUND_LIMIT})


@require_safe
@for_agents
def no_stream(request):
    return HttpResponse(status=204)


@require_POST
@for_agents
def presence(request):
    """The desk's sign of life; with {"is_away": …} the agent steps away or comes back."""
    data = posted_data(request)
    is_away = data.get("is_away")
    agent = chat.mark_present(request.user, is_away=is_away if isinstance(is_away, bool) else None)
    return answer_json({"is_away": agent.is_away})


@require_POST
@for_agents
def post_message(request, pk):
    """An answer, a note ({"kind": "note"}), a file, or a canned reply's picture ({"canned": id})."""
    data = posted_data(request)
    client_id, text = read_client_id(data), clean_text(data.get("text", ""))
    upload = request.FILES.get("file")
    if not upload and str(data.get("canned", "")).isdecimal():
        reply = get_object_or_404(CannedReply, pk=data["canned"])
        upload = reply.picture.file if reply.picture else None
    if len(text) > chat.TEXT_LIMIT:
        raise ValidationError(_("一次最多发 %(limit)d 个字，请分几次发。") % {"limit": chat.TEXT_LIMIT})
    if not text and not upload:
        raise ValidationError(_("还没有写内容。"))
    if data.get("kind") == "note":
        message = chat.note(request.user, pk, client_id, text)
    else:
        # A picture is not worked on again for a retry; of a text post_from_staff itself sees that it is one.
        known = Message.objects.filter(conversation=pk, client_id=client_id).first() if upload else None
        file = chat_files.check(upload) if upload and not known else None
        message = known or chat.post_from_staff(request.user, pk, client_id, text, file=file)
    return answer_json({"message": payloads.line(message)})


def _transfer(request, pk, data):
    colleague = get_user_model().objects.filter(pk=whole_number(data.get("to"))).first()
    if colleague is None or not chat.may_answer_chats(colleague):
        raise chat.Refused(_("这位同事不能接待访客。"))
    chat.transfer(request.user, pk, colleague, clean_text(data.get("note", ""))[: chat.TEXT_LIMIT])


def _set_labels(request, pk, data):
    wanted = data.get("labels")
    numbers = [whole_number(value) for value in wanted] if isinstance(wanted, list) else []
    chat.set_labels(pk, Label.objects.filter(pk__in=numbers))


_VERBS = {
    "take": lambda request, pk, data: chat.take(request.user, pk),
    "transfer": _transfer,
    "release": lambda request, pk, data: chat.release(request.user, pk),
    "close": lambda request, pk, data: chat.close(request.user, pk),
    "reopen": lambda request, pk, data: chat.reopen(request.user, pk),
    "read": lambda request, pk, data: chat.staff_has_read(
        request.user, pk, whole_number(data.get("sequence"))
    ),
    "typing": lambda request, pk, data: chat.staff_types(request.user, pk),
    "labels": _set_labels,
    "rename": lambda request, pk, data: chat.rename_visitor(pk, str(data.get("name", ""))),
    "block": lambda request, pk, data: chat.block(request.user, pk, True),
    "unblock": lambda request, pk, data: chat.block(request.user, pk, False),
}
VERBS_PATTERN = "|".join(_VERBS)


@require_POST
@for_agents
def act(request, pk, verb):
    """One of the verbs on one conversation; 409 with the reason where it cannot be done."""
    _VERBS[verb](request, pk, posted_data(request))
    return HttpResponse(status=204)
