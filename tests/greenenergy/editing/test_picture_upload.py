"""The upload of pictures from the editor: who may upload, what is accepted, what is answered."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenenergy.media import pictures
from tests.factories import make_picture_file

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/editor-upload/"


def stored():
    try:
        folders = [default_storage.listdir(f"pictures/{year}/{month}")[1]
                   for year in default_storage.listdir("pictures")[0]
                   for month in default_storage.listdir(f"pictures/{year}")[0]]  # fmt: skip
    except FileNotFoundError:
        return []
    return [name for folder in folders for name in folder if not name.endswith(".webp")]


def make_user(*permissions, is_staff=True):
    user = User.objects.create_user("someone", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_a_picture_is_stored_and_its_url_and_size_answered(admin_client):
    response = admin_client.post(UPLOAD, {"upload": make_picture_file("../../夏 天.png")})
    answer = response.json()
    assert response.status_code == 200
    assert answer["uploaded"] == 1
    assert (answer["width"], answer["height"]) == (400, 300)
    assert answer["url"].startswith("/media/pictures/")
    assert "天" not in answer["url"]
    assert len(stored()) == 1
    assert admin_client.get(answer["url"])["Content-Type"] == "image/png"


@pytest.mark.parametrize("permission", ["add_article", "change_article", "change_section"])
def test_staff_who_may_write_may_upload(client, permission):
    client.force_login(make_user(permission))
    assert client.post(UPLOAD, {"upload": make_picture_file()}).json()["uploaded"] == 1


@pytest.mark.parametrize(
    ("user", "message"),
    [
        (None, "登录已过期"),
        ({"permissions": [], "is_staff": True}, "没有上传图片的权限"),
        ({"permissions": ["view_article"], "is_staff": True}, "没有上传图片的权限"),
        ({"permissions": ["add_article"], "is_staff": False}, "没有上传图片的权限"),
    ],
)
def test_nobody_else_may(client, user, message):
    if user:
        client.force_login(make_user(*user["permissions"], is_staff=user["is_staff"]))
    response = client.post(UPLOAD, {"upload": make_picture_file()})
    assert response.status_code == 403
    assert message in response.json()["error"]["message"]
    assert stored() == []


def test_another_sites_form_is_refused(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.post(UPLOAD, {"upload": make_picture_file()}).status_code == 403
    assert stored() == []
    client.cookies["csrftoken"] = "a" * 32
    response = client.post(UPLOAD, {"upload": make_picture_file()}, headers={"X-CSRFToken": "a" * 32})
    assert response.status_code == 200
    assert response.json()["uploaded"] == 1


def test_only_post_is_accepted(admin_client):
    assert admin_client.get(UPLOAD).status_code == 405


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("fake.png", b"<script>alert(1)</script>"),
        ("fake.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50),
        ("vector.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("empty.png", b""),
        ("photo.heic", b"\0\0\0\x18ftypheic" + b"\0" * 100),
        ("run.php", b"<?php system($_GET['c']);"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(admin_client, name, content):
    response = admin_client.post(UPLOAD, {"upload": SimpleUploadedFile(name, content)})
    assert response.status_code < 500
    answer = response.json()
    assert answer["uploaded"] == 0
    assert len(answer["error"]["message"]) > 8
    assert stored() == []


def test_a_script_behind_a_picture_is_gone(admin_client):
    file = make_picture_file("polyglot.jpg")
    file = SimpleUploadedFile("polyglot.jpg", file.read() + b"<script>alert(1)</script>", "text/html")
    url = admin_client.post(UPLOAD, {"upload": file}).json()["url"]
    response = admin_client.get(url)
    assert response["Content-Type"] == "image/jpeg"
    assert b"<script>" not in b"".join(response.streaming_content)


def test_a_file_over_the_cap_is_refused_in_words(admin_client, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 500)
    answer = admin_client.post(UPLOAD, {"upload": make_picture_file(size=(900, 900))}).json()
    assert "图片太大" in answer["error"]["message"]


def test_the_answer_is_plain_json(admin_client):
    response = admin_client.post(UPLOAD, {"upload": SimpleUploadedFile("<img onerror=x>.png", b"x")})
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["uploaded"] == 0
