"""The chat desk: what staff see and do, below /admin/chat/. Normal sessions, normal CSRF tokens."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contact import chat
from contact.chat import files as chat_files
from contact.chat import limits, payloads
from contact.chat.browser_input import clean_text
from contact.models import Agent, CannedReply, Channel, Label, Message
from greenenergy.models import SiteSettings

from .json_api import answer_json, answers_in_json, posted_data, read_client_id, read_text, whole_number
from .words import desk_words


def for_agents(view):
    """For staff who may answer chats. Everybody else gets a 403 in JSON, and the script then offers to log in."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not chat.may_answer_chats(request.user):
            return answer_json({"error": _("登录已失效，请重新登录。"), "is_logged_out": True}, 403)
        return answers_in_json(view)(request, *args, **kwargs)

    return checked


@admin.site.admin_view
@require_safe
def desk(request):
    """The empty page; its script fetches everything that it shows."""
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
            "text_limit": chat.TEXT_LIMIT,
            "typing_seconds": limits.TYPING_SECONDS,
            "words": desk_words(),
            "is_nav_sidebar_enabled": False,
        },
    )


@require_safe
@for_agents
def lists(request):
    """The queue, one's own conversations, the colleagues; and what the desk needs once: labels, canned replies."""
    user = request.user
    return answer_json({**payloads.desk_lists(user), **payloads.desk_setup(user), "variables": _variables()})


def _variables():
    """What {公司} and {热线} in a canned reply stand for; the script replaces the others by itself."""
    hotline = Channel.objects.first_hotline()
    return {"公司": SiteSettings.load().company_name, "热线": hotline.value if hotline else ""}


@require_safe
@for_agents
def thread(request, pk):
    """One conversation: its lines after ?after=N, or the newest ones below ?before=N, and all about the visitor."""
    conversation = get_object_or_404(payloads.conversations_for_desk(), pk=pk)
    lines = conversation.messages.select_related("file")
    if "after" in request.GET:
        found = list(lines.after(whole_number(request.GET["after"]))[: limits.LINES_OF_A_THREAD])
    else:
        before = whole_number(request.GET["before"]) if "before" in request.GET else None
        found = lines.newest(limits.LINES_OF_A_THREAD, before=before)
    return answer_json(
        {
            "conversation": payloads.summary(conversation),
            "messages": [payloads.line(message) for message in found],
            "about": payloads.about(conversation),
        }
    )


@require_POST  # a visitor's name or phone number must not stand in a URL, which is logged
@for_agents
def search(request):
    """Conversations with this text or visitor's name in them, the newest first; all of them without a text."""
    text = clean_text(posted_data(request).get("q", ""))[:50]
    rows = payloads.conversations_for_desk().order_by("-id")
    if text:
        rows = rows.mentioning(text)
    found = [payloads.summary(row) for row in rows[: limits.FOUND_THREADS + 1]]
    return answer_json(
        {"conversations": found[: limits.FOUND_THREADS], "has_more": len(found) > limits.FOUND_THREADS}
    )


@require_safe
@for_agents
def no_stream(request):
    return HttpResponse(status=204)


@require_POST
@for_agents
def presence(request):
    """Sent regularly by an open desk; with {"is_away": …} the agent steps away or comes back."""
    data = posted_data(request)
    is_away = data.get("is_away")
    agent = chat.mark_present(request.user, is_away=is_away if isinstance(is_away, bool) else None)
    return answer_json({"is_away": agent.is_away})


@require_POST
@for_agents
def post_message(request, pk):
    """An answer, a note ({"kind": "note"}), a file, or a canned reply's picture ({"canned": id})."""
    data = posted_data(request)
    client_id, upload = read_client_id(data), request.FILES.get("file")
    if not upload and str(data.get("canned", "")).isdecimal():
        reply = get_object_or_404(CannedReply, pk=data["canned"])
        upload = reply.picture.file if reply.picture else None
    text = read_text(data, is_needed=not upload)
    if data.get("kind") == "note":
        message = chat.note(request.user, pk, client_id, text)
    else:
        # A retry must not re-encode its picture. For a text, post_from_staff finds the stored line by itself.
        known = Message.objects.filter(conversation=pk).sent_as(client_id) if upload else None
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
    pks = [whole_number(value) for value in wanted] if isinstance(wanted, list) else []
    chat.set_labels(pk, Label.objects.filter(pk__in=pks))


_VERBS = {
    "take": lambda request, pk, data: chat.take(request.user, pk),
    "transfer": _transfer,
    "release": lambda request, pk, data: chat.release(request.user, pk),
    "close": lambda request, pk, data: chat.close(request.user, pk),
    "reopen": lambda request, pk, data: chat.reopen(request.user, pk),
    "read": lambda request, pk, data: chat.staff_has_read(
        request.user, pk, whole_number(data.get("sequence"))
    ),
    "typing": lambda request, pk, data: chat.staff_types(
        request.user, pk, is_typing=data.get("is_typing") is not False
    ),
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
