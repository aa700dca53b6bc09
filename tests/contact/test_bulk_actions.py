"""Actions of the admin on many enquiries or notifications ask first."""

import pytest
from django.utils import timezone

from contact.models import Enquiry, Notification, Robot

pytestmark = pytest.mark.django_db

INBOX, OUTBOX = "/admin/contact/enquiry/", "/admin/contact/notification/"


def make_enquiries(count):
    return [
        Enquiry.objects.create(
            name=f"访客{n}", phone="13860100641", text="问", consent_text="同意", consent_version=1
        )
        for n in range(count)
    ]


def act(client, url, action, rows, **values):
    return client.post(
        url, {"action": action, "_selected_action": [row.pk for row in rows], **values}, follow=True
    )


@pytest.mark.parametrize(
    ("action", "status"), [("take", "in_hand"), ("answered", "answered"), ("spam", "spam")]
)
def test_many_enquiries_change_after_a_question(admin_client, action, status):
    rows = make_enquiries(11)
    page = act(admin_client, INBOX, action, rows)
    assert "这 11 条留言" in page.text
    assert rows[3].receipt in page.text
    assert '<input type="hidden" name="confirmed" value="11">' in page.text
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"new"}
    assert admin_client.post(INBOX, _sent(page)).status_code == 302
    assert set(Enquiry.objects.values_list("status", flat=True)) == {status}


def _sent(page):
    """What the page's form posts."""
    data = {}
    for name, value in page.context["sent"]:
        data.setdefault(name, []).append(value)
    return data


def test_a_few_enquiries_change_at_once(admin_client):
    assert "改了 3 条留言的状态" in act(admin_client, INBOX, "spam", make_enquiries(3)).text


def test_several_notifications_are_sent_again_after_a_question(admin_client):
    robot = Robot.objects.create(name="群", kind="wecom", url="https://example.com/")
    rows = [
        Notification.objects.create(robot=robot, subject=f"第{n}条", given_up_at=timezone.now())
        for n in range(2)
    ]
    page = act(admin_client, OUTBOX, "send_again", rows)
    assert "要再发这 2 条通知吗" in page.text
    assert not Notification.objects.filter(given_up_at=None).exists()
    act(admin_client, OUTBOX, "send_again", rows, confirmed="2")
    assert Notification.objects.filter(given_up_at=None).count() == 2
