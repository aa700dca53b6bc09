"""Files of a bucket are served like files of the disk, and only the part that is wanted is fetched."""

import io
import os

import pytest
from django.core.files.storage import default_storage

from greenenergy.media import bucket as bucket_storage
from greenenergy.media.errors import StorageUnavailable

from .downloads import CONTENT, download

JPEG_ONE_YEAR = {
    "Content-Type": "image/jpeg",
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}


@pytest.fixture
def picture(bucket):
    bucket.Object("media/pictures/a.jpg").put(Body=CONTENT)


def test_a_whole_file(client, picture):
    response = download(client)
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
    response = download(client, range=wanted)
    assert response.status_code == 206
    assert response.body == CONTENT[begin:end] == b"".join(fetched)
    assert response["Content-Range"] == f"bytes {begin}-{end - 1}/10240"
    assert response["Content-Length"] == str(end - begin)


def test_a_range_beyond_the_end_and_a_range_of_several_parts(client, picture):
    response = download(client, range="bytes=10240-")
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10240"
    assert download(client, range="bytes=0-1,4-5").body == CONTENT


def test_a_known_file_is_not_sent_again_and_a_changed_one_is(client, picture, bucket, object_store):
    whole = download(client)
    before = len(object_store.requests())
    for headers in (
        {"if_none_match": f'"x", W/{whole["ETag"]}'},
        {"if_modified_since": whole["Last-Modified"]},
    ):
        response = download(client, **headers)
        assert response.status_code == 304
        assert not response.body
        assert response["ETag"] == whole["ETag"]
    assert [line.split()[0] for line in object_store.requests()[before:]] == ["HEAD", "HEAD"]
    assert download(client, range="bytes=0-9", if_range=whole["ETag"]).status_code == 206
    bucket.Object("media/pictures/a.jpg").put(Body=CONTENT + b"new")
    assert download(client, if_none_match=whole["ETag"]).status_code == 200
    assert download(client, range="bytes=0-9", if_range=whole["ETag"]).body == CONTENT + b"new"


def test_a_file_replaced_between_two_requests_is_not_mixed(picture, bucket):
    stored = default_storage.find("pictures/a.jpg")
    bucket.Object("media/pictures/a.jpg").put(Body=b"another")
    with pytest.raises(StorageUnavailable):
        stored.piece(0, 5)


def test_head_tells_the_size_and_fetches_nothing(client, picture, object_store):
    before = len(object_store.requests())
    response = client.head("/media/pictures/a.jpg")
    assert response.status_code == 200
    assert response["Content-Length"] == "10240"
    assert b"".join(response.streaming_content) == b""
    assert [line.split()[0] for line in object_store.requests()[before:]] == ["HEAD"]


def test_an_empty_file(client, bucket):
    bucket.Object("media/empty.png").put(Body=b"")
    assert download(client, "empty.png").status_code == 200
    assert download(client, "empty.png", range="bytes=0-").status_code == 416


@pytest.mark.parametrize("size", [bucket_storage.MEMORY_BYTES + 1, 5_000_000])
def test_a_large_file_is_whole_and_is_on_the_disk_meanwhile(client, bucket, monkeypatch, size):
    """A file over FETCHED_BYTES is streamed from the service."""
    content = os.urandom(size)
    bucket.Object("media/film.mp4").put(Body=content)
    piece = default_storage.find("film.mp4").piece(0, size)
    assert isinstance(piece.fileno(), int)
    assert os.pread(piece.fileno(), 100, size - 50) == content[-50:]
    piece.close()
    assert download(client, "film.mp4").body == content
    monkeypatch.setattr(bucket_storage, "FETCHED_BYTES", 1000)
    assert download(client, "film.mp4").body == content
    assert download(client, "film.mp4", range="bytes=7-4000000").body == content[7:4000001]


@pytest.mark.parametrize("name", ["page.html", "page.svg", "noname", "表.docx"])
def test_whatever_a_browser_could_run_is_a_download_without_a_type(client, bucket, name):
    bucket.Object(f"media/{name}").put(Body=b"<script>", ContentType="text/html")
    response = download(client, name)
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
    assert download(client, name).status_code == 404


def test_a_name_longer_than_any_key_is_not_requested(client, bucket, object_store):
    """Amazon answers 400 to a key of more than 1,024 bytes."""
    before = len(object_store.requests())
    with pytest.raises(FileNotFoundError):
        default_storage.find("图" * 340 + ".jpg")
    assert len(object_store.requests()) == before
