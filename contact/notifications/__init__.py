"""Notifying staff: stored in the transaction of the event, sent by the housekeeping thread, never in a request."""

import base64
import hashlib
import hmac
import http.client
import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import quote_plus

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from contact.models import ContactSettings, Enquiry, Notification, Robot
from greenenergy.serving.outgoing import ForbiddenAddress, opener

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 5
RETRY_SECONDS = (5, 30, 120, 600, 3600)  # after each failure; after the last one it is given up


def announce_enquiry(enquiry: Enquiry) -> None:
    """A new message form. The text names its receipt, not what the visitor wrote: a group chat has many readers."""
    lines = [
        _("有新留言 %(receipt)s") % {"receipt": enquiry.receipt},
        fact(_("事由"), enquiry.topic or "—"),
        *([fact(_("页面"), enquiry.page_title)] if enquiry.page_title else []),
        absolute(f"/admin/contact/enquiry/{enquiry.pk}/change/"),
    ]
    write(Robot.objects.filter(is_active=True, on_enquiry=True), lines)
    if settings.ENVIRONMENT.email and ContactSettings.load().mail_addresses:
        write([None], lines)


def fact(label: str, value: str) -> str:
    """One line of a text. A value is somebody else's, so it may not begin a line of its own."""
    return f"{label}：{' '.join(value.split())}"


def absolute(path: str) -> str:
    return settings.SITE_URLS[0] + path if path.startswith("/") else path


def write(robots: Iterable[Robot | None], lines: list[str]) -> None:
    """Store the text for each robot, or, where that is None, for the mail addresses of the settings."""
    Notification.objects.bulk_create(
        Notification(robot=robot, subject=lines[0], text="\n".join(lines)) for robot in robots
    )


def send_due() -> int:
    """Send what is due. Returns how many were sent."""
    sent = 0
    for notification in Notification.objects.due().select_related("robot")[:20]:
        # The process that moves due_at on has claimed it. If it dies while sending, it is due again later.
        later = timezone.now() + timedelta(seconds=60)
        if not Notification.objects.filter(
            pk=notification.pk, due_at=notification.due_at, sent_at=None
        ).update(due_at=later):
            continue
        sent += _send(notification)
    return sent


def send_test(robot: Robot) -> str:
    """Send a text to this robot now, whoever uses it. Returns the fault, '' for none; both are shown at the robot."""
    fault = _try(lambda: _send_to_robot(robot, _("这是网站发来的测试消息。")))
    sent = {} if fault else {"last_sent_at": timezone.now()}
    Robot.objects.filter(pk=robot.pk).update(last_fault=fault, **sent)
    return fault


def faults() -> list[tuple[str, str]]:
    """(name of the robot, or of the mail; why its last text was not sent) of all that do not work now."""
    robots = Robot.objects.filter(is_active=True).exclude(last_fault="").order_by("pk")
    found = [(robot.name, robot.last_fault) for robot in robots]
    mail = Notification.objects.filter(robot=None).order_by("-pk").first()
    if mail and mail.fault:
        found.append((_("新留言的邮件"), mail.fault))
    return found


def _try(send: Callable[[], None]) -> str:
    """Returns the fault in words, '' where it was sent."""
    try:
        send()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return str(error)[:200] or type(error).__name__
    return ""


def _send(notification):
    if notification.robot:
        fault = _try(lambda: _send_to_robot(notification.robot, notification.text))
    else:
        fault = _try(lambda: _send_mail(notification))
    if fault:
        _record_fault(notification, fault)
        return 0
    now = timezone.now()
    Notification.objects.filter(pk=notification.pk).update(sent_at=now, fault="")
    if notification.robot:
        Robot.objects.filter(pk=notification.robot_id).update(last_sent_at=now, last_fault="")
    return 1


def _record_fault(notification, fault):
    attempts = notification.attempts + 1
    now = timezone.now()
    values = {"attempts": attempts, "fault": fault}
    if attempts > len(RETRY_SECONDS):
        values["given_up_at"] = now
    else:
        values["due_at"] = now + timedelta(seconds=RETRY_SECONDS[attempts - 1])
    Notification.objects.filter(pk=notification.pk).update(**values)
    if notification.robot:
        Robot.objects.filter(pk=notification.robot_id).update(last_fault=fault)
    logger.warning("a notification was not sent (attempt %d): %s", attempts, fault)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


_opener = opener(_NoRedirect)


def _send_to_robot(robot: Robot, text: str) -> None:
    """POST as the robot's documentation says. Raises OSError or ValueError with a reason without the URL, a secret."""
    url, body = _robot_request(robot, text, int(time.time()))
    request = urllib.request.Request(  # noqa: S310  Robot.url is checked to be http(s)
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with _opener.open(request, timeout=SECONDS_TO_ANSWER) as response:
            answer = json.loads(response.read(64 * 1024) or b"{}")
    except urllib.error.HTTPError as error:
        raise OSError(_("机器人回答 HTTP %(status)d") % {"status": error.code}) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ForbiddenAddress):
            raise OSError(_("机器人的地址在本机或内网里，不发送")) from None
        raise OSError(_("连不上机器人：%(reason)s") % {"reason": error.reason}) from None
    code = answer.get("errcode", answer.get("code", 0)) if isinstance(answer, dict) else 1
    if code:
        reason = answer.get("errmsg") or answer.get("msg") or code if isinstance(answer, dict) else "?"
        raise OSError(_("机器人拒绝：%(reason)s") % {"reason": reason})


def _robot_request(robot, text, now):
    if robot.kind == Robot.Kind.FEISHU:
        body = {"msg_type": "text", "content": {"text": text}}
        if robot.secret:
            key = f"{now}\n{robot.secret}".encode()
            body |= {"timestamp": str(now), "sign": _base64_hmac(key, b"")}
        return robot.url, body
    body = {"msgtype": "text", "text": {"content": text}}
    if robot.kind == Robot.Kind.DINGTALK and robot.secret:
        stamp = now * 1000
        sign = _base64_hmac(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode())
        separator = "&" if "?" in robot.url else "?"
        return f"{robot.url}{separator}timestamp={stamp}&sign={quote_plus(sign)}", body
    return robot.url, body


def _base64_hmac(key, message):
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _send_mail(notification):
    addresses = ContactSettings.load().mail_addresses
    if not addresses:
        raise ValueError(_("没有填邮箱"))
    EmailMessage(notification.subject, notification.text, to=addresses).send()
