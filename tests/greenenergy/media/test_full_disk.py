"""A disk that is full or read-only: nothing of a file is left, and people are told so."""

import errno
import itertools
import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from greenenergy.media.errors import StorageFull
from greenenergy.media.stored_pictures import store_picture
from news.models import Article
from tests.factories import make_picture_file, make_section


@pytest.fixture
def fill_disk(monkeypatch):
    """fill_disk(after): from then on a file can be made, but nothing can be written into it."""

    def fill(after=0):
        count = itertools.count()

        def lock(file, flags):
            if next(count) >= after:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr("django.core.files.storage.filesystem.locks.lock", lock)

    return fill


def files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["default", "private"])
def test_nothing_is_left_of_a_file_that_could_not_be_written(fill_disk, name):
    fill_disk()
    storage = storages[name]
    before = files(storage.location)
    with pytest.raises(StorageFull):
        storage.save("a/b.pdf", ContentFile(b"%PDF-"))
    assert files(storage.location) == before


def test_a_picture_without_its_renditions_goes_as_well(fill_disk):
    before = files(django_settings.MEDIA_ROOT)
    fill_disk(after=2)
    with pytest.raises(StorageFull):
        store_picture(make_picture_file(size=(900, 600)))
    assert files(django_settings.MEDIA_ROOT) == before


@pytest.mark.django_db
def test_the_editor_is_told_of_a_full_disk(admin_client, fill_disk):
    fill_disk()
    response = admin_client.post("/admin/editor-upload/", {"upload": make_picture_file()})
    assert response.status_code == 507
    assert "硬盘满了" in response.json()["error"]["message"]


@pytest.mark.django_db
def test_a_form_with_a_file_is_answered_in_words(admin_client, fill_disk):
    fill_disk()
    admin_client.raise_request_exception = False
    data = {
        "title": "有封面", "section": make_section().pk, "body": "<p>正文</p>", "status": "draft", "initial_views": 0,
        "cover": make_picture_file(), "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0,
    }  # fmt: skip
    response = admin_client.post("/admin/news/article/add/", data)
    assert response.status_code == 507
    assert "硬盘满了" in response.text
    assert not Article.objects.exists()
