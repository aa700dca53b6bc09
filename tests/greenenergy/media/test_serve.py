"""Uploaded files: ranges of them, their content types, and names that are no public file."""

import os
from pathlib import Path

import pytest

from .downloads import CONTENT, download


@pytest.fixture
def media(settings):
    root = Path(settings.MEDIA_ROOT)
    (root / "pictures").mkdir(parents=True)
    (root / "pictures" / "a.jpg").write_bytes(CONTENT)
    return root


def test_a_whole_file(client, media):
    response = download(client)
    assert response.status_code == 200
    assert response.body == CONTENT
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == "10240"
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "max-age=31536000" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-40", 10200, 10240),
        ("bytes=0-99999", 0, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes=10239-10239", 10239, 10240),
    ],
)
def test_a_piece(client, media, wanted, begin, end):
    response = download(client, range=wanted)
    assert response.body == CONTENT[begin:end]
    assert response["Content-Length"] == str(end - begin)
    if end - begin == 10240:
        assert response.status_code == 200
    else:
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {begin}-{end - 1}/10240"


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_beyond_the_end(client, media, wanted):
    response = download(client, range=wanted)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10240"


@pytest.mark.parametrize(
    "wanted", ["bytes=5-2", "bytes=0-1,4-5", "items=0-1", "bytes=a-b", "bytes=-", "bytes=" + "9" * 40 + "-"]
)
def test_a_malformed_range_gives_the_whole_file(client, media, wanted):
    response = download(client, range=wanted)
    assert response.status_code == 200
    assert response.body == CONTENT


def test_a_piece_of_another_version_is_not_mixed_in(client, media):
    etag, modified = (whole := download(client))["ETag"], whole["Last-Modified"]
    assert download(client, range="bytes=0-9", if_range=etag).status_code == 206
    assert download(client, range="bytes=0-9", if_range=modified).status_code == 206
    assert download(client, range="bytes=0-9", if_range='"another"').status_code == 200


def test_a_known_file_is_not_sent_again(client, media):
    whole = download(client)
    for headers in (
        {"if_none_match": whole["ETag"]},
        {"if_none_match": f'"x", W/{whole["ETag"]}'},
        {"if_modified_since": whole["Last-Modified"]},
    ):
        response = download(client, **headers)
        assert response.status_code == 304
        assert not response.body
        assert response["ETag"] == whole["ETag"]
    (media / "pictures" / "a.jpg").write_bytes(CONTENT + b"new")
    assert download(client, if_none_match=whole["ETag"]).status_code == 200


def test_head_gives_the_size_and_sends_nothing(client, media):
    response = client.head("/media/pictures/a.jpg")
    assert response.status_code == 200
    assert response["Content-Length"] == "10240"
    assert b"".join(response.streaming_content) == b""


def test_an_empty_file(client, media):
    (media / "empty.png").write_bytes(b"")
    assert download(client, "empty.png").status_code == 200
    assert download(client, "empty.png", range="bytes=0-").status_code == 416


@pytest.mark.parametrize(
    "name", ["page.html", "page.svg", "page.xml", "script.js", "noname", "a.jpg.html", "表.docx"]
)
def test_whatever_a_browser_could_run_is_a_download_without_a_type(client, media, name):
    (media / name).write_bytes(b"<script>alert(1)</script>")
    response = download(client, name)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_pdf_is_shown(client, media):
    (media / "a.PDF").write_bytes(b"%PDF-1.7")
    response = download(client, "a.PDF")
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    [
        "", "pictures", "pictures/", "missing.jpg", "../secret", "%2e%2e/secret", "pictures/../../secret", ".hidden",
        "pictures/.hidden", "pictures//a.jpg", "a%00.jpg", "%FF%FE.jpg", "..%5csecret", "link.jpg", "pipe.jpg",
        "x" * 300 + ".jpg",
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_no_public_file_is_not_there(client, media, name):
    (media.parent / "secret").write_text("key")
    (media / ".hidden").write_text("key")
    (media / "link.jpg").symlink_to(media.parent / "secret")
    os.mkfifo(media / "pipe.jpg")
    assert download(client, name).status_code == 404


def test_files_are_only_read(client, media):
    assert client.post("/media/pictures/a.jpg").status_code == 405
    assert client.delete("/media/pictures/a.jpg").status_code == 405
