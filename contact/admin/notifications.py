"""Robots of group chats, and the outbox of what is sent to them."""

from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contact import notifications
from contact.models import Notification, Robot
from greenenergy.editing.admin import StaffAdmin
from greenenergy.editing.confirmation import ask_first


@admin.register(Robot)
class RobotAdmin(StaffAdmin):
    list_display = ["name", "kind", "is_active", "on_waiting", "on_enquiry", "last_sent_at", "last_fault"]
    readonly_fields = ["last_sent_at", "last_fault"]
    actions = ["send_test"]
    change_form_template = "admin/contact/robot/change_form.html"
    # Whoever has the address can write into the group.
    view_only_fields = {"url": "shown_url", "secret": ""}

    @admin.display(description=_("Webhook 地址"))
    def shown_url(self, robot):
        parts = urlsplit(robot.url)
        return f"{parts.scheme}://{parts.hostname}/…"

    def response_add(self, request, obj, post_url_continue=None):
        return self._then_test(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._then_test(request, obj) or super().response_change(request, obj)

    def changeform_view(self, request, *args, **kwargs):
        response = super().changeform_view(request, *args, **kwargs)
        # After the commit: a robot that does not answer must not keep other writers waiting.
        if robot := getattr(request, "robot_to_test", None):
            self._send_test(request, robot)
        return response

    def _then_test(self, request, robot):
        """For the button that saves and sends a test text: the result, on the robot's own page."""
        if "_test" not in request.POST:
            return None
        request.robot_to_test = robot
        return HttpResponseRedirect(reverse("admin:contact_robot_change", args=[robot.pk]))

    def _send_test(self, request, robot):
        fault = notifications.send_test(robot)
        if fault:
            messages.error(request, gettext("测试消息没有发出：%(fault)s") % {"fault": fault})
        else:
            messages.success(request, gettext("测试消息发出了，请到群里看看。"))

    @admin.action(description=_("发一条测试消息"), permissions=["change"])
    def send_test(self, request, robots):
        Notification.objects.bulk_create(
            Notification(robot=robot, subject=gettext("测试"), text=gettext("这是网站发来的测试消息。"))
            for robot in robots
        )
        messages.info(request, gettext("测试消息已排队，几秒后刷新本页看结果。"))


@admin.register(Notification)
class NotificationAdmin(StaffAdmin):
    """What was sent, and what was not and why."""

    list_display = ["subject", "robot", "created_at", "sent_at", "attempts", "fault", "given_up_at"]
    list_filter = ["robot", "sent_at"]
    list_select_related = ["robot"]
    actions = ["send_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_send_permission(self, request):
        return request.user.has_perm("contact.change_notification")

    @admin.action(description=_("再发一次"), permissions=["send"])
    def send_again(self, request, rows):
        names = [str(notification) for notification in rows]
        question = ngettext("要再发这 %d 条通知吗？", "要再发这 %d 条通知吗？", len(names)) % len(names)
        page = ask_first(self, request, names, question, button=gettext("再发一次"))
        if page:
            return page
        count = rows.update(due_at=timezone.now(), given_up_at=None, sent_at=None, attempts=0)
        messages.info(request, gettext("%(count)d 条通知会马上再发。") % {"count": count})
        return None
