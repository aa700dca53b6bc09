"""How long data is retained, and how that of one person is exported or erased."""

import json
import os
import uuid
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from contact import chat
from contact.chat import files as chat_files
from contact.models import ChatFile, ContactSettings, Conversation, Enquiry, Message, Notification, Visitor
from contact.privacy import retention
from greenenergy.models import MissingPage
from news.models import SearchedWord
from tests.contact.enquiries.test_enquiries import make_enquiry
from tests.factories import make_agent, make_conversation, make_visitor

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def make_file(visitor):
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 secret")
    chat.post_from_visitor(visitor, uuid.uuid4(), "", file=chat_files.check(upload), ip="192.0.2.1")
    return ChatFile.objects.get()


def make_person():
    """Somebody who wrote their number in the chat, sent a file, and filled in the form another time."""
    visitor = make_visitor()
    conversation = make_conversation(visitor, "我的电话 138-6010 ０６４１")
    file = make_file(visitor)
    make_enquiry(phone="13860100641", conversation=conversation)
    make_enquiry(phone="", wechat="wang_xs", text="换个号 +8613860100641 找我")
    SearchedWord.objects.create(text="13860100641", searches=1, last_searched_at=timezone.now())
    MissingPage.objects.create(path="/user/13860100641", visits=1, last_visited_at=timezone.now())
    Notification.objects.create(subject="x", text="访客 13860100641")
    return file


def make_stranger():
    make_conversation(make_visitor("s" * 40), "我的电话 13900000000")
    make_enquiry(phone="13900000000")


def test_everything_of_one_person_in_one_file(tmp_path):
    make_person()
    make_stranger()
    path = tmp_path / "person.zip"
    said = run("personal_data", "export", "138 6010 0641", str(path))
    assert "enquiries 2, conversations 1" in said
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        data = json.loads(archive.read("data.json"))
        name = next(name for name in archive.namelist() if name.startswith("files/"))
        assert archive.read(name) == b"%PDF-1.4 secret"
    assert [enquiry["phone"] for enquiry in data["enquiries"]] == ["", "13860100641"]
    assert data["conversations"][0]["lines"][0]["text"] == "我的电话 138-6010 ０６４１"
    assert "13900000000" not in json.dumps(data)
    with pytest.raises(CommandError, match=r"person\.zip"):
        run("personal_data", "export", "138 6010 0641", str(path))  # an old export is not written over


def test_one_person_is_forgotten_everywhere_and_nobody_else():
    path = make_person().file.path
    make_stranger()
    assert "say it again with --yes" in run("personal_data", "erase", "13860100641")
    assert Enquiry.objects.count() == 3
    said = run("personal_data", "erase", "+86 13860100641", "--yes")
    assert "enquiries 2, conversations 1" in said
    assert "files 1" in said
    assert "visitors 1" in said
    assert "searches 1" in said
    assert "missing pages 1" in said
    assert [enquiry.phone for enquiry in Enquiry.objects.all()] == ["13900000000"]
    assert [message.text for message in Message.objects.all()] == ["我的电话 13900000000"]
    assert Visitor.objects.count() == 1
    assert not Notification.objects.exists()
    assert not SearchedWord.objects.exists()
    assert not os.path.exists(path)


@pytest.mark.parametrize(
    "phone",
    [
        "13860100641",
        "8613860100641",
        "0592-1234567",
        "0592-1234567转801",
        "0592-1234567-801",
        "13860100641 / 0592-1234567-801",
    ],
)
def test_each_of_several_numbers_in_one_field_finds_the_person(phone):
    make_enquiry(phone="13860100641、05921234567转801")
    make_enquiry(phone="13860100649")
    assert "enquiries 1" in run("personal_data", "erase", phone, "--yes")
    assert Enquiry.objects.get().phone == "13860100649"


@pytest.mark.parametrize("phone", ["", "123", "王先生"])
def test_what_is_no_number_erases_nothing(phone):
    make_person()
    with pytest.raises(CommandError):
        run("personal_data", "erase", phone, "--yes")
    assert Enquiry.objects.count() == 2


def test_old_conversations_and_files_go_and_young_ones_stay():
    ContactSettings(conversation_days=30, enquiry_days=60).save()
    agent, now = make_agent(), timezone.now()
    visitor = make_visitor()
    old = make_conversation(visitor)
    path = make_file(visitor).file.path
    young = make_conversation()
    for conversation in (old, young):
        chat.take(agent, conversation.pk)
        chat.close(agent, conversation.pk)
    Conversation.objects.filter(pk=old.pk).update(closed_at=now - timedelta(days=31))
    Visitor.objects.update(consent_at=now - timedelta(days=40))
    make_enquiry(status="answered")
    Enquiry.objects.update(done_at=now - timedelta(days=61))
    make_enquiry(created_at=now - timedelta(days=500))  # not answered yet: retained
    assert "conversations 1, files 1, enquiries 1" in run("purge_contact", "--dry-run")
    assert Conversation.objects.count() == 2
    said = run("purge_contact")
    assert "conversations 1, files 1, enquiries 1, visitors 1" in said
    assert list(Conversation.objects.all()) == [young]
    assert Enquiry.objects.count() == 1
    assert not os.path.exists(path)


def test_a_conversation_that_nobody_ended_ends_after_a_day():
    conversation = make_conversation(changed_at=timezone.now() - timedelta(hours=25))
    other = make_conversation()
    assert retention.close_abandoned() == 1
    conversation.refresh_from_db()
    other.refresh_from_db()
    assert (conversation.status, other.status) == ("closed", "waiting")


def test_the_daily_purge_runs_once_a_day():
    assert retention.purge_once_a_day() is not None
    assert retention.purge_once_a_day() is None


def test_files_whose_line_was_never_stored_go(settings, tmp_path):
    folder = settings.PRIVATE_ROOT / "chat" / "2026" / "01"
    folder.mkdir(parents=True)
    old, young = folder / "old", folder / "young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    kept = make_file(make_visitor()).file.path
    os.utime(kept, (0, 0))
    assert retention.purge().files == 1
    assert not old.exists()
    assert young.exists()
    assert os.path.exists(kept)
