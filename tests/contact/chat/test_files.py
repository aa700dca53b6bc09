"""Pictures and PDFs in a conversation: what may be sent, and who may open it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contact.chat.files import plain_name
from contact.models import ChatFile, Message
from tests.contact.chat.panel import send_file, start
from tests.factories import make_agent, make_picture_file

pytestmark = pytest.mark.django_db


def test_a_picture_is_re_encoded_and_private(client, settings):
    start(client)
    file = send_file(client, make_picture_file("我的照片.jpg", exif=b"Exif\x00\x00GPS-secret")).json()[
        "message"
    ]["file"]
    assert file["name"] == "我的照片.jpg"
    response = client.get(file["url"])
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "image/jpeg"
    assert b"GPS-secret" not in content
    assert "sandbox" in response["Content-Security-Policy"]
    assert Client().get(file["url"]).status_code == 404
    stranger = Client()
    start(stranger, "s" * 40)
    assert stranger.get(file["url"]).status_code == 404
    agent = Client()
    agent.force_login(make_agent())
    assert agent.get(file["url"]).status_code == 200


def test_a_pdf_is_offered_for_download(client):
    start(client)
    file = send_file(client, SimpleUploadedFile("报价.pdf", b"%PDF-1.4 ...")).json()["message"]["file"]
    response = client.get(file["url"])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", b"<script>"),
        ("x.pdf", b"<script>"),
        ("x.svg", b"<svg onload=x>"),
        ("x.jpg", b"GIF89a???"),
        ("x.docx", b"PK"),
    ],
)
def test_other_files_are_refused_in_words(client, name, content):
    start(client)
    response = send_file(client, SimpleUploadedFile(name, content))
    assert response.status_code == 400
    assert "图片" in response.json()["error"]
    assert not ChatFile.objects.exists()
    assert not Message.objects.exists()


def test_a_file_name_is_never_a_path():
    assert plain_name("..\\..\\etc/passwd\u202e.pdf") == "passwd.pdf"
