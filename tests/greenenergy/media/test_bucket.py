"""Media in a bucket: served like files of the disk, private ones never, and a store that does not answer."""

import io
import os
import socket
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from contact import chat
from contact.chat import files as chat_files
from contact.models import ChatFile, Visitor
from contact.privacy import retention
from greenenergy.config.environment import Environment
from greenenergy.media import bucket as bucket_storage
from greenenergy.media import renditions, stored_pictures
from greenenergy.media.errors import StorageUnavailable
from news.models import Article
from tests.factories import make_article, make_picture_file, make_visitor

CONTENT = bytes(range(256)) * 40  # 10,240 bytes
JPEG_ONE_YEAR = {
    "Content-Type": "image/jpeg",
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


def use(settings, url):
    """Media at MEDIA_STORAGE_URL, as settings.py sets them."""
    options = Environment.read(
        {"DATA_DIR": str(settings.MEDIA_ROOT.parent), "MEDIA_STORAGE_URL": url}
    ).media_storage
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "greenenergy.media.bucket.MediaBucket", "OPTIONS": options},
        "private": {"BACKEND": "greenenergy.media.bucket.PrivateBucket", "OPTIONS": options},
    }


@pytest.fixture
def bucket(settings, object_store):
    """An empty bucket that the site uses, as a boto3 one."""
    use(settings, object_store.make_bucket())
    return default_storage.bucket


@pytest.fixture
def picture(bucket):
    bucket.Object("media/pictures/a.jpg").put(Body=CONTENT)


def get(client, name="pictures/a.jpg", **headers):
    response = client.get(f"/media/{name}", headers={k.replace("_", "-"): v for k, v in headers.items()})
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_a_whole_file(client, picture):
    response = get(client)
    assert response.status_code == 200
    assert response.body == CONTENT
    assert {name: response[name] for name in JPEG_ONE_YEAR} == JPEG_ONE_YEAR
    assert response["Content-Length"] == "10240"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-40", 10200, 10240),
    ],
)
def test_a_piece_is_all_that_is_fetched(client, picture, monkeypatch, wanted, begin, end):
    fetched = []
    monkeypatch.setattr(
        bucket_storage, "_fetched", lambda body: io.BytesIO(fetched.append(data := body.read()) or data)
    )
    response = get(client, range=wanted)
    assert response.status_code == 206
    assert response.body == CONTENT[begin:end] == b"".join(fetched)
    assert response["Content-Range"] == f"bytes {begin}-{end - 1}/10240"
    assert response["Content-Length"] == str(end - begin)


def test_a_piece_behind_the_end_and_a_range_that_is_none(client, picture):
    response = get(client, range="bytes=10240-")
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10240"
    assert get(client, range="bytes=0-1,4-5").body == CONTENT


def test_a_known_file_is_not_sent_again_and_a_changed_one_is(client, picture, bucket, object_store):
    whole = get(client)
    asked = len(object_store.requests())
    for headers in (
        {"if_none_match": f'"x", W/{whole["ETag"]}'},
        {"if_modified_since": whole["Last-Modified"]},
    ):
        response = get(client, **headers)
        assert response.status_code == 304
        assert not response.body
        assert response["ETag"] == whole["ETag"]
    assert [line.split()[0] for line in object_store.requests()[asked:]] == ["HEAD", "HEAD"]
    assert get(client, range="bytes=0-9", if_range=whole["ETag"]).status_code == 206
    bucket.Object("media/pictures/a.jpg").put(Body=CONTENT + b"new")
    assert get(client, if_none_match=whole["ETag"]).status_code == 200
    assert get(client, range="bytes=0-9", if_range=whole["ETag"]).body == CONTENT + b"new"


def test_a_file_replaced_between_two_questions_is_not_mixed(picture, bucket):
    stored = default_storage.find("pictures/a.jpg")
    bucket.Object("media/pictures/a.jpg").put(Body=b"another")
    with pytest.raises(StorageUnavailable):
        stored.piece(0, 5)


def test_head_tells_the_size_and_fetches_nothing(client, picture, object_store):
    asked = len(object_store.requests())
    response = client.head("/media/pictures/a.jpg")
    assert response.status_code == 200
    assert response["Content-Length"] == "10240"
    assert b"".join(response.streaming_content) == b""
    assert [line.split()[0] for line in object_store.requests()[asked:]] == ["HEAD"]


def test_an_empty_file(client, bucket):
    bucket.Object("media/empty.png").put(Body=b"")
    assert get(client, "empty.png").status_code == 200
    assert get(client, "empty.png", range="bytes=0-").status_code == 416


