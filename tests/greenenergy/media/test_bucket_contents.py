"""What the site stores in a bucket: pictures, attachments, private files; and the requests that it sends."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from contact.privacy import retention
from greenenergy.media.renditions import Renditions
from greenenergy.media.stored_pictures import store_picture
from news.models import Article
from tests.factories import make_article, make_picture_file

from .buckets import use_bucket
from .downloads import download


@pytest.mark.django_db
def test_an_uploaded_picture_its_renditions_and_its_cover_are_in_the_bucket(client, bucket, settings):
    stored = store_picture(make_picture_file(size=(900, 600)))
    article = make_article(title="封面", cover=make_picture_file("cover.png"))
    names = {item.key for item in bucket.objects.all()}
    assert stored.url.startswith("/media/pictures/")
    assert f"media/{article.cover.name}" in names
    for url, width in Renditions.of(stored.url).sources:
        with Image.open(io.BytesIO(download(client, url.removeprefix("/media/")).body)) as image:
            assert image.width == width
    assert Image.open(Article.objects.get().cover).size == (article.cover.width, article.cover.height)
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.django_db
def test_two_uploads_never_share_a_name(bucket):
    first, second = (default_storage.save("a/b.txt", ContentFile(text)) for text in (b"one", b"two"))
    assert first != second
    assert default_storage.open(first).read() == b"one"


@pytest.mark.django_db
def test_an_attachment_is_downloaded_from_the_bucket(client, bucket):
    article = make_article()
    attachment = article.attachments.create(file=SimpleUploadedFile("年报.pdf", b"%PDF-1.4 report"))
    response = client.get(attachment.get_absolute_url())
    assert b"".join(response.streaming_content) == b"%PDF-1.4 report"
    assert response["Content-Length"] == "15"
    assert "attachment" in response["Content-Disposition"]
    bucket.Object(f"media/{attachment.file.name}").delete()
    assert client.get(attachment.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_a_chat_file_has_no_url_and_is_erased_with_its_person(client, bucket, chat_file, settings, tmp_path):
    assert bucket.Object(f"private/{chat_file.file.name}").get()["Body"].read() == b"%PDF-1.4 secret"
    assert not settings.PRIVATE_ROOT.exists()
    for path in (chat_file.file.name, f"private/{chat_file.file.name}"):
        assert download(client, path).status_code == 404
    with pytest.raises(ValueError, match="no public URL"):
        chat_file.file.url  # noqa: B018
    call_command("personal_data", "export", "13860100641", tmp_path / "person.zip")
    with zipfile.ZipFile(tmp_path / "person.zip") as archive:
        name = next(name for name in archive.namelist() if name.startswith("files/"))
        assert archive.read(name) == b"%PDF-1.4 secret"
    call_command("personal_data", "erase", "13860100641", "--yes")
    assert list(bucket.objects.all()) == []


@pytest.mark.django_db
def test_private_files_without_a_row_are_deleted_after_a_day(bucket, chat_file, monkeypatch):
    bucket.Object("private/chat/2026/01/orphan").put(Body=b"x")
    bucket.Object("media/pictures/a.jpg").put(Body=b"x")
    assert retention.purge().files == 0
    monkeypatch.setattr(retention, "ORPHAN_AGE", -retention.ORPHAN_AGE)
    assert retention.purge().files == 1
    assert {item.key for item in bucket.objects.all()} == {
        f"private/{chat_file.file.name}",
        "media/pictures/a.jpg",
    }


def test_uploads_use_only_what_every_service_understands(bucket):
    """Only AWS accepts trailing checksums and chunked bodies."""
    sent = []
    events = default_storage.service.client.meta.events
    events.register(
        "before-send.s3", lambda request, **_: sent.append(str(dict(request.headers)).lower()), "watch"
    )
    try:
        default_storage.save("a.jpg", ContentFile(b"x" * 100_000))
    finally:
        events.unregister("before-send.s3", unique_id="watch")
    assert sent
    assert not [word for word in ("checksum", "trailer", "chunked", "streaming") if word in " ".join(sent)]


@pytest.mark.parametrize(
    ("addressing", "host"), [("", "127.0.0.1"), ("&addressing=virtual", "media.store.example")]
)
def test_the_bucket_is_named_in_the_path_or_in_the_host(settings, addressing, host):
    endpoint = "http://127.0.0.1:1" if not addressing else "http://store.example"
    use_bucket(settings, f"s3://key:S3cret-pw@media?endpoint={endpoint}{addressing}")
    client = default_storage.service.client
    url = client.generate_presigned_url("get_object", Params={"Bucket": "media", "Key": "a.jpg"})
    assert url.split("?")[0] == (f"http://{host}/a.jpg" if addressing else "http://127.0.0.1:1/media/a.jpg")


def test_both_folders_share_one_connection(bucket):
    assert storages["private"].connection is default_storage.connection
