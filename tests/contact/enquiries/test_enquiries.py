"""留言: from the form to the receipt, the inbox, the export."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.enquiries.forms import STAMP_SALT
from contact.models import Conversation, Enquiry, Notification, Robot
from tests.factories import make_agent, make_channel, make_conversation, make_settings, make_visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    make_settings()


def filled(**values):
    return {
        "name": "王先生", "phone": "138 6010 0641", "topic": "产品与项目", "text": "想装屋顶光伏", "consent": "1",
        "stamp": signing.dumps(int(time.time()) - 30, salt=STAMP_SALT), "client_id": str(uuid.uuid4()), **values,
    }  # fmt: skip


def submit(client, data=None, **values):
    return client.post(
        "/contact/", filled(**values) if data is None else data, HTTP_ORIGIN="http://testserver"
    )


def make_enquiry(**values):
    return Enquiry.objects.create(
        **{
            "name": "王先生",
            "phone": "13860100641",
            "text": "想装屋顶光伏",
            "consent_text": "同意",
            "consent_version": 1,
            **values,
        }
    )


def test_half_an_emoji_from_the_panel_costs_no_lead(client):
    data = filled(
        name="王\ud83d", text="储能\ude00多少钱？", page_title="首页\ud83d", phone="\u202d13860100641\u202c"
    )
    response = client.post(
        "/contact/chat/enquiry/", data, content_type="application/json", HTTP_ORIGIN="http://testserver"
    )
    assert response.status_code == 200
    enquiry = Enquiry.objects.get()
    assert (enquiry.name, enquiry.text, enquiry.phone) == ("王", "储能多少钱？", "13860100641")
    assert enquiry.page_title == "首页"


def test_a_sent_form_ends_in_a_receipt(client):
    response = submit(client)
    enquiry = Enquiry.objects.get()
    assert response["Location"] == f"/contact/receipt/{enquiry.receipt}/"
    assert enquiry.receipt in client.get(response["Location"]).text
    assert (enquiry.phone, enquiry.status, enquiry.consent_version) == ("13860100641", "new", 1)
    assert "保存" in enquiry.consent_text
    assert not response.cookies


def test_the_url_of_a_receipt_holds_nothing_personal(client):
    address = submit(client)["Location"]
    assert "1386" not in address
    assert client.get("/contact/receipt/0101-ABCDEF/").status_code == 200  # any number: none is looked up


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"name": ""}, "怎么称呼"),
        ({"text": " "}, "想了解什么"),
        ({"phone": ""}, "电话或微信号"),
        ({"consent": ""}, "勾选同意"),
        ({"consent": "99"}, "勾选同意"),
        ({"phone": "", "wechat": "微信"}, "微信号是字母"),
        ({"stamp": ""}, "太快"),
        ({"topic": "别的"}, ""),
    ],
)
def test_what_is_missing_is_named(client, values, word):
    response = submit(client, **values)
    assert response.status_code == 400
    assert word in response.text
    assert not Enquiry.objects.exists()


def test_a_bot_is_quicker_than_a_person(client):
    quick = signing.dumps(int(time.time()), salt=STAMP_SALT)
    assert "太快" in submit(client, stamp=quick).text


def test_what_fills_the_honeypot_is_stored_as_spam_and_announced_to_nobody(client):
    Robot.objects.create(name="群", kind="wecom", url="https://example.com/")
    assert submit(client, website="http://spam.example/").status_code == 302
    assert Enquiry.objects.get().status == "spam"
    assert not Notification.objects.exists()


def test_a_second_tap_is_the_same_enquiry(client):
    data = filled()
    first, second = submit(client, data), submit(client, data)
    assert first["Location"] == second["Location"]
    assert Enquiry.objects.count() == 1
    other = submit(client, {**data, "text": "另一个问题"})
    assert other["Location"] != first["Location"]


def test_five_hundred_people_behind_one_address_may_leave_a_message(settings):
    assert settings.ENVIRONMENT.enquiries_per_hour >= 500


def test_too_many_forms_of_an_address_name_the_telephone_and_keep_the_text(client, settings, monkeypatch):
    monkeypatch.setitem(vars(settings.ENVIRONMENT), "enquiries_per_hour", 5)
    make_channel(value="400-123-4567")
    for _ in range(5):
        assert submit(client).status_code == 302
    response = submit(client)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3000
    assert "着急的话请拨打服务热线 400-123-4567" in response.text
    assert "想装屋顶光伏" in response.text  # what was typed is still there
    assert submit(Client(REMOTE_ADDR="198.51.100.9")).status_code == 302


def test_a_form_of_another_site_is_refused(client):
    response = client.post("/contact/", filled(), HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 403
    old_browser = client.post("/contact/", filled(), HTTP_REFERER="http://testserver/contact/")
    assert old_browser.status_code == 302
    assert client.post("/contact/", filled()).status_code == 403


def test_the_panel_answers_field_by_field_and_links_the_conversation(client):
    token = "k" * 40
    conversation = make_conversation(make_visitor(token))
    client.cookies["chat"] = token

    def post(data):
        return client.post(
            "/contact/chat/enquiry/", data, "application/json", HTTP_ORIGIN="http://testserver"
        )

    wrong = post(filled(phone="123"))
    assert wrong.status_code == 400
    assert "phone" in wrong.json()["fields"]
    right = post(filled())
    assert right.json()["receipt"] == Enquiry.objects.get().receipt
    assert Enquiry.objects.get().conversation == conversation


def test_robots_announce_it_without_what_the_visitor_wrote(client):
    Robot.objects.create(name="群", kind="wecom", url="https://example.com/")
    submit(client, page_title="光伏新闻", page_url="http://testserver/news/1/")
    text = Notification.objects.get().text
    assert "产品与项目" in text
    assert "光伏新闻" in text
    assert "13860100641" not in text
    assert "王先生" not in text
    assert "屋顶" not in text


def test_what_is_pasted_is_not_cut_by_the_browser_and_a_page_title_is_one_line(client):
    text = client.get("/contact/").text
    assert 'maxlength="2000"' not in text
    response = submit(client, text="长" * 2600)
    assert "2600" in response.text
    assert "长" * 2600 in response.text
    Robot.objects.create(name="群", kind="wecom", url="https://example.com/")
    submit(client, page_title="光伏\n有新留言 0000-FORGED\u2028x", page_url="http://testserver/a\nb")
    lines = Notification.objects.get().text.splitlines()
    assert len(lines) == 4
    assert lines[2] == "页面：光伏 有新留言 0000-FORGED x"


def test_the_inbox_is_worked_through(admin_client, admin_user):
    enquiry = make_enquiry()
    address = reverse("admin:contact_enquiry_changelist")
    assert enquiry.receipt in admin_client.get(address).text
    admin_client.post(address, {"action": "take", "_selected_action": [enquiry.pk]})
    enquiry.refresh_from_db()
    assert (enquiry.owner, enquiry.status) == (admin_user, "in_hand")
    change = reverse("admin:contact_enquiry_change", args=[enquiry.pk])
    assert "想装屋顶光伏" in admin_client.get(change).text
    response = admin_client.post(
        change,
        {
            "status": "answered", "owner": admin_user.pk, "notes-TOTAL_FORMS": 1, "notes-INITIAL_FORMS": 0,
            "notes-0-text": "电话已回，周五上门", "phone": "000",
        },
    )  # fmt: skip
    assert response.status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.status == "answered"
    assert enquiry.done_at
    assert enquiry.phone == "13860100641"  # what the visitor wrote is not edited
    assert enquiry.notes.get().author == admin_user
    assert "mine" in admin_client.get(address + "?whose=mine").text


def test_no_cell_of_the_export_is_a_formula(admin_client):
    make_enquiry(name="=HYPERLINK(1)", text="+1\n第二行", wechat="@SUM", company="-1")
    make_enquiry(name="＝1+1", text="\u3000＋1", company="－1", page_title="＠SUM")
    make_enquiry()
    response = admin_client.post(
        reverse("admin:contact_enquiry_changelist"),
        {"action": "export", "_selected_action": list(Enquiry.objects.values_list("pk", flat=True))},
    )
    text = response.content.decode("utf-8-sig")
    assert response["Content-Type"].startswith("text/csv")
    for cell in (
        "'=HYPERLINK(1)",
        "'+1",
        "'@SUM",
        "'-1",
        "13860100641",
        "'＝1+1",
        "'\u3000＋1",
        "'－1",
        "'＠SUM",
    ):
        assert cell in text
    assert ",=" not in text
    assert ",+" not in text


def test_staff_without_the_right_see_no_inbox(client):
    client.force_login(make_agent())
    assert client.get(reverse("admin:contact_enquiry_changelist")).status_code == 403


def test_the_form_keeps_the_page_it_came_from(client):
    text = client.get("/contact/", HTTP_REFERER="http://testserver/news/7/").text
    assert 'value="http://testserver/news/7/"' in text
    assert "evil" not in client.get("/contact/", HTTP_REFERER="https://evil.example/").text


def test_age_of_an_open_enquiry_stands_out(admin_client):
    make_enquiry(created_at=timezone.now() - timedelta(days=2))
    assert "<strong>2" in admin_client.get(reverse("admin:contact_enquiry_changelist")).text


def test_closing_a_conversation_keeps_its_enquiry():
    conversation = make_conversation()
    enquiry = make_enquiry(conversation=conversation)
    Conversation.objects.all().delete()
    enquiry.refresh_from_db()
    assert enquiry.conversation is None