@pytest.mark.parametrize("size", [bucket_storage.MEMORY_BYTES + 1, 5_000_000])
def test_a_large_file_is_whole_and_stands_on_the_disk_meanwhile(client, bucket, monkeypatch, size):
    """Larger than what is fetched: in pieces, straight from the store."""
    content = os.urandom(size)
    bucket.Object("media/film.mp4").put(Body=content)
    piece = default_storage.find("film.mp4").piece(0, size)
    assert isinstance(piece.fileno(), int)
    assert os.pread(piece.fileno(), 100, size - 50) == content[-50:]
    piece.close()
    assert get(client, "film.mp4").body == content
    monkeypatch.setattr(bucket_storage, "FETCHED_BYTES", 1000)
    assert get(client, "film.mp4").body == content
    assert get(client, "film.mp4", range="bytes=7-4000000").body == content[7:4000001]


@pytest.mark.parametrize("name", ["page.html", "page.svg", "noname", "表.docx"])
def test_whatever_a_browser_could_run_is_a_download_without_a_type(client, bucket, name):
    bucket.Object(f"media/{name}").put(Body=b"<script>", ContentType="text/html")
    response = get(client, name)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "", "pictures", "pictures/", "missing.jpg", "../private/secret", "%2e%2e/private/secret", "pictures/../../private/secret",
        "..%2fprivate/secret", "..%5cprivate/secret", ".hidden", "pictures//a.jpg", "a%00.jpg", "%FF%FE.jpg",
        "x" * 2000 + ".jpg", "%E5%9B%BE" * 400,
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_no_public_file_is_not_there(client, picture, bucket, name):
    bucket.Object("private/secret").put(Body=b"key")
    bucket.Object("media/.hidden").put(Body=b"key")
    assert get(client, name).status_code == 404


def test_a_name_longer_than_any_is_not_asked_for(client, bucket, object_store):
    """Amazon answers 400 to a key of more than 1,024 bytes."""
    asked = len(object_store.requests())
    with pytest.raises(FileNotFoundError):
        default_storage.find("图" * 340 + ".jpg")
    assert len(object_store.requests()) == asked


@pytest.mark.django_db
def test_an_uploaded_picture_its_renditions_and_its_cover_are_in_the_bucket(client, bucket, settings):
    stored = stored_pictures.store_picture(make_picture_file(size=(900, 600)))
    article = make_article(title="封面", cover=make_picture_file("cover.png"))
    names = {item.key for item in bucket.objects.all()}
    assert stored.url.startswith("/media/pictures/")
    assert f"media/{article.cover.name}" in names
    for address, width in renditions.Renditions.of(stored.url).sources:
        with Image.open(io.BytesIO(get(client, address.removeprefix("/media/")).body)) as image:
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


def make_file(visitor):
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 secret")
    chat.post_from_visitor(
        visitor, uuid.uuid4(), "13860100641", file=chat_files.check(upload), address="192.0.2.1"
    )
    return ChatFile.objects.get()


@pytest.mark.django_db
def test_a_chat_file_has_no_address_of_its_own_and_goes_with_its_person(client, bucket, settings, tmp_path):
    stored = make_file(make_visitor())
    assert bucket.Object(f"private/{stored.file.name}").get()["Body"].read() == b"%PDF-1.4 secret"
    assert not settings.PRIVATE_ROOT.exists()
    for path in (stored.file.name, f"private/{stored.file.name}"):
        assert get(client, path).status_code == 404
    with pytest.raises(ValueError, match="no public address"):
        stored.file.url  # noqa: B018
    call_command("personal_data", "export", "13860100641", tmp_path / "person.zip")
    with zipfile.ZipFile(tmp_path / "person.zip") as archive:
        name = next(name for name in archive.namelist() if name.startswith("files/"))
        assert archive.read(name) == b"%PDF-1.4 secret"
    call_command("personal_data", "erase", "13860100641", "--yes")
    assert list(bucket.objects.all()) == []


@pytest.mark.django_db
def test_private_files_without_a_row_go_after_a_day(bucket, monkeypatch):
    kept = make_file(make_visitor())
    bucket.Object("private/chat/2026/01/orphan").put(Body=b"x")
    bucket.Object("media/pictures/a.jpg").put(Body=b"x")
    assert retention.purge().files == 0
    monkeypatch.setattr(retention, "ORPHAN_AGE", -retention.ORPHAN_AGE)
    assert retention.purge().files == 1
    assert {item.key for item in bucket.objects.all()} == {
        f"private/{kept.file.name}",
        "media/pictures/a.jpg",
    }


