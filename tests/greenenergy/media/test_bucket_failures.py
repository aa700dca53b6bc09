"""An object storage that does not answer: no thread waits for it long, and no work is left half done."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from contact.models import ChatFile, Visitor
from contact.privacy import retention
from greenenergy.media import bucket as bucket_storage
from greenenergy.media.errors import StorageUnavailable
from news.models import Article
from tests.factories import make_picture_file

from .buckets import use_bucket


@pytest.fixture
def silent_store():
    """The endpoint of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def short_timeouts(monkeypatch):
    monkeypatch.setattr(bucket_storage, "READ_SECONDS", 0.3)
    monkeypatch.setattr(bucket_storage, "ATTEMPTS", 1)


def seconds_of_a_refusal():
    begin = time.monotonic()
    with pytest.raises(StorageUnavailable):
        default_storage.find("a.jpg")
    return time.monotonic() - begin


def test_a_silent_store_holds_one_request_and_not_every_thread(
    settings, silent_store, short_timeouts, monkeypatch
):
    use_bucket(settings, f"s3://key:S3cret-pw@media?endpoint={silent_store}")
    assert seconds_of_a_refusal() > 0.25
    assert max(seconds_of_a_refusal() for _ in range(50)) < 0.2
    later = time.monotonic() + bucket_storage.RETRY_SECONDS
    monkeypatch.setattr(default_storage.service.breaker, "clock", lambda: later)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(seconds_of_a_refusal) for _ in range(8)]
    assert sum(answer.result() > 0.25 for answer in answers) == 1


def test_a_store_that_is_down_is_a_503_that_says_when_to_retry(client, settings, short_timeouts):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    use_bucket(settings, f"s3://key:S3cret-pw@media?endpoint=http://127.0.0.1:{port}")
    client.raise_request_exception = False
    response = client.get("/media/pictures/a.jpg")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    assert "网站正忙" in response.text


@pytest.mark.django_db
def test_an_import_stops_when_its_pictures_cannot_be_stored(bucket, service_down, tmp_path):
    (tmp_path / "roof.png").write_bytes(make_picture_file().read())
    (tmp_path / "a.html").write_text(
        f"<title>屋顶光伏</title><h1>屋顶光伏</h1><p>{'发电。' * 60}<img src='roof.png'></p>"
    )
    service_down()
    with pytest.raises(CommandError, match="对象存储没有回答"):
        call_command("import_articles", str(tmp_path / "a.html"))
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_person_is_exported_completely_or_not_at_all_and_erased_by_the_purge(
    bucket, chat_file, service_down, tmp_path, monkeypatch
):
    service_down()
    with pytest.raises(CommandError, match="Nothing is written"):
        call_command("personal_data", "export", "13860100641", tmp_path / "person.zip")
    assert not (tmp_path / "person.zip").exists()
    with pytest.raises(CommandError, match="daily purge"):
        call_command("personal_data", "erase", "13860100641", "--yes")
    assert not ChatFile.objects.exists()
    assert not Visitor.objects.exists()
    default_storage.service.breaker.close()
    monkeypatch.setattr(retention, "ORPHAN_AGE", -retention.ORPHAN_AGE)
    assert retention.purge().files == 1
    assert list(bucket.objects.all()) == []


def test_a_store_that_answers_again_is_used_again(bucket, service_down, monkeypatch):
    bucket.Object("media/pictures/a.jpg").put(Body=b"picture")
    service_down()
    with pytest.raises(StorageUnavailable):
        default_storage.find("pictures/a.jpg")
    later = time.monotonic() + bucket_storage.RETRY_SECONDS
    monkeypatch.setattr(default_storage.service.breaker, "clock", lambda: later)
    assert default_storage.find("pictures/a.jpg").size == 7
    assert default_storage.find("pictures/a.jpg").size == 7


def test_a_missing_bucket_is_not_taken_for_a_missing_file(settings, object_store):
    use_bucket(settings, f"s3://key:S3cret-pw@no-such-bucket?endpoint={object_store.endpoint}")
    with pytest.raises(StorageUnavailable, match="NoSuchBucket") as error:
        default_storage.open("a.jpg")
    with pytest.raises(StorageUnavailable):
        default_storage.save("a.jpg", ContentFile(b"x"))
    assert "S3cret" not in str(error.value)
