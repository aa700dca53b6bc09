"""The key of a page: the same from the raw bytes at the door as from Django's request."""

import pytest

from greenenergy.page_cache.key import page_number_in
from greenenergy.page_cache.store import pages


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["12345", "x" * 8000, "-1", "１"])
def test_a_page_with_an_invalid_number_is_rendered_and_not_cached(client, number):
    """The home page ignores the number: each text would be another cached page."""
    assert client.get("/", {"page": number}).status_code == 200
    assert len(pages) == 0
    assert client.get("/", {"page": "2"}).status_code == 200
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (b"", ""),
        (b"page=3", "3"),
        (b"from=%E5%BE%AE%E4%BF%A1&page=3", "3"),
        (b"p%61ge=3", "3"),  # Django would show page 3
        (b"page=3&page=4", "4"),
        (b"page=x", None),
        (b"page=" + b"1" * 5, None),
        (b"page=1" + b"&a" * 20_000, None),  # Django answers 400
    ],
)
def test_the_door_reads_the_page_number_as_django_does(query, number):
    assert page_number_in(query) == number
