"""Files of an article: checked, counted, and deleted with the article."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from news.models import Article, Attachment
from tests.factories import make_article, make_picture_file
from tests.news.admin.test_articles import ADD, form

pytestmark = pytest.mark.django_db
READER = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Mobile"}
PDF = b"%PDF-1.7\n..."


def office():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


def attach(article, name="2026年报.pdf", data=PDF, **values):
    return Attachment.objects.create(article=article, file=ContentFile(data, name=name), **values)


def test_a_reader_downloads_a_file_under_its_own_name(client):
    article = make_article()
    attachment = attach(article, data=PDF * 400)
    text = client.get(article.get_absolute_url()).text
    assert "2026年报" in text
    assert "PDF · 4.7" in text
    assert "下载 0 次" in text
    assert "2026" not in attachment.file.name
    response = client.get(attachment.get_absolute_url(), headers=READER)
    assert b"".join(response.streaming_content) == PDF * 400
    assert response["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''2026%E5%B9%B4%E6%8A%A5.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    client.get(attachment.get_absolute_url(), headers={"User-Agent": "Baiduspider"})
    client.head(attachment.get_absolute_url(), headers=READER)
    assert "下载 1 次" in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("published", [False])
def test_a_file_of_a_hidden_article_is_not_there(client, published):
    attachment = attach(make_article(published=published))
    assert client.get(attachment.get_absolute_url()).status_code == 404


def test_a_file_that_was_lost_is_404(client, caplog):
    attachment = attach(make_article())
    attachment.file.storage.delete(attachment.file.name)
    assert client.get(attachment.get_absolute_url()).status_code == 404
    assert "is missing" in caplog.text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"<html><script>", "不符"),
        ("a.docx", PDF, "不符"),
        ("a.docx", b"PK\x03\x04 not a zip", "不符"),
        ("a.html", b"<html>", "不能上传 .html"),
        ("a.exe", b"MZ", "不能上传 .exe"),
        ("a", b"MZ", "不能上传"),
        ("a.pdf", PDF + b"0" * (20 * 1024 * 1024), "最多 20 MB"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name, data, reason):
    attachment = Attachment(article=make_article(), file=ContentFile(data, name=name))
    with pytest.raises(ValidationError, match=reason):
        attachment.full_clean()


def test_an_editor_adds_a_file_in_the_article_form(admin_client):
    upload = ContentFile(office(), name="合同范本.docx")
    data = {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-file": upload,
        "attachments-0-name": "",
    }
    assert admin_client.post(ADD, form(**data)).status_code == 302
    attachment = Article.objects.get().attachments.get()
    assert (attachment.name, attachment.extension, attachment.download_name) == (
        "合同范本",
        "DOCX",
        "合同范本.docx",
    )
    bad = {**data, "attachments-0-file": ContentFile(b"MZ", name="坏.exe")}
    response = admin_client.post(ADD, form(title="第二篇", **bad))
    assert response.status_code == 200
    assert "不能上传 .exe" in response.text
    assert "第二篇" in response.text


def test_the_name_of_an_uploaded_file_may_be_long(admin_client):
    title = "关于开展储能项目安全生产月活动的通知" * 7
    cover = make_picture_file(f"{title}.png")
    data = {
        "attachments-TOTAL_FORMS": "1",
        "attachments-0-file": ContentFile(office(), name=f"{title}.docx"),
        "attachments-0-name": "",
    }
    assert admin_client.post(ADD, form(cover=cover, **data)).status_code == 302
    article = Article.objects.get()
    assert article.attachments.get().name == title[:100]
    assert article.cover.name.endswith("_400x300.png")
