"""What the views share: reading a request, JSON in and out, each refusal with its reason in words."""

import re
import uuid
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contact import chat
from contact.chat.browser_input import clean_text
from contact.models import Conversation
from greenenergy.models import LimitReached
from greenenergy.serving.same_origin import same_origin_post
from greenenergy.text.characters import read_json


def answer_json(data, status=200, **headers):
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def answers_in_json(view):
    """Turns each refusal into {"error": text} in the reader's language, with the status that fits it."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except LimitReached as limit:
            error = _("发送得太快了，请休息一下，%(seconds)d 秒后再发。") % {"seconds": limit.retry_after}
            return answer_json({"error": error}, 429, Retry_After=limit.retry_after)
        except Conversation.DoesNotExist:
            return answer_json({"error": _("没有这个会话，可能已经按期删除。")}, 404)
        except chat.Blocked as refusal:
            return answer_json({"error": str(refusal), "is_final": True}, 403)
        except chat.Crowded as refusal:
            data = {"error": str(refusal), "is_crowded": True}
            return answer_json(data, 429, Retry_After=refusal.retry_after)
        except chat.Refused as refusal:
            return answer_json({"error": str(refusal)}, 409)
        except ValidationError as fault:
            return answer_json({"error": " ".join(fault.messages), "is_final": True}, 400)

    return answer


def client_ip(request):
    """Behind trusted proxies, too: see greenenergy/serving/client_address.py."""
    return request.META.get("REMOTE_ADDR", "")


def visitor_post(view):
    """A POST of the visitor's panel: from a page of this site, answered in JSON."""
    return same_origin_post(require_POST(answers_in_json(view)))


def posted_data(request):
    """The JSON object of a POST. Raises ValidationError."""
    if request.content_type != "application/json":
        return request.POST.dict()
    data = read_json(request.body)
    if not isinstance(data, dict):
        raise ValidationError(_("没有看懂发来的内容，请刷新页面再试。"))
    return data


def read_client_id(data):
    try:
        return uuid.UUID(str(data.get("id")))
    except ValueError:
        raise ValidationError(_("没有看懂发来的内容，请刷新页面再试。")) from None


def read_text(data, *, is_needed):
    """The text of a line. Raises ValidationError where it is too long, or is needed and missing."""
    text = clean_text(data.get("text", ""))
    if len(text) > chat.TEXT_LIMIT:
        raise ValidationError(_("一次最多发 %(limit)d 个字，请分几次发。") % {"limit": chat.TEXT_LIMIT})
    if is_needed and not text:
        raise ValidationError(_("还没有写内容。"))
    return text


def whole_number(value):
    """A form field or JSON value of up to nine digits. Raises ValidationError."""
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValidationError(_("没有看懂发来的内容，请刷新页面再试。"))
    return int(text)
