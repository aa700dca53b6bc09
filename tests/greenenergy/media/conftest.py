"""The site with its media in a bucket, and a service that fails."""

import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from contact import chat
from contact.chat import files
from contact.models import ChatFile
from tests.factories import make_visitor

from .buckets import use_bucket


@pytest.fixture
def bucket(settings, object_store):
    """An empty bucket that the site uses, as a boto3 one."""
    use_bucket(settings, object_store.make_bucket())
    return default_storage.bucket


@pytest.fixture
def service_down():
    """A function that makes the object storage fail once. A process has one service for each endpoint."""
    breakers = []

    def fail():
        breakers.append(default_storage.service.breaker)
        breakers[-1].open()

    yield fail
    for breaker in breakers:
        breaker.close()


@pytest.fixture
def chat_file():
    """A PDF that a visitor with the phone number 13860100641 has sent."""
    upload = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 secret")
    visitor = make_visitor()
    chat.post_from_visitor(visitor, uuid.uuid4(), "13860100641", file=files.check(upload), ip="192.0.2.1")
    return ChatFile.objects.get()