@pytest.fixture
def silent_store():
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def short_patience(monkeypatch):
    monkeypatch.setattr(bucket_storage, "READ_SECONDS", 0.3)
    monkeypatch.setattr(bucket_storage, "ATTEMPTS", 1)
    monkeypatch.setattr(bucket_storage, "SILENT_SECONDS", 1)


def seconds_of_a_refusal():
    begin = time.monotonic()
    with pytest.raises(StorageUnavailable):
        default_storage.find("a.jpg")
    return time.monotonic() - begin


def test_a_silent_store_holds_one_request_and_not_every_thread(settings, silent_store, short_patience):
    use(settings, f"s3://key:S3cret-pw@media?endpoint={silent_store}")
    assert seconds_of_a_refusal() > 0.25
    assert max(seconds_of_a_refusal() for _ in range(50)) < 0.2
    time.sleep(1)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(seconds_of_a_refusal) for _ in range(8)]
    assert sum(answer.result() > 0.25 for answer in answers) == 1


def test_a_store_that_is_not_there_is_a_503_that_says_when_to_ask_again(client, settings, short_patience):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    use(settings, f"s3://key:S3cret-pw@media?endpoint=http://127.0.0.1:{port}")
    client.raise_request_exception = False
    response = client.get("/media/pictures/a.jpg")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    assert "网站正忙" in response.text


@pytest.fixture
def falls_silent(monkeypatch, settings):
    """From the call on the store has not answered."""

    def fall():
        monkeypatch.setattr(default_storage._store, "_is_silent", True)
        monkeypatch.setattr(default_storage._store, "_asked_at", time.monotonic())

    return fall


@pytest.mark.django_db
def test_an_import_stops_where_its_pictures_cannot_be_stored(bucket, falls_silent, tmp_path):
    (tmp_path / "roof.png").write_bytes(make_picture_file().read())
    (tmp_path / "a.html").write_text(
        f"<title>屋顶光伏</title><h1>屋顶光伏</h1><p>{'发电。' * 60}<img src='roof.png'></p>"
    )
    falls_silent()
    with pytest.raises(CommandError, match="对象存储没有回答"):
        call_command("import_articles", str(tmp_path / "a.html"))
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_one_person_is_exported_whole_or_not_and_erased_at_last(bucket, falls_silent, tmp_path, monkeypatch):
    make_file(make_visitor())
    falls_silent()
    with pytest.raises(CommandError, match="Nothing is written"):
        call_command("personal_data", "export", "13860100641", tmp_path / "person.zip")
    assert not (tmp_path / "person.zip").exists()
    with pytest.raises(CommandError, match="daily purge"):
        call_command("personal_data", "erase", "13860100641", "--yes")
    assert not ChatFile.objects.exists()
    assert not Visitor.objects.exists()
    monkeypatch.setattr(default_storage._store, "_is_silent", False)
    monkeypatch.setattr(retention, "ORPHAN_AGE", -retention.ORPHAN_AGE)
    assert retention.purge().files == 1
    assert list(bucket.objects.all()) == []


def test_a_store_that_answers_again_is_asked_again(picture, short_patience, monkeypatch):
    store = default_storage._store
    monkeypatch.setattr(store, "_is_silent", True)
    monkeypatch.setattr(store, "_asked_at", time.monotonic() - 1)
    assert default_storage.find("pictures/a.jpg").size == 10240
    assert default_storage.find("pictures/a.jpg").size == 10240


def test_a_bucket_that_is_missing_is_no_missing_file(settings, object_store):
    use(settings, f"s3://key:S3cret-pw@no-such-bucket?endpoint={object_store.endpoint}")
    with pytest.raises(StorageUnavailable, match="NoSuchBucket") as error:
        default_storage.open("a.jpg")
    with pytest.raises(StorageUnavailable):
        default_storage.save("a.jpg", ContentFile(b"x"))
    assert "S3cret" not in str(error.value)


def test_nothing_but_what_every_store_understands_is_sent(bucket):
    """Checksums behind a body in chunks are Amazon's alone."""
    sent = []
    events = default_storage._store.client.meta.events
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
def test_the_bucket_stands_in_the_path_or_in_the_host(settings, addressing, host):
    endpoint = "http://127.0.0.1:1" if not addressing else "http://store.example"
    use(settings, f"s3://key:S3cret-pw@media?endpoint={endpoint}{addressing}")
    client = default_storage._store.client
    address = client.generate_presigned_url("get_object", Params={"Bucket": "media", "Key": "a.jpg"})
    assert address.split("?")[0] == (
        f"http://{host}/a.jpg" if addressing else "http://127.0.0.1:1/media/a.jpg"
    )


def test_both_folders_share_one_way_to_the_store(bucket):
    assert storages["private"].connection is default_storage.connection
